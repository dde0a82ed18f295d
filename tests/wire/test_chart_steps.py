from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.samples.bins import bin_of
from loadtui.samples.tallies import MetricTally
from loadtui.samples.tally import Tally
from loadtui.samples.trend_bins import TrendSums, trend_bin_of
from loadtui.wire.chart_steps import ChartSteps


def tally(requests: int, failures: int = 0, us: int = 1000) -> Tally:
    one = Tally()
    one.add_window(1, requests - failures, us * (requests - failures), us, us, 10 * requests)
    one.add_window(0, failures, us * failures, us, us, 0)
    one.add_cell(bin_of(us), requests)
    return one


def test_a_second_is_a_point() -> None:
    history = ChartSteps()
    point = history.add(0, 5, 1, tally(20, 4, us=2000))
    assert (point.second, point.span, point.users, point.stage) == (0, 1, 5, 1)
    assert (point.rps, point.failures, point.bytes) == (20.0, 4.0, 200.0)
    assert point.p50_ms == pytest.approx(2.0, rel=0.01)
    assert history.points() == [point]


def test_coarser_when_full() -> None:
    history = ChartSteps(capacity=4)
    for second in range(5):
        point = history.add(second, second, second // 3, tally(10 * (second + 1)))
        assert (point.second, point.span) == (second, 1)
    assert [(p.second, p.span, p.rps, p.users, p.stage) for p in history.points()] == [
        (0, 2, 15.0, 1, 0),
        (2, 2, 35.0, 3, 1),
        (4, 1, 50.0, 4, 1),
    ]
    history.add(5, 9, 2, tally(70))
    assert history.points()[-1].span == 2
    assert history.points()[-1].rps == 60.0


def test_percentiles_of_merged_steps_are_those_of_all_requests() -> None:
    history = ChartSteps(capacity=1)
    history.add(0, 1, 0, tally(99, us=1000))
    history.add(1, 1, 0, tally(1, us=9000))
    (point,) = history.points()
    assert point.p50_ms == pytest.approx(1.0, rel=0.01)
    assert point.p99_ms == pytest.approx(1.0, rel=0.01)
    history = ChartSteps(capacity=1)
    history.add(0, 1, 0, tally(1, us=1000))
    history.add(1, 1, 0, tally(99, us=9000))
    assert history.points()[0].p50_ms == pytest.approx(9.0, rel=0.01)


@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=200),
    st.integers(1, 16),
)
def test_bounded_and_sums_kept(counts: list[int], capacity: int) -> None:
    history = ChartSteps(capacity)
    for second, count in enumerate(counts):
        history.add(second, 1, 0, tally(count, count // 2))
        assert len(history.points()) <= capacity
    points = history.points()
    assert sum(p.rps * p.span for p in points) == pytest.approx(sum(counts))
    assert sum(p.failures * p.span for p in points) == pytest.approx(sum(c // 2 for c in counts))
    assert sum(p.span for p in points) == len(counts)
    spans = {p.span for p in points[:-1]}
    assert len(spans) <= 1
    step = max(spans, default=1)
    assert [p.second for p in points] == [step * number for number in range(len(points))]


def wide(second: int) -> Tally:
    """Of a second with many different response times."""
    one = Tally()
    for number in range(400):
        one.add_cell(bin_of(1000 * (1 + (7 * number + second) % 900)), 300 + number)
    return one


def depths(second: int) -> MetricTally:
    """Of a second with many different values of a trend."""
    one = MetricTally()
    for number in range(200):
        value = 10.0 + (7 * number + second) % 300
        one.add(1, bin_=trend_bin_of(value), values=TrendSums(value, value, value))
    return one


def test_the_steps_of_a_long_run_take_little_memory() -> None:
    """A thousand of them took 30 MB and more of a host after some hours."""
    history = ChartSteps(capacity=32)
    tracemalloc.start()
    for second in range(3 * 32):
        history.add(second, 1, 0, wide(second), {"depth": depths(second)})
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 32 * 16_000
