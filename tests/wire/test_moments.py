"""One recorded run, shown by Live's path and by Replay's: both find the same moments.

The host notes requests by the second in which it heard of them, the tables by the second in which
they started; here both are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from loadtui.engine.host.collector import Collector
from loadtui.engine.host.live_moments import LiveMoments
from loadtui.engine.host.live_run import LiveRun
from loadtui.engine.host.timeline import Timeline
from loadtui.plan.model import Plan, Threshold
from loadtui.samples.bins import bin_of
from loadtui.samples.delta import (
    CounterAdd,
    ErrorCount,
    ExceptionCount,
    RateAdd,
    TrendAdd,
    TrendInfo,
    WorkerHealth,
)
from loadtui.store.final_files import write_final_files
from loadtui.store.journal import MARK_FRAME, JournalWriter, StageBegan
from loadtui.store.load_tallies import load_tallies
from loadtui.store.manifest import Mark, WorkerRecord
from loadtui.store.manifest_file import write_manifest
from loadtui.store.run_files import JOURNAL
from loadtui.store.stored_run import Run
from loadtui.tui.project import replay_points
from loadtui.tui.project.replay_moments import ReplayMoments
from loadtui.tui.widgets.status_line import StatusLine
from loadtui.verdict.run_judgement import judge_run
from loadtui.verdict.validity import run_seconds
from loadtui.wire.chart_steps import CAPACITY, ChartSteps
from loadtui.wire.messages import Point, Snapshot
from tests.support.run_writer import RunWriter
from tests.support.worker_deltas import Worker

STAGES = (("L1", 0, 20, 2), ("L2", 20, 40, 6))
LENGTH = 40
MARK_AT = 13
SECONDS = (1, 7, 20, 33)
"""Moments in the middle of the run; its end is looked at by itself."""
PLAN = Plan(
    "plan",
    ("a.py",),
    host="http://target",
    thresholds=(Threshold("p95 < 1s"), Threshold("ttft.p95 < 200ms", stage="L1")),
)

DIFFERENT = {
    "state": "a replay says that it is one",
    "point": "the newest second for a viewer's chart, which a replay has as a whole",
    "baseline": "of a replay read beside the moment, when the verdict names one",
    "bad_seconds": "of a replay those of the whole run, which it has been judged by",
    "measured_seconds": "as bad_seconds",
    "workers": "users and requests in flight of a single worker are not stored",
}
"""What a moment of a replay has that is not Live's, and why."""
DIFFERENT_AT_THE_END = {
    "ended_because": "the host learns it as the run ends",
    "exit_code": "of a run that is over",
    "verdict": "of a run that is over",
    "thresholds": "judged for good at the end",
}
"""And what only the end of the run brings."""


@dataclass
class Recorded:
    """The live side of the run, moment by moment, and its folder now that it is over."""

    folder: Path
    live: dict[int, Snapshot] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)


def requests_of(second: int) -> Iterator[tuple[int, int, int, int]]:
    """(endpoint, ok, second, microseconds); all of them are over within their second."""
    for number in range(20 + second):
        yield number % 2, int(number % 7 != 0), second, 1000 * (5 + (number * 37 + second) % 300)


def fields_of(second: int) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "counters": [CounterAdd("violations", "", second, second % 3)],
        "rates": [RateAdd("timeouts", "POST /chat", second, 1, 4)],
        "trends": [
            TrendAdd("ttft", "POST /chat", second, bin_of(1000 * (80 + second)), 3),
            TrendAdd("ttft", "GET /", second, bin_of(1000 * 20), 1),
            TrendAdd("quality", "", second, bin_of(500), 2),
        ],
        "trend_infos": [TrendInfo("ttft", "ms", "lower"), TrendInfo("quality", "", "higher")],
    }
    # Every kind is seen in one second only: when each of a kind came is not stored.
    if second % 5 == 0:
        name = f"503 no {second}"
        fields["errors"] = [ErrorCount("POST", "/chat", name, 2, second + 0.1, second + 0.9)]
        text = f"ValueError: {second}"
        fields["exceptions"] = [ExceptionCount(text, "line 1", 3, second + 0.2, second + 0.4)]
    return fields


def record(folder: Path, workers: list[Worker], *, capacity: int = CAPACITY) -> Recorded:
    """Make the run as a host does, with a snapshot at each of SECONDS and at its end."""
    recorded = Recorded(folder)
    folder.mkdir(parents=True)
    collector = Collector(JournalWriter(folder / JOURNAL))
    timeline = Timeline(collector)
    timeline.chart_steps = ChartSteps(capacity)
    stages: list[Any] = [
        SimpleNamespace(name=name, total=users, duration_s=float(end - start))
        for name, start, end, users in STAGES
    ]
    live = LiveRun(folder.name, str(folder), PLAN, "http://target", stages)
    live.state, live.t0, live.baseline = "running", 1000.0, "/b/plan.json"
    live.pids = {worker.index: 100 + worker.index for worker in workers}
    moments = LiveMoments(live, collector, timeline, lambda: STAGES[len(collector.stages) - 1][3])
    for second in range(LENGTH):
        for name, start, end, users in STAGES:
            if second == start:
                began = StageBegan(name, start, users, 2.0, 1.0, float(end - start))
                collector.begin_stage(began)
        if second == MARK_AT:
            live.marks.append(Mark(second - 0.5, "note", "deployed"))
            collector.write(MARK_FRAME, msgspec.msgpack.encode(live.marks[-1]))
        if second in SECONDS:
            live.ended_at = live.t0 + second
            recorded.live[second] = moments.snapshot()
        for worker in workers:
            health = WorkerHealth(
                second, 0.25, 0.0078125, 0.5, STAGES[second // 20][3] // 2, worker.index
            )
            fields = fields_of(second) if worker.index else {}
            final = second == LENGTH - 1
            sent = worker.send(*requests_of(second), health=[health], final=final, **fields)
            collector.fold(sent)
        timeline.tick(second, second // 20, STAGES[second // 20][3], [0, 1])
    live.state, live.ended_at = "finished", live.t0 + LENGTH
    recorded.live[LENGTH] = moments.snapshot()
    timeline.finish()
    recorded.points = timeline.chart_steps.points()
    _store(folder, live.pids)
    return recorded


def _store(folder: Path, pids: dict[int, int]) -> None:
    manifest = RunWriter(folder).manifest(
        "finished",
        plan=PLAN,
        duration_s=float(LENGTH),
        ended_because="all stages are done",
        workers=[WorkerRecord(index, pid, "here") for index, pid in pids.items()],
    )
    run = Run(folder, write_final_files(folder, manifest, end_second=LENGTH))
    judged = judge_run(run.manifest, load_tallies(run), run_seconds(run.timeline()))
    write_manifest(folder, judged)


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    return record(tmp_path / "20261123-101502-plan-3f2a", [Worker(0), Worker(1)])


def replayed(recorded: Recorded) -> ReplayMoments:
    return ReplayMoments(Run.open(recorded.folder), recorded.folder.parent)


def fields_in_both(snapshot: Snapshot, *, over: bool) -> dict[str, Any]:
    different = {*DIFFERENT, *(DIFFERENT_AT_THE_END if over else ())}
    fields = msgspec.structs.asdict(snapshot)
    return {name: value for name, value in fields.items() if name not in different}


def test_moments_in_the_middle_are_the_same(recorded: Recorded) -> None:
    replay = replayed(recorded)
    for second in SECONDS:
        live, stored = recorded.live[second], replay.moment(second).snapshot
        assert fields_in_both(live, over=False) == fields_in_both(stored, over=False), second
        assert (live.state, stored.state) == ("running", "replay")


def test_the_first_line_of_a_replay_says_that_it_is_one(recorded: Recorded) -> None:
    line = StatusLine()
    replay = replayed(recorded)
    for second, state in ((SECONDS[0], "REPLAY"), (LENGTH, "FINISHED")):
        line.show(replay.moment(second).snapshot)
        [spans] = line.draw(120, 1)
        assert state in "".join(text for text, _ in spans)


def test_the_moment_at_the_end_is_the_same(recorded: Recorded) -> None:
    live, stored = recorded.live[LENGTH], replayed(recorded).moment(LENGTH).snapshot
    assert fields_in_both(live, over=True) == fields_in_both(stored, over=True)
    assert live.state == stored.state == "finished"
    assert [row.status for row in stored.thresholds] == [row.status for row in live.thresholds]


def test_what_is_compared_is_there(recorded: Recorded) -> None:
    """So that two empty moments cannot agree."""
    stored = replayed(recorded).moment(33).snapshot
    assert (stored.stage, stored.now.requests) == (1, 950)
    assert {(row.kind, row.endpoint) for row in stored.metrics} == {
        ("counter", None), ("rate", None), ("rate", "POST /chat"), ("trend", None),
        ("trend", "POST /chat"), ("trend", "GET /"),
    }  # fmt: skip
    assert stored.metrics[0].measured is not None
    assert all(row.measured is not None for row in stored.endpoints)
    assert [row.message for row in stored.errors][:2] == ["503 no 30", "503 no 25"]
    assert stored.last_exception == "ValueError: 30"
    assert (stored.exceptions, stored.exception_rows[0].traceback) == (21, "line 1")
    assert [mark.text for mark in stored.marks] == ["deployed"]
    assert {row.status for row in stored.thresholds} == {"pass"}


def test_workers_are_the_same_but_for_what_is_not_stored(recorded: Recorded) -> None:
    replay = replayed(recorded)
    for second in (7, 33, LENGTH):
        live, stored = recorded.live[second].workers, replay.moment(second).snapshot.workers
        assert [msgspec.structs.replace(row, users=0, in_flight=0) for row in live] == stored


def test_the_charts_have_the_same_points(recorded: Recorded) -> None:
    points = replayed(recorded).moment(7).points
    assert list(points) == recorded.points
    assert points[5].trends["ttft"].count == 4
    assert set(points[5].trends) == {"ttft", "quality"}


def test_the_charts_of_a_long_run_have_the_same_points(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay_points, "MOST_POINTS", 12)
    recorded = record(tmp_path / "run", [Worker(0), Worker(1)], capacity=12)
    points = replayed(recorded).moment(7).points
    assert list(points) == recorded.points
    assert [point.span for point in points] == [4] * 10
