"""Thresholds: what they are judged on and what they say."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from loadtui.plan.model import Plan, Threshold
from loadtui.samples.bins import bin_of
from loadtui.samples.tallies import MetricInfo, MetricKey, Tallies
from loadtui.samples.trend_bins import TrendSums, trend_bin_of
from loadtui.store.manifest import Endpoint, StageSpan, ThresholdResult
from loadtui.verdict.thresholds import certain_failure, threshold_results

Add = Callable[..., None]
Span = Callable[..., StageSpan]

ENDPOINTS = [Endpoint("POST", "/chat"), Endpoint("GET", "/items/[id]"), Endpoint("GET", "/health")]


def _plan(*thresholds: Threshold) -> Plan:
    return Plan("p", ("/p.py",), thresholds=thresholds)


def _judge(
    tallies: Tallies, stages: list[StageSpan], *thresholds: Threshold, final: bool = True
) -> list[ThresholdResult]:
    return threshold_results(_plan(*thresholds), stages, ENDPOINTS, tallies, final=final)


@pytest.fixture
def stages(span: Span) -> list[StageSpan]:
    return [span("L1", 0, 10, 2), span("L2", 10, 30, 20)]


@pytest.fixture
def tallies(add: Add) -> Tallies:
    """L1: slow while it ramps, then 100 ms; L2: 200 ms with 2 of 20 failed, and /items."""
    filled = Tallies()
    add(filled, 0, 0, [5000.0] * 10, measured=False)
    add(filled, 0, 0, [100.0] * 16)
    add(filled, 1, 0, [200.0] * 20, failed=2)
    add(filled, 1, 1, [10.0] * 10)
    return filled


@pytest.mark.parametrize(
    ("check", "l1", "l2"),
    [
        ("p95 < 2s", ("pass", 100), ("pass", 200)),
        ("p50 < 150ms", ("pass", 100), ("fail", 200)),
        ("p99.9 < 150ms", ("pass", 100), ("fail", 200)),
        ("p33.3 < 150ms", ("pass", 100), ("pass", 10)),
        ("max <= 100ms", ("pass", 100), ("fail", 200)),
        ("min >= 100ms", ("pass", 100), ("fail", 10)),
        ("mean < 120ms", ("pass", 100), ("fail", 410 / 3)),
        ("error_rate < 1%", ("pass", 0), ("fail", 2 / 30)),
        ("rps >= 2", ("pass", 2.0), ("pass", 3.0)),
        ("rps > 2.5", ("fail", 2.0), ("pass", 3.0)),
    ],
)
def test_each_stage_is_judged_on_its_measured_part(
    check: str,
    l1: tuple[str, float],
    l2: tuple[str, float],
    tallies: Tallies,
    stages: list[StageSpan],
) -> None:
    results = _judge(tallies, stages, Threshold(check))
    assert [(r.stage, r.status) for r in results] == [("L1", l1[0]), ("L2", l2[0])]
    assert [r.value for r in results] == [
        pytest.approx(l1[1], rel=0.004),
        pytest.approx(l2[1], rel=0.004),
    ]
    assert all(r.endpoint is None and not r.default and not r.reason for r in results)


def test_without_a_measured_part_the_whole_stage_is_judged_and_it_says_so(
    add: Add, span: Span
) -> None:
    tallies = Tallies()
    add(tallies, 0, 0, [50.0] * 9, measured=False)
    latency, rps = _judge(
        tallies, [span("short", 0, 3)], Threshold("p95 < 1s"), Threshold("rps > 2.9")
    )
    assert latency.status == rps.status == "pass"
    assert rps.value == 3.0
    assert "whole stage" in latency.reason


def test_a_running_stage_is_not_judged_on_its_ramp(add: Add, span: Span) -> None:
    tallies = Tallies()
    add(tallies, 0, 0, [50.0] * 9, measured=False)
    for check in ("p95 < 1ms", "rps > 100", "max < 1ms"):
        threshold = Threshold(check, abort=True)
        assert _judge(tallies, [span("L1", 0, 3)], threshold, final=False) == []
        assert certain_failure(_plan(threshold), [span("L1", 0, 3)], ENDPOINTS, tallies) is None
    over = [span("L1", 0, 3), span("L2", 3, 5)]
    (result,) = _judge(tallies, over, Threshold("p95 < 1ms", stage="L1"), final=False)
    assert result.status == "fail"


def test_stage_and_endpoint_are_globs(tallies: Tallies, stages: list[StageSpan]) -> None:
    results = _judge(tallies, stages, Threshold("p95 < 1s", stage="*2", endpoint="*/*"))
    assert [(r.stage, r.endpoint) for r in results] == [
        ("L2", "POST /chat"),
        ("L2", "GET /items/[id]"),
    ]


def test_a_name_with_brackets_matches_as_written(tallies: Tallies, stages: list[StageSpan]) -> None:
    (result,) = _judge(
        tallies, stages, Threshold("p95 < 1s", stage="L2", endpoint="GET /items/[id]")
    )
    assert (result.status, result.endpoint) == ("pass", "GET /items/[id]")


@pytest.mark.parametrize(
    ("threshold", "says"),
    [
        (Threshold("p95 < 1s", stage="L3"), "no stage 'L3' was run"),
        (Threshold("p95 < 1s", stage="L1", endpoint="GET /nope"), "no request to 'GET /nope'"),
        (Threshold("unknown == 0", stage="L1"), "no metric 'unknown' was recorded"),
        (Threshold("ttft.p95 < 1s", stage="L1"), "no Trend 'ttft' was recorded"),
    ],
)
def test_nothing_to_judge_is_missing_at_the_end_only(
    threshold: Threshold, says: str, tallies: Tallies, stages: list[StageSpan]
) -> None:
    (result,) = _judge(tallies, stages, threshold)
    assert (result.status, result.value) == ("missing", None)
    assert says in result.reason
    assert _judge(tallies, stages, threshold, final=False) == []


def test_a_stage_without_finished_requests_is_missing(tallies: Tallies, span: Span) -> None:
    latency, rps = _judge(
        tallies, [span("L1", 0, 10, 9), span("L2", 10, 20, 11), span("L3", 20, 30, 21)],
        Threshold("error_rate < 1%", stage="L3"), Threshold("rps > 1", stage="L3"),
    )  # fmt: skip
    assert latency.status == "missing"
    assert "stage 'L3'" in latency.reason
    assert (rps.status, rps.value) == ("fail", 0.0)


def test_no_stage_at_all_is_missing() -> None:
    (result,) = _judge(Tallies(), [], Threshold("p95 < 1s"))
    assert (result.status, result.reason) == ("missing", "no stage was run")


class TestCustomMetrics:
    @pytest.fixture
    def metrics(self, stages: list[StageSpan]) -> Tallies:
        filled = Tallies()
        filled.metric_infos["ttft"] = MetricInfo("s")
        filled.metric_infos["tokens"] = MetricInfo("")
        for endpoint, value in [("POST /chat", 0.2), ("POST /rag", 0.4)]:
            key = MetricKey("trend", "ttft", endpoint, 1)
            filled.add_metric(key, True, 1, bin_=bin_of(round(value * 1000)))
        filled.add_metric(MetricKey("trend", "tokens", "", 1), True, 1, bin_=bin_of(512_000))
        filled.add_metric(MetricKey("counter", "violations", "", 0), False, 3)
        filled.add_metric(MetricKey("rate", "timeouts", "", 0), False, 8, 8)
        filled.add_metric(MetricKey("rate", "timeouts", "", 1), True, 4, 1)
        return filled

    @pytest.mark.parametrize(
        ("threshold", "status", "value"),
        [
            (Threshold("violations == 0", stage="L1"), "fail", 3),
            (Threshold("violations == 0", stage="L2"), "pass", 0),
            (Threshold("timeouts < 30%", stage="L2"), "pass", 0.25),
            (Threshold("timeouts < 30%", stage="L1"), "missing", None),
            (Threshold("ttft.max < 500ms", stage="L2"), "pass", 400),
            (Threshold("ttft.max < 0.3", stage="L2"), "fail", 0.4),
            (Threshold("ttft.p50 < 300ms", stage="L2", endpoint="*/chat"), "pass", 200),
            (Threshold("ttft.p50 < 300ms", stage="L2", endpoint="*/nope"), "missing", None),
            (Threshold("tokens.mean > 500", stage="L2"), "pass", 512),
            (Threshold("tokens.mean < 500ms", stage="L2"), "missing", None),
            (Threshold("ttft < 5", stage="L2"), "missing", None),
        ],
    )
    def test_judged(
        self,
        threshold: Threshold,
        status: str,
        value: float | None,
        metrics: Tallies,
        stages: list[StageSpan],
    ) -> None:
        (result,) = _judge(metrics, stages, threshold)
        assert result.status == status
        assert result.value == (None if value is None else pytest.approx(value, rel=0.004))
        assert bool(result.reason) == (status == "missing")

    @pytest.mark.parametrize(
        ("check", "status", "value"),
        [
            ("tokens.max <= 1024", "pass", 1024.0),
            ("tokens.max < 1024", "fail", 1024.0),
            ("tokens.min >= 8", "pass", 8.0),
            ("tokens.mean == 516", "pass", 516.0),
            ("tokens.p50 == 8", "pass", 8.0),
            ("words.rate >= 0.3", "pass", 0.3),
            ("words.rate > 0.3/s", "fail", 0.3),
            ("none.rate > 1", "missing", None),
            ("tokens.rate > 1", "missing", None),
            ("cache.rate < 0.5", "pass", 0.25),
            ("wait.max <= 570ms", "pass", 570.0),
        ],
    )
    def test_figures_are_exact(
        self, check: str, status: str, value: float | None, stages: list[StageSpan]
    ) -> None:
        filled = Tallies({"tokens": MetricInfo("tokens"), "wait": MetricInfo("s")})
        for name, number in [("tokens", 8.0), ("tokens", 1024.0), ("wait", 0.57)]:
            values = TrendSums(number, number, number)
            key = MetricKey("trend", name, "", 0)
            filled.add_metric(key, True, 1, bin_=trend_bin_of(number), values=values)
        filled.add_metric(MetricKey("counter", "words", "", 0), False, 3)
        filled.add_metric(MetricKey("rate", "cache.rate", "", 0), True, 4, 1)
        (result,) = _judge(filled, stages, Threshold(check, stage="L1"))
        assert (result.status, result.value) == (status, value)


class TestDefaults:
    def test_a_good_run_passes_both(self, add: Add, stages: list[StageSpan]) -> None:
        tallies = Tallies()
        add(tallies, 0, 0, [1.0] * 200, failed=1)
        add(tallies, 0, 2, [1.0] * 4, failed=0)
        results = _judge(tallies, stages)
        assert [r.status for r in results] == ["pass", "pass"]
        assert all(r.default and r.stage is None and r.endpoint is None for r in results)
        assert results[0].value == pytest.approx(1 / 204)

    def test_one_percent_of_errors_fails(self, add: Add, stages: list[StageSpan]) -> None:
        tallies = Tallies()
        add(tallies, 0, 0, [1.0] * 100, failed=1)
        assert [r.status for r in _judge(tallies, stages)] == ["fail", "pass"]

    @pytest.mark.parametrize(("requests", "fails"), [(4, False), (5, True)])
    def test_an_endpoint_that_always_fails(
        self, requests: int, fails: bool, add: Add, stages: list[StageSpan]
    ) -> None:
        tallies = Tallies()
        add(tallies, 0, 0, [1.0] * 1000)
        add(tallies, 0, 2, [1.0] * (requests - 2), failed=requests)
        add(tallies, 1, 2, [1.0] * 2, failed=2)
        results = _judge(tallies, stages)
        assert results[0].status == "pass"
        assert results[1].status == ("fail" if fails else "pass")
        assert results[1].endpoint == ("GET /health" if fails else None)
        assert len(results) == 2

    def test_a_plan_with_a_threshold_is_not_held_to_them(
        self, add: Add, stages: list[StageSpan]
    ) -> None:
        tallies = Tallies()
        add(tallies, 0, 0, [1.0] * 10, failed=10)
        results = _judge(tallies, stages, Threshold("p95 < 1s", stage="L1"))
        assert [r.default for r in results] == [False]

    def test_a_plan_may_ask_for_them_beside_its_thresholds(
        self, add: Add, stages: list[StageSpan]
    ) -> None:
        tallies = Tallies()
        add(tallies, 0, 0, [1.0] * 10, failed=10)
        plan = msgspec.structs.replace(_plan(Threshold("p95 < 1s")), defaults_too=True)
        results = threshold_results(plan, stages[:1], ENDPOINTS, tallies, final=True)
        assert [(r.default, r.status) for r in results][1:] == [(True, "fail")] * 2

    def test_started_but_none_finished_fails(self, stages: list[StageSpan]) -> None:
        results = threshold_results(
            _plan(), stages, ENDPOINTS, Tallies(), final=True, unfinished=20
        )
        assert [r.status for r in results] == ["missing", "fail"]
        assert results[1].reason == "none of the 20 requests that were started finished"

    def test_live_nothing_is_said_before_a_request_finished(self, stages: list[StageSpan]) -> None:
        assert (
            threshold_results(_plan(), stages, ENDPOINTS, Tallies(), final=False, unfinished=20)
            == []
        )


class TestAbort:
    def test_a_stage_that_is_over_and_failed(
        self, tallies: Tallies, stages: list[StageSpan]
    ) -> None:
        plan = _plan(Threshold("p95 < 50ms", abort=True))
        assert certain_failure(plan, stages[:1], ENDPOINTS, tallies) is None
        failure = certain_failure(plan, stages, ENDPOINTS, tallies)
        assert failure is not None
        assert failure.stage == "L1"

    def test_a_maximum_never_falls(self, tallies: Tallies, stages: list[StageSpan]) -> None:
        plan = _plan(Threshold("max < 50ms", abort=True))
        assert certain_failure(plan, stages[:1], ENDPOINTS, tallies) is not None

    def test_a_minimum_never_rises(self, tallies: Tallies, stages: list[StageSpan]) -> None:
        for check, fails in [("min > 150ms", True), ("min < 50ms", False)]:
            plan = _plan(Threshold(check, abort=True))
            assert (certain_failure(plan, stages[:1], ENDPOINTS, tallies) is not None) is fails

    def test_a_counter_may_not_be_counted_down(self, stages: list[StageSpan]) -> None:
        tallies = Tallies()
        tallies.add_metric(MetricKey("counter", "violations", "", 0), False, 1)
        for check, fails in [("violations == 0", True), ("violations > 5", False)]:
            plan = _plan(Threshold(check, abort=True))
            assert (certain_failure(plan, stages[:1], ENDPOINTS, tallies) is not None) is fails

    def test_only_where_the_plan_asks(self, tallies: Tallies, stages: list[StageSpan]) -> None:
        plan = _plan(Threshold("max < 50ms"), Threshold("max < 50ms", stage="L2", abort=True))
        assert certain_failure(plan, stages[:1], ENDPOINTS, tallies) is None
