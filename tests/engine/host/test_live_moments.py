"""The snapshot that viewers get, from what workers sent."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from loadtui.engine.host.collector import Collector
from loadtui.engine.host.live_moments import LiveMoments
from loadtui.engine.host.live_run import LiveRun
from loadtui.engine.host.timeline import Timeline
from loadtui.plan.model import Plan
from loadtui.samples.delta import ExceptionCount
from loadtui.samples.endpoint_table import MAX_NAME
from loadtui.store.journal import StageBegan
from loadtui.wire.moments import SHOWN_EXCEPTIONS

New = Callable[..., Any]


@pytest.fixture
def moments(collector: Collector) -> LiveMoments:
    """Of a run 30.5 s old."""
    # Their own type would import locust.
    stages: list[Any] = [SimpleNamespace(name=n, total=1, duration_s=20.0) for n in ("L1", "L2")]
    live = LiveRun("run", "/folder", Plan("plan", ("a.py",)), "http://target", stages)
    live.state, live.t0, live.baseline = "running", time.monotonic() - 30.5, "/b/plan.json"
    live.ended_at = live.t0 + 30.5
    return LiveMoments(live, collector, Timeline(collector), lambda: 1)


def test_the_measured_part_of_the_current_stage(
    moments: LiveMoments, collector: Collector, new_worker: New
) -> None:
    worker = new_worker()
    collector.begin_stage(StageBegan("L1", 0, 1, 1.0, 0.0, 20.0))
    collector.fold(worker.send(*[(0, 1, second, 50_000) for second in range(20)]))
    snapshot = moments.snapshot()
    assert snapshot.measured is not None
    assert snapshot.measured.requests == 18
    assert snapshot.endpoints[0].measured == snapshot.measured

    collector.begin_stage(StageBegan("L2", 20, 1, 1.0, 2.0, 20.0))  # measured from 24
    collector.fold(worker.send(*[(0, 1, second, 90_000) for second in range(20, 24)]))
    snapshot = moments.snapshot()
    assert snapshot.endpoints[0].measured is None
    assert snapshot.measured is not None
    assert snapshot.measured.requests == 0

    collector.fold(worker.send(*[(0, 1, second, 200_000) for second in range(24, 30)]))
    snapshot = moments.snapshot()
    [row] = snapshot.endpoints
    assert row.figures.requests == 30
    assert row.measured is not None
    assert row.measured.requests == 6
    assert row.measured.p50_ms == pytest.approx(200, rel=0.004)
    assert row.measured.rps == pytest.approx(6 / 6.5)
    assert snapshot.baseline == "/b/plan.json"


def test_without_a_baseline_nobody_asks_for_it(
    moments: LiveMoments, collector: Collector, new_worker: New
) -> None:
    moments._live.baseline = ""
    collector.begin_stage(StageBegan("L1", 0, 1, 1.0, 0.0, 40.0))
    collector.fold(new_worker().send(*[(0, 1, second, 50_000) for second in range(20)]))
    snapshot = moments.snapshot()
    assert snapshot.measured is None
    assert snapshot.endpoints[0].measured is None


def test_before_the_first_stage_nothing_is_measured(moments: LiveMoments) -> None:
    snapshot = moments.snapshot()
    assert snapshot.measured is None
    assert snapshot.metrics == []


def test_the_exceptions_seen_last_with_their_tracebacks(
    moments: LiveMoments, collector: Collector, new_worker: New
) -> None:
    many = [
        ExceptionCount(f"boom {n}", "line 1", 2, float(n), n + 0.5)
        for n in range(SHOWN_EXCEPTIONS + 3)
    ]
    collector.fold(new_worker().send(exceptions=many))
    rows = moments.snapshot().exception_rows
    assert len(rows) == SHOWN_EXCEPTIONS
    newest = rows[0]
    assert (newest.message, newest.traceback, newest.count) == ("boom 12", "line 1", 2)
    assert (newest.first, newest.last) == (12.0, 12.5)


def test_names_of_many_endpoints_are_cut_to_what_a_viewer_can_take(
    moments: LiveMoments, collector: Collector, new_worker: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loadtui.wire.moments.MAX_NAMES", 20 * MAX_NAME)
    collector.begin_stage(StageBegan("L1", 0, 1, 1.0, 0.0, 40.0))
    worker = new_worker()

    def add(numbers: range, name: str) -> set[int]:
        new = [(number, "GET", f"{number}{name}"[:MAX_NAME]) for number in numbers]
        requests = [(number, 1, 0, 1_000) for number in numbers]
        collector.fold(worker.send(*requests, endpoints=new))
        return {len(row.name) for row in moments.snapshot().endpoints}

    assert add(range(10), "x" * MAX_NAME) == {MAX_NAME}
    assert add(range(10, 15), "/short") == {MAX_NAME, len("10/short")}
    assert add(range(15, 40), "x" * MAX_NAME) == {250, len("10/short")}
    assert moments.snapshot().endpoints[0].name.endswith("x…")
