"""What deltas say of a run, read one after the other."""

from __future__ import annotations

from typing import Any

import pytest

from loadtui.samples.delta import (
    CounterAdd,
    Delta,
    ErrorCount,
    ExceptionCount,
    RateAdd,
    TrendAdd,
    TrendInfo,
    WorkerHealth,
)
from loadtui.samples.delta_fold import AHEAD_S, DeltaFold, FoldedRows
from loadtui.samples.tallies import MetricInfo


@pytest.fixture
def fold() -> DeltaFold:
    return DeltaFold()


def take(fold: DeltaFold, worker: int = 0, seq: int = 1, **fields: Any) -> FoldedRows:
    rows = fold.fold(Delta(worker, seq, fields.pop("total", 0), **fields))
    assert rows is not None
    return rows


def test_rows_have_the_numbers_of_the_run_and_seconds_from_0_on(fold: DeltaFold) -> None:
    take(fold, 0, endpoints=[(0, "GET", "/a")])
    cells, windows = [0, 1, -2, 9, 1], [1, 1, 3, 1, 9, 9, 9, 0]
    delta = Delta(1, 1, 1, endpoints=[(0, "GET", "/b"), (1, "GET", "/a")])
    delta.cells, delta.windows = cells, windows
    rows = fold.fold(delta)
    assert rows is not None
    assert rows.cells == [1, 1, 0, 9, 1]
    assert rows.windows == [0, 1, 3, 1, 9, 9, 9, 0]
    assert (delta.cells, delta.windows) == ([0, 1, -2, 9, 1], [1, 1, 3, 1, 9, 9, 9, 0])
    assert fold.endpoints.entries == [("GET", "/a"), ("GET", "/b")]


def test_a_delta_that_came_before_is_left_out(fold: DeltaFold) -> None:
    error = ErrorCount("GET", "/", "no", 1, 1.0, 1.0)
    take(fold, seq=2, errors=[error])
    assert fold.fold(Delta(0, 2, 0, errors=[error])) is None
    assert fold.fold(Delta(0, 1, 0, errors=[error])) is None
    assert fold.errors.total() == 1
    assert fold.workers[0].lost_deltas == 1


def test_what_is_known_of_a_worker(fold: DeltaFold) -> None:
    health = [WorkerHealth(second, 0.5, 0.0, 0.1, 3, 2) for second in (4, 5)]
    take(fold, windows=[0, 1, 0, 3, 9, 3, 3, 0], total=5, health=health, unfinished=2)
    take(fold, seq=4, total=5, unfinished=1, final=True)
    worker = fold.workers[0]
    assert (worker.recorded, worker.announced, worker.lost_requests) == (3, 5, 2)
    assert (worker.lost_deltas, worker.unfinished, worker.final) == (2, 1, True)
    assert worker.health == health[1]
    assert worker.health_by_second == {4: health[0], 5: health[1]}


def test_failures_and_exceptions_by_kind(fold: DeltaFold) -> None:
    raised = ExceptionCount("boom", "line 1", 2, 3.0, 4.0)
    failed = ErrorCount("GET", "/", "no", 1, 5.0, 6.0)
    take(fold, errors=[failed], errors_dropped=7, exceptions=[raised])
    assert [kind for kind, _ in fold.errors.by_count()] == [("GET", "/", "no")]
    assert (fold.errors.others, fold.errors.total()) == (7, 8)
    assert [kind for kind, _ in fold.exceptions.by_count()] == [("boom", "line 1")]


def test_a_trend_means_what_was_announced_first(fold: DeltaFold) -> None:
    take(fold, 0, trend_infos=[TrendInfo("ttft", "ms", "lower")])
    take(fold, 1, trend_infos=[TrendInfo("ttft", "s", "higher")])
    assert fold.metric_infos == {"ttft": MetricInfo("ms", "lower")}


def test_observations_of_custom_metrics(fold: DeltaFold) -> None:
    rows = take(
        fold,
        counters=[CounterAdd("c", "", -1, 4)],
        rates=[RateAdd("r", "/a", 2, 1, 3)],
        trends=[TrendAdd("t", "", 3, 9000, 5, 36.0, 7.0, 8.0)],
    )
    assert rows.observations == [
        ("counter", "c", "", 0, 4, 0, None, None),
        ("rate", "r", "/a", 2, 3, 1, None, None),
        ("trend", "t", "", 3, 5, 0, 9000, (36.0, 7.0, 8.0)),
    ]


def health(second: int) -> WorkerHealth:
    return WorkerHealth(second, 0.5, 0.0, 0.1, 3, 2)


def test_a_second_that_cannot_be_yet_is_the_newest_that_can(fold: DeltaFold) -> None:
    """As recorded from a start in milliseconds."""
    odd, fine = 1_790_000_000_000, 7
    rows = take(
        fold,
        cells=[0, 1, odd, 9, 1, 0, 1, fine, 9, 1],
        windows=[0, 1, odd, 1, 9, 9, 9, 0, 0, 1, fine + AHEAD_S, 1, 9, 9, 9, 0],
        counters=[CounterAdd("c", "", odd, 1)],
        health=[health(6), health(fine)],
    )
    assert rows.cells[2::5] == [fine, fine]
    assert rows.windows[2::8] == [fine, fine + AHEAD_S]
    assert rows.observations[0].second == fine + AHEAD_S
    assert fold.fold(Delta(0, 2, 0, cells=[0, 1, fine, 9, 1])) is not None


def test_nor_is_it_taken_where_no_worker_has_said_anything_of_itself(fold: DeltaFold) -> None:
    assert take(fold, cells=[0, 1, 10**9, 9, 1]).cells[2] == 0
    assert take(fold, seq=2, cells=[0, 1, 10**6, 9, 1]).cells[2] == 10**6


def test_a_trend_s_bins_of_an_earlier_version_are_read_as_their_middle(fold: DeltaFold) -> None:
    rows = take(fold, trends=[TrendAdd("t", "", 3, 99, 5), TrendAdd("t", "", 3, 0, 2)])
    assert [row.values for row in rows.observations] == [(0.495, 0.099, 0.099), (0.0, 0.0, 0.0)]


def test_amounts_end_where_tables_do(fold: DeltaFold) -> None:
    """However many workers count, and with either sign: no sum of some of them is beyond 2**63."""
    amounts = [2**62, -(2**62), 2**62, 5]
    rows = take(fold, counters=[CounterAdd("c", "/a", 0, amount) for amount in amounts])
    assert [row.count for row in rows.observations] == [2**62, -(2**62) + 1, 0, 0]
    [(text, count)] = fold.remarks.by_text.items()
    assert "'c'" in text
    assert count == 3
