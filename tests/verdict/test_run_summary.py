"""Summaries add up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.samples.bins import bin_of
from loadtui.samples.tallies import MetricInfo, MetricKey, Tallies
from loadtui.store.manifest import Endpoint, StageSpan
from loadtui.verdict.run_summary import summarise

ENDPOINTS = [Endpoint("POST", "/chat"), Endpoint("GET", "/models")]
Add = Callable[..., None]
Span = Callable[..., StageSpan]


def test_totals_stages_and_endpoints(add: Add, span: Span) -> None:
    tallies = Tallies()
    add(tallies, 0, 0, [100.0] * 5, measured=False, size=10)
    add(tallies, 0, 0, [100.0] * 15, failed=3, size=10)
    add(tallies, 1, 0, [200.0] * 40, size=10)
    add(tallies, 1, 1, [4.0] * 10, failed=10)
    summary = summarise([span("L1", 0, 10, 2), span("L2", 10, 30, 15)], ENDPOINTS, tallies)

    assert summary.totals.whole.requests == 70
    assert summary.totals.whole.failures == 13
    assert summary.totals.whole.rps == pytest.approx(70 / 30)
    assert summary.totals.whole.bytes == 600
    assert summary.totals.measured.requests == 65
    assert summary.totals.measured.rps == pytest.approx(65 / 23)

    first, second = summary.stages
    assert (first.span.name, first.users, first.seconds, first.measured_seconds) == (
        "L1",
        10,
        10,
        8,
    )
    assert first.figures.whole.requests + second.figures.whole.requests == 70
    assert first.figures.measured.rps == pytest.approx(15 / 8)
    assert first.figures.measured.error_rate == pytest.approx(3 / 15)
    assert second.figures.whole.p50_ms == pytest.approx(200, rel=0.004)

    rows = [
        (row.endpoint.label, row.stage, row.figures.whole.requests) for row in summary.endpoints
    ]
    assert rows == [
        ("GET /models", None, 10),
        ("GET /models", "L2", 10),
        ("POST /chat", None, 60),
        ("POST /chat", "L1", 20),
        ("POST /chat", "L2", 40),
    ]


def test_per_class_users_are_added() -> None:
    stage = StageSpan("L1", 0, 10, {"A": 8, "B": 2}, 1.0, 0, 10)
    assert summarise([stage], [], Tallies()).stages[0].users == 10


def test_nothing_measured_has_no_latency(add: Add, span: Span) -> None:
    tallies = Tallies()
    add(tallies, 0, 0, [5.0], measured=False)
    summary = summarise([span("L1", 0, 1)], ENDPOINTS, tallies)
    assert summary.totals.measured.requests == 0
    assert summary.totals.measured.rps == 0
    assert summary.totals.measured.p95_ms is None
    assert summary.endpoints[0].figures.measured.p95_ms is None


def test_no_stage_uses_the_duration(add: Add) -> None:
    tallies = Tallies()
    add(tallies, 0, 0, [5.0] * 8, measured=False)
    summary = summarise([], ENDPOINTS, tallies, duration_s=4.0)
    assert summary.totals.whole.rps == 2.0
    assert [row.stage for row in summary.endpoints] == [None]


def test_metrics(span: Span) -> None:
    tallies = Tallies()
    tallies.metric_infos["ttft"] = MetricInfo("ms")
    for measured, value in [(False, 10.0), (True, 20.0), (True, 40.0)]:
        key = MetricKey("trend", "ttft", "POST /chat", 0)
        tallies.add_metric(key, measured, 1, bin_=bin_of(round(value * 1000)))
    tallies.add_metric(MetricKey("counter", "violations", "", 0), False, 0)
    tallies.add_metric(MetricKey("rate", "timeouts", "", 0), True, 4, 1)
    summary = {
        metric.name: metric for metric in summarise([span("L", 0, 9, 3)], [], tallies).metrics
    }

    ttft = summary["ttft"]
    assert (ttft.kind, ttft.info.unit) == ("trend", "ms")
    assert [(row.stage, row.endpoint) for row in ttft.rows] == [
        (None, None),
        ("L", None),
        ("L", "POST /chat"),
    ]
    assert ttft.rows[0].whole.count == 3
    assert ttft.rows[0].measured.count == 2
    assert ttft.rows[0].whole.p50 == pytest.approx(20, rel=0.004)
    assert ttft.rows[0].whole.max == pytest.approx(40, rel=0.004)
    assert ttft.rows[0].whole.mean == pytest.approx(70 / 3, rel=0.004)
    assert summary["violations"].rows[0].whole.count == 0
    assert summary["timeouts"].rows[0].whole.rate == 0.25
    assert summary["timeouts"].rows[0].whole.hits == 1


_requests = st.tuples(st.integers(0, 3), st.integers(0, 1), st.booleans(), st.booleans())


@given(st.lists(_requests, max_size=60))
def test_stages_and_endpoints_add_up_to_the_total(
    requests: list[tuple[int, int, bool, bool]],
) -> None:
    tallies = Tallies()
    for stage, endpoint, measured, ok in requests:
        tallies.add_window(stage, endpoint, measured, int(ok), 1, 5, 5, 5, 7)
        tallies.add_cell(stage, endpoint, measured, 5, 1)
    stages = [
        StageSpan(str(at), at * 9, at * 9 + 9, 1, 1.0, at * 9 + 1, at * 9 + 9) for at in range(4)
    ]
    summary = summarise(stages, ENDPOINTS, tallies)
    for part in ("whole", "measured"):
        for field in ("requests", "failures", "bytes"):
            total = getattr(getattr(summary.totals, part), field)
            by_stage = sum(getattr(getattr(s.figures, part), field) for s in summary.stages)
            runs = [e for e in summary.endpoints if e.stage is None]
            assert by_stage == total
            assert sum(getattr(getattr(e.figures, part), field) for e in runs) == total
    assert summary.totals.whole.requests == len(requests)
