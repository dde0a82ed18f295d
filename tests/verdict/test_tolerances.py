"""What a plan's tolerances ask of the metrics that there are."""

from __future__ import annotations

import math
import re

import pytest

from loadtui.errors import UsageError
from loadtui.plan.model import Plan, Threshold, Tolerance
from loadtui.samples.estimate import (
    COUNTER,
    ERROR_RATE,
    RATE,
    RPS,
    TOTAL,
    Estimate,
    Key,
    Quantity,
    builtin_quantity,
    trend_quantity,
)
from loadtui.verdict.metric_limits import MetricLimits
from loadtui.verdict.tolerances import (
    limits_of,
    metrics_named_in,
    most_counted,
    named_in,
    undecided_fails,
)

P95 = Key("L1", TOTAL, "p95")
SEARCH_P95 = Key("L1", "GET /search", "p95")


def plan_with(*tolerances: Tolerance, thresholds: tuple[Threshold, ...] = ()) -> Plan:
    return Plan("shop", (), tolerances=tolerances, thresholds=thresholds)


def limit(key: Key, quantity: Quantity | None, *tolerances: Tolerance) -> MetricLimits | None:
    assert quantity is not None
    return limits_of(plan_with(*tolerances), {key: quantity}, {key: 40.0}).get(key)


def test_metrics_of_requests_have_limits_without_a_plan_that_says_so() -> None:
    p95 = limit(P95, builtin_quantity("p95"))
    assert p95 == pytest.approx((math.log(1.25), math.log(1.5)))
    assert limit(Key("L1", TOTAL, "rps"), RPS) == pytest.approx((-math.log(0.85), -math.log(0.7)))
    assert limit(Key("L1", TOTAL, "error_rate"), ERROR_RATE) == (0.0025, 0.005)
    assert limit(Key("L1", "", "timeouts"), RATE) is None


def test_the_last_tolerance_that_fits_counts() -> None:
    wide = Tolerance("p95", fail="+80%")
    search = Tolerance("p95", fail="+10%", warn="+5%", endpoint="GET /s*")
    other_stage = Tolerance("p95", fail="+1%", endpoint="GET /s*", stage="L9")
    tolerances = (wide, search, other_stage)
    assert limit(SEARCH_P95, builtin_quantity("p95"), *tolerances) == pytest.approx(
        (math.log(1.05), math.log(1.1))
    )
    total = limit(P95, builtin_quantity("p95"), *tolerances)
    assert total is not None
    assert total.fail == pytest.approx(math.log(1.8))


def test_a_counter_may_grow_by_a_share_of_the_most_the_base_counted() -> None:
    key = Key("L1", "", "violations")
    tolerance = Tolerance("violations", fail="+10%")
    assert limit(key, COUNTER, tolerance) == pytest.approx((42.0, 44.0))
    assert limits_of(plan_with(tolerance), {key: COUNTER}, {}) == {}, "not counted in the base"


@pytest.mark.parametrize(
    ("metric", "quantity", "fail", "sentence"),
    [
        ("violations", COUNTER, "+1pp", "for a counter, expected a share"),
        ("timeouts", RATE, "+5%", "for a rate, expected points"),
        ("ttft.p95", trend_quantity("p95", "ms", "lower"), "-5%", 'such as "+50%"'),
        ("score.p50", trend_quantity("p50", "", "higher"), "+5%", 'such as "-30%"'),
    ],
)
def test_a_tolerance_that_does_not_go_with_its_metric_is_named(
    metric: str, quantity: Quantity, fail: str, sentence: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(sentence)) as caught:
        limit(Key("L1", "", metric), quantity, Tolerance("p50"), Tolerance(metric, fail=fail))
    assert f"tolerance[1] ({metric})" in str(caught.value)


def test_what_a_plan_names() -> None:
    plan = plan_with(
        Tolerance("ttft.p95", fail="+10%"),
        Tolerance("p95", endpoint="GET /search*"),
        Tolerance("p99", endpoint="*"),
        thresholds=(Threshold("violations == 0"), Threshold("p95 < 2s", endpoint="POST /chat")),
    )
    endpoints = ["GET /search?q", "POST /chat", "GET /", ""]
    assert named_in(plan, endpoints) == {"GET /search?q", "POST /chat", "ttft", "violations"}


def test_of_counters_the_most_that_any_run_counted() -> None:
    key = Key("L1", "", "violations")
    runs = [{key: Estimate(count, 0.0, 1, COUNTER)} for count in (3.0, 9.0, 5.0)]
    runs[0][P95] = Estimate(5.0, 0.1, 100, Quantity("log", percentile=0.95))
    assert most_counted(runs) == {key: 9.0}


KEYS = [
    Key(stage, endpoint, metric)
    for stage in ("L1", "L2")
    for endpoint in (TOTAL, "GET /search", "POST /buy")
    for metric in ("p50", "p95", "rps")
] + [Key("L1", "", "ttft.p95"), Key("L1", "GET /search", "ttft.p95"), Key("L1", "", "timeouts")]


@pytest.mark.parametrize(
    ("plan", "named"),
    [
        (plan_with(), set()),
        (
            plan_with(Tolerance("p95", fail="+50%")),
            {
                Key(stage, endpoint, "p95")
                for stage in ("L1", "L2")
                for endpoint in ("GET /search", "POST /buy")
            },
        ),
        (
            plan_with(Tolerance("p95", fail="+50%", endpoint="GET *", stage="L2")),
            {Key("L2", "GET /search", "p95")},
        ),
        (
            plan_with(thresholds=(Threshold("p95 < 2s", stage="L1"),)),
            {Key("L1", TOTAL, "p95")},
        ),
        (
            plan_with(thresholds=(Threshold("rps > 2", endpoint="* /buy"),)),
            {Key("L1", "POST /buy", "rps"), Key("L2", "POST /buy", "rps")},
        ),
        (
            plan_with(thresholds=(Threshold("ttft.p95 < 2s"), Threshold("timeouts < 5%"))),
            {key for key in KEYS if key.metric in ("ttft.p95", "timeouts")},
        ),
        (plan_with(thresholds=(Threshold("max < 2s"),)), set()),
    ],
)
def test_which_metrics_a_plan_names(plan: Plan, named: set[Key]) -> None:
    assert metrics_named_in(plan, KEYS) == named


@pytest.mark.parametrize("pattern", ["GET /items/[id]", "GET /items/[[]id]", "GET *"])
def test_a_name_with_brackets_is_meant_as_it_is_written(pattern: str) -> None:
    key = Key("L1", "GET /items/[id]", "p95")
    by_tolerance = plan_with(Tolerance("p95", fail="+90%", endpoint=pattern))
    by_threshold = plan_with(thresholds=(Threshold("p95 < 2s", endpoint=pattern),))
    assert metrics_named_in(by_tolerance, [key]) == {key}
    assert metrics_named_in(by_threshold, [key]) == {key}
    assert named_in(by_tolerance, [key.endpoint]) == {key.endpoint}
    undecided = plan_with(Tolerance("p95", endpoint=pattern, undecided="fail"))
    assert undecided_fails(undecided, [key]) == {key}


def test_the_last_tolerance_says_whether_undecided_fails() -> None:
    plan = plan_with(
        Tolerance("p95", undecided="fail"),
        Tolerance("p95", fail="+90%", endpoint="POST *"),
        Tolerance("rps", fail="-90%", stage="L2", undecided="fail"),
    )
    assert undecided_fails(plan, KEYS) == {
        Key("L1", "GET /search", "p95"),
        Key("L1", TOTAL, "p95"),
        Key("L2", "GET /search", "p95"),
        Key("L2", TOTAL, "p95"),
        *(key for key in KEYS if key.metric == "rps" and key.stage == "L2"),
    }
