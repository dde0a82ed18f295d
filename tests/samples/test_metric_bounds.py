from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from loadtui.samples import metric_bounds
from loadtui.samples.metric_bounds import COUNTER_LIMIT, MetricBounds
from loadtui.samples.remark_counts import RemarkCounts


def test_names_beyond_the_limit_are_left_out_and_told_once(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(metric_bounds, "MAX_METRICS", 3)
    remarks = RemarkCounts()
    bounds = MetricBounds(remarks)
    admitted = [bounds.admitted("counter", f"n{number}", "") for number in range(9)]
    assert admitted == ["", "", "", *[None] * 6]
    assert bounds.admitted("counter", "n1", "") == ""
    assert list(remarks.by_text.values()) == [6]


def test_endpoints_beyond_the_limit_count_without_one(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(metric_bounds, "MAX_PLACES", 2)
    remarks = RemarkCounts()
    bounds = MetricBounds(remarks)
    admitted = [bounds.admitted("trend", "t", f"GET /{number}", 5) for number in range(4)]
    assert admitted == ["GET /0", "GET /1", "", ""]
    assert bounds.admitted("trend", "t", "GET /0") == "GET /0"
    assert bounds.admitted("trend", "t", "") == ""
    assert list(remarks.by_text.values()) == [10]


@given(st.lists(st.integers(-(2**66), 2**66), max_size=30))
def test_no_sum_of_some_amounts_is_beyond_what_tables_hold(amounts: list[int]) -> None:
    remarks = RemarkCounts()
    bounds = MetricBounds(remarks)
    taken = [bounds.amount("c", amount) for amount in amounts]
    assert sum(map(abs, taken)) <= COUNTER_LIMIT
    assert all(abs(t) <= abs(a) and t * a >= 0 for t, a in zip(taken, amounts, strict=True))
    if sum(map(abs, amounts)) <= COUNTER_LIMIT:
        assert taken == amounts
        assert not remarks.by_text
    else:
        assert len(remarks.by_text) == 1
