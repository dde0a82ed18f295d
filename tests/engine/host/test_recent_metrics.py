"""Custom metrics as viewers get them while a run goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from loadtui.engine.host.collector import Collector
from loadtui.engine.host.recent_metrics import MOST_TRENDS, MetricId, Observations, metric_rows
from loadtui.engine.host.timeline import NOW_S, Timeline
from loadtui.samples.bins import bin_of
from loadtui.samples.delta import CounterAdd, RateAdd, TrendAdd, TrendInfo
from loadtui.store.journal import StageBegan

New = Callable[..., Any]
CHAT, MODELS = "POST /chat", "GET /models"


def ttft(second: int, ms: float, endpoint: str = CHAT, count: int = 1) -> TrendAdd:
    return TrendAdd("ttft", endpoint, second, bin_of(round(1000 * ms)), count)


@pytest.fixture
def told(collector: Collector, new_worker: New) -> Timeline:
    """40 seconds, 12 of them of a stage whose measured part begins at 23."""
    timeline = Timeline(collector)
    worker = new_worker()
    info = [TrendInfo("ttft", "ms", "lower")]
    collector.begin_stage(StageBegan("L1", 0, 1, 1.0, 0.0, 20.0))
    for second in range(32):
        if second == 20:
            collector.begin_stage(StageBegan("L2", 20, 1, 1.0, 1.0, 20.0))  # measured from 23
        collector.fold(
            worker.send(
                trends=[ttft(second, 100.0 if second < 20 else 300.0), ttft(second, 10.0, MODELS)],
                rates=[RateAdd("timeouts", "", second, 1, 4)],
                counters=[CounterAdd("violations", "", second, 2 if second == 21 else 0)],
                trend_infos=info,
            )
        )
        timeline.tick(second, 0 if second < 20 else 1, 1, [])
    return timeline


def rows_of(collector: Collector, timeline: Timeline, *, measuring: bool = True) -> dict[Any, Any]:
    rows = metric_rows(collector.metrics, timeline.metrics_now(), collector.tallies, 1, measuring)
    return {(row.name, row.endpoint): row for row in rows}


def test_rows_for_all_endpoints_and_for_each(collector: Collector, told: Timeline) -> None:
    rows = rows_of(collector, told)
    assert list(rows) == [
        ("violations", None), ("timeouts", None), ("ttft", None), ("ttft", CHAT), ("ttft", MODELS),
    ]  # fmt: skip
    chat, together = rows["ttft", CHAT], rows["ttft", None]
    assert (chat.kind, chat.unit, chat.better) == ("trend", "ms", "lower")
    assert (chat.whole.count, together.whole.count) == (32, 64)
    assert chat.whole.p50 == pytest.approx(100, rel=0.004)
    assert together.whole.p50 == pytest.approx(10, rel=0.004)
    assert together.whole.p95 == pytest.approx(300, rel=0.004)


def test_now_is_the_last_seconds(collector: Collector, told: Timeline) -> None:
    rows = rows_of(collector, told)
    assert rows["ttft", CHAT].now.count == NOW_S
    assert rows["ttft", CHAT].now.p50 == pytest.approx(300, rel=0.004)
    assert rows["timeouts", None].now.count == 4 * NOW_S
    assert rows["violations", None].now.count == 0


def test_the_stage_so_far_is_its_measured_part_and_all_of_it_for_counters(
    collector: Collector, told: Timeline
) -> None:
    rows = rows_of(collector, told)
    assert rows["ttft", CHAT].measured.count == 9
    assert rows["timeouts", None].measured.rate == 0.25
    assert rows["violations", None].measured.count == 2
    assert all(row.measured is None for row in rows_of(collector, told, measuring=False).values())


def test_points_have_the_trends_over_all_endpoints(collector: Collector, told: Timeline) -> None:
    assert told.point is not None
    trend = told.point.trends["ttft"]
    assert trend.count == 2
    assert trend.p50 == pytest.approx(10, rel=0.004)
    assert trend.p95 == pytest.approx(300, rel=0.004)
    assert [p.trends["ttft"].count for p in told.history.points()] == [2] * 32


def test_the_history_merges_trends(collector: Collector, told: Timeline) -> None:
    told.history._capacity = 4
    told.history._coarsen()
    counts = [p.trends["ttft"].count for p in told.history.points()]
    assert sum(counts) == 64
    assert len(counts) == 16


def test_the_charts_have_a_bounded_number_of_trends() -> None:
    observed = Observations()
    for number in range(MOST_TRENDS + 3):
        observed.add(MetricId("trend", f"t{number}", ""), 1, bin_=1)
    observed.add(MetricId("trend", "t0", CHAT), 1, bin_=1)
    trends = observed.trends()
    assert list(trends) == [f"t{number}" for number in range(MOST_TRENDS)]
    assert trends["t0"].count == 2
