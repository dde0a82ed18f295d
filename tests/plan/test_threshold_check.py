from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.plan.threshold_check import ThresholdCheck, parse_check, parse_measure


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p95 < 2s", (None, "p95", "<", 2000, "ms")),
        ("max<=1.5s", (None, "max", "<=", 1500, "ms")),
        ("mean < 250ms", (None, "mean", "<", 250, "ms")),
        ("error_rate < 0.1%", (None, "error_rate", "<", 0.001, "fraction")),
        ("error_rate == 0", (None, "error_rate", "==", 0, "fraction")),
        ("rps > 100", (None, "rps", ">", 100, "rps")),
        ("rps >= 12.5/s", (None, "rps", ">=", 12.5, "rps")),
        ("ttft.p95 < 300ms", ("ttft", "p95", "<", 300, "ms")),
        ("ttft.p95 < 0.3s", ("ttft", "p95", "<", 300, "ms")),
        ("min > 5ms", (None, "min", ">", 5, "ms")),
        ("tokens.mean > 40", ("tokens", "mean", ">", 40, "")),
        ("tokens.min >= 1", ("tokens", "min", ">=", 1, "")),
        ("tokens.rate > 10", ("tokens", "rate", ">", 10, "rps")),
        ("tokens.rate > 12.5/s", ("tokens", "rate", ">", 12.5, "rps")),
        ("cache.rate < 5%", ("cache.rate", "value", "<", 0.05, "fraction")),
        ("sandbox_violations == 0", ("sandbox_violations", "value", "==", 0, "")),
        ("qdrant_timeout_rate < 0.1%", ("qdrant_timeout_rate", "value", "<", 0.001, "fraction")),
        ("mcp.tool.calls >= 3", ("mcp.tool.calls", "value", ">=", 3, "")),
        ("p90 < 1s", (None, "p90", "<", 1000, "ms")),
        ("p99.9 < 1s", (None, "p99.9", "<", 1000, "ms")),
        ("p99.90 < 1s", (None, "p99.9", "<", 1000, "ms")),
        ("p05 < 1s", (None, "p5", "<", 1000, "ms")),
        ("ttft.p75 < 1s", ("ttft", "p75", "<", 1000, "ms")),
        ("mcp.ttft.p99.9 < 1s", ("mcp.ttft", "p99.9", "<", 1000, "ms")),
        ("응답 시간.p99 < 1s", ("응답 시간", "p99", "<", 1000, "ms")),
    ],
)
def test_reads(text: str, expected: tuple[str | None, str, str, float, str]) -> None:
    check = parse_check(text)
    assert (check.metric, check.stat, check.op, check.unit) == (*expected[:3], expected[4])
    assert check.value == pytest.approx(expected[3], rel=1e-12)
    assert check.text == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "expected a statistic first"),
        ("< 2s", "expected a statistic first"),
        ("p95", 'expected one of < <= > >= == after "p95" and found none'),
        ("p95 2s", 'after "p95 2s" and found none'),
        ("p95 != 2s", 'and found "!="'),
        ("p95 =< 2s", 'and found "=<"'),
        ("p95 < ", 'found "" after "p95 <", expected a time with its unit'),
        ("p95 < 2", 'found "2" after "p95 <", expected a time with its unit'),
        ("p95 < 2%", "expected a time with its unit"),
        ("p95 < -2s", "expected a time with its unit"),
        ("error_rate < 1", "may be meant as 1% or as 100%"),
        ("http_req_duration: p(95) < 500", "without brackets: p95"),
        ("error_rate < 2", "expected a share such as 1% or 0.01"),
        ("error_rate < 101%", "expected a share such as 1% or 0.01"),
        ("error_rate < 1s", "expected a share such as 1% or 0.01"),
        ("rps > 1s", "expected requests per second"),
        ("p0 < 1s", "expected a percentile above p0 and below p100"),
        ("p100 < 1s", "expected a percentile above p0 and below p100"),
        ("p99. < 1s", "expected a percentile above p0 and below p100"),
        ("ttft.p100.5 < 1s", "expected a percentile above p0 and below p100"),
        ("ttft.rps > 1", "expected a percentile, min, max or mean after a custom metric"),
        ("error_rates < 1%", "did you mean error_rate?"),
        ("ttft < 300ms", "a Trend needs a statistic, as in ttft.p95"),
    ],
)
def test_refuses(text: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_check(text)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("op", "below", "equal", "above"),
    [
        ("<", True, False, False),
        ("<=", True, True, False),
        (">", False, False, True),
        (">=", False, True, True),
        ("==", False, True, False),
    ],
)
def test_holds(op: str, below: bool, equal: bool, above: bool) -> None:
    check = parse_check(f"rps {op} 5")
    assert [check.holds(v) for v in (4.9, 5, 5.1)] == [below, equal, above]


@given(st.text(max_size=20))
def test_any_text_is_a_check_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(parse_check(text), ThresholdCheck)


@given(
    st.sampled_from(["max", "mean", "error_rate", "rps"])
    | st.integers(1, 999_999).map(lambda share: f"p{share / 10_000:g}")
)
def test_built_in_statistics_have_no_metric(stat: str) -> None:
    assert parse_measure(stat) == (None, stat)
    assert parse_measure(stat).name == stat


@pytest.mark.parametrize("name", ["p99.9", "ttft.p99.9", "mcp.tool.calls", "error_rate"])
def test_a_measure_has_its_name_back(name: str) -> None:
    assert parse_measure(name).name == name
