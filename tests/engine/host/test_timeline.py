from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from loadtui.engine.host.collector import Collector
from loadtui.engine.host.timeline import HEALTH_LATE_S, STARVED, Timeline
from loadtui.samples.delta import WorkerHealth
from loadtui.store import journal
from loadtui.store.journal import StageBegan, TimelineRow, WorkerSecond
from loadtui.wire.chart_steps import ChartSteps
from loadtui.wire.moments import NOW_S

New = Callable[..., Any]
Rows = Callable[[], list[TimelineRow]]


@pytest.fixture
def rows(journal_of: Callable[[bytes], list[bytes]]) -> Rows:
    decoder = msgspec.msgpack.Decoder(TimelineRow)
    return lambda: [decoder.decode(body) for body in journal_of(journal.SECOND_FRAME)]


def well(second: int, **changes: Any) -> WorkerHealth:
    return WorkerHealth(second, 0.5, 0.0, 0.1, 3, 2)._replace(**changes)


def test_a_second_is_written_when_every_worker_had_time_to_report(
    collector: Collector, new_worker: New, rows: Rows
) -> None:
    one, two = new_worker(0), new_worker(1)
    timeline = Timeline(collector)
    collector.fold(one.send((0, 1, 0, 1000), (0, 0, 0, 1000), health=[well(0)]))
    timeline.tick(0, 0, 6, [0, 1])
    collector.fold(two.send(health=[well(0, users=4)]))
    timeline.tick(1, 0, 7, [0, 1])
    assert rows() == []
    timeline.tick(HEALTH_LATE_S, 0, 7, [0, 1])
    (row,) = rows()
    assert row == TimelineRow(
        0, 0, 7, 2, 1, 4, [WorkerSecond(0, 0.5, 0.0, 0.1), WorkerSecond(1, 0.5, 0.0, 0.1)]
    )


def test_a_worker_that_is_too_late_was_starved(
    collector: Collector, new_worker: New, rows: Rows
) -> None:
    worker = new_worker()
    timeline = Timeline(collector)
    collector.fold(worker.send(health=[well(0)]))
    for second in range(4):
        timeline.tick(second, 0, 3, [0])
    collector.fold(worker.send(health=[well(1), well(2), well(3)]))
    timeline.finish()
    assert [row.workers for row in rows()] == [
        [WorkerSecond(0, 0.5, 0.0, 0.1)],
        [WorkerSecond(0, *STARVED)],
        [WorkerSecond(0, 0.5, 0.0, 0.1)],
        [WorkerSecond(0, 0.5, 0.0, 0.1)],
    ]
    assert (timeline.bad_overall.bad, timeline.bad_overall.seconds) == (1, 4)
    assert collector.workers[0].health_by_second == {}


def test_a_worker_that_was_never_heard_of_was_starved_too(
    collector: Collector, new_worker: New, rows: Rows
) -> None:
    timeline = Timeline(collector)
    collector.fold(new_worker(1).send(health=[well(0)]))
    timeline.tick(0, 0, 3, [0, 1])
    timeline.finish()
    assert rows()[0].workers == [WorkerSecond(0, *STARVED), WorkerSecond(1, 0.5, 0.0, 0.1)]


def test_nobody_waits_for_a_worker_that_is_gone(
    collector: Collector, new_worker: New, rows: Rows
) -> None:
    timeline = Timeline(collector)
    collector.fold(new_worker().send(health=[well(0)]))
    timeline.tick(0, 0, 3, [0])
    timeline.tick(1, 0, 0, [])
    timeline.finish()
    assert [len(row.workers) for row in rows()] == [1, 0]
    assert timeline.bad_overall.bad == 0


def test_bad_seconds_of_the_measured_part_count_apart(
    collector: Collector, new_worker: New
) -> None:
    collector.begin_stage(StageBegan("run", 0, 1, 1.0, 0.0, 30.0))  # measured from second 3
    worker = new_worker()
    timeline = Timeline(collector)
    for second in range(6):
        busy = well(second, cpu=0.97 if second in (1, 4) else 0.5)
        collector.fold(worker.send(health=[busy]))
        timeline.tick(second, 0, 3, [0])
    timeline.finish()
    assert (timeline.bad_overall.bad, timeline.bad_overall.seconds) == (2, 6)
    assert (timeline.bad.bad, timeline.bad.seconds) == (1, 3)


def test_lag_is_held_against_the_stages_median(collector: Collector, new_worker: New) -> None:
    """8 ms of lag are too much beside answers of 10 ms, not beside answers of 500 ms."""
    for us, bad in ((10_000, 1), (500_000, 0)):
        timeline = Timeline(collector)
        collector.begin_stage(StageBegan("run", us, 1, 1.0, 0.0, 30.0))
        stage = len(collector.stages) - 1
        worker = new_worker(us // 100)
        collector.fold(worker.send(*[(0, 1, us, us)] * 9, health=[well(us, lag_ms=8.0)]))
        timeline.tick(us, stage, 1, [])
        timeline.finish()
        assert timeline.bad_overall.bad == bad


def test_now_is_the_last_seconds(collector: Collector, new_worker: New) -> None:
    worker = new_worker()
    timeline = Timeline(collector)
    now = timeline.recent()
    assert (now.total.requests, now.seconds, now.requests) == (0, 1, {})
    for second in range(NOW_S + 5):
        collector.fold(worker.send(*[(second % 2, 1, second, 1000)] * (second + 1)))
        timeline.tick(second, 0, 1, [])
        if second == 1:
            now = timeline.recent()
            assert (now.total.requests, now.seconds) == (3, 2)
            assert now.requests == {0: 1, 1: 2}
    now = timeline.recent()
    assert (now.total.requests, now.seconds) == (sum(range(6, 16)), NOW_S)
    assert sum(now.requests.values()) == now.total.requests


def test_points_and_the_most_users(collector: Collector, new_worker: New) -> None:
    timeline = Timeline(collector)
    collector.fold(new_worker().send((0, 1, 0, 1000)))
    for second, users in enumerate((3, 9, 4)):
        timeline.tick(second, 0, users, [])
    assert timeline.users_max == 9
    assert timeline.point is not None
    assert (timeline.point.second, timeline.point.users, timeline.point.rps) == (2, 4, 0.0)
    assert [p.rps for p in timeline.chart_steps.points()] == [1.0, 0.0, 0.0]


def test_what_the_history_merges_is_its_own(collector: Collector, new_worker: New) -> None:
    worker = new_worker()
    timeline = Timeline(collector)
    timeline.chart_steps = ChartSteps(capacity=1)
    for second in range(4):
        collector.fold(worker.send((0, 1, second, 1000)))
        timeline.tick(second, 0, 1, [])
    assert [p.span for p in timeline.chart_steps.points()] == [4]
    assert timeline.recent().total.requests == 4


def test_what_completes_after_the_end_is_noted_and_not_drawn(
    collector: Collector, new_worker: New, rows: Rows
) -> None:
    worker = new_worker()
    timeline = Timeline(collector)
    collector.fold(worker.send((0, 1, 0, 1000), health=[well(0)]))
    timeline.tick(0, 0, 3, [0])
    timeline.end(1)
    collector.fold(worker.send((0, 1, 0, 900_000), (0, 1, 0, 900_000), health=[well(1)]))
    timeline.tick(1, 0, 1, [0])
    timeline.finish()
    assert [row.completed for row in rows()] == [1, 2]
    assert [point.rps for point in timeline.chart_steps.points()] == [1.0]
    assert timeline.point is not None
    assert timeline.point.second == 0
    assert timeline.recent().total.requests == 1
