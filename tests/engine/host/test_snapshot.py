"""The snapshot that viewers get, from what workers sent."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from loadtui.engine.host.collector import Collector
from loadtui.engine.host.snapshot import SHOWN_EXCEPTIONS, LiveRun, SnapshotBuilder
from loadtui.engine.host.timeline import Timeline
from loadtui.plan.model import Plan
from loadtui.samples.delta import ExceptionCount
from loadtui.store.journal import StageBegan

New = Callable[..., Any]


@pytest.fixture
def builder(collector: Collector) -> SnapshotBuilder:
    """Of a run 30.5 s old."""
    # Their own type would import locust.
    stages: list[Any] = [SimpleNamespace(name=n, total=1, duration_s=20.0) for n in ("L1", "L2")]
    live = LiveRun("run", "/folder", Plan("plan", ("a.py",)), "http://target", stages)
    live.state, live.t0, live.baseline = "running", time.monotonic() - 30.5, "/b/plan.json"
    live.ended_at = live.t0 + 30.5
    return SnapshotBuilder(live, collector, Timeline(collector))


def test_the_measured_part_of_the_current_stage(
    builder: SnapshotBuilder, collector: Collector, new_worker: New
) -> None:
    worker = new_worker()
    collector.begin_stage(StageBegan("L1", 0, 1, 1.0, 0.0, 20.0))
    collector.fold(worker.send(*[(0, 1, second, 50_000) for second in range(20)]))
    snapshot = builder.build()
    assert snapshot.measured is not None
    assert snapshot.measured.requests == 18
    assert snapshot.endpoints[0].measured == snapshot.measured

    collector.begin_stage(StageBegan("L2", 20, 1, 1.0, 2.0, 20.0))  # measured from 24
    collector.fold(worker.send(*[(0, 1, second, 90_000) for second in range(20, 24)]))
    snapshot = builder.build()
    assert snapshot.endpoints[0].measured is None
    assert snapshot.measured is not None
    assert snapshot.measured.requests == 0

    collector.fold(worker.send(*[(0, 1, second, 200_000) for second in range(24, 30)]))
    snapshot = builder.build()
    [row] = snapshot.endpoints
    assert row.figures.requests == 30
    assert row.measured is not None
    assert row.measured.requests == 6
    assert row.measured.p50_ms == pytest.approx(200, rel=0.004)
    assert row.measured.rps == pytest.approx(6 / 6.5)
    assert snapshot.baseline == "/b/plan.json"


def test_without_a_baseline_nobody_asks_for_it(
    builder: SnapshotBuilder, collector: Collector, new_worker: New
) -> None:
    builder._live.baseline = ""
    collector.begin_stage(StageBegan("L1", 0, 1, 1.0, 0.0, 40.0))
    collector.fold(new_worker().send(*[(0, 1, second, 50_000) for second in range(20)]))
    snapshot = builder.build()
    assert snapshot.measured is None
    assert snapshot.endpoints[0].measured is None


def test_before_the_first_stage_nothing_is_measured(builder: SnapshotBuilder) -> None:
    snapshot = builder.build()
    assert snapshot.measured is None
    assert snapshot.metrics == []


def test_the_exceptions_seen_last_with_their_tracebacks(
    builder: SnapshotBuilder, collector: Collector, new_worker: New
) -> None:
    many = [
        ExceptionCount(f"boom {n}", "line 1", 2, float(n), n + 0.5)
        for n in range(SHOWN_EXCEPTIONS + 3)
    ]
    collector.fold(new_worker().send(exceptions=many))
    rows = builder.build().exception_rows
    assert len(rows) == SHOWN_EXCEPTIONS
    newest = rows[0]
    assert (newest.message, newest.traceback, newest.count) == ("boom 12", "line 1", 2)
    assert (newest.first, newest.last) == (12.0, 12.5)
