from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.tui.chart.axis import TimeWindow
from loadtui.tui.chart.run_curves_by_column import by_column
from loadtui.tui.watched.points import ChartPoints, merged_points
from loadtui.wire.messages import Point, TrendPoint


def point(second, rps=10.0, span=1, p50=5.0, p99=None, stage=0):
    return Point(second, span, 1, stage, rps, 0.0, 0.0, p50, None, p99)


def test_the_newest_point_replaces_its_second():
    history = ChartPoints()
    history.replace([point(0), point(1)])
    history.extend(point(1, rps=20))
    history.extend(point(2))
    assert [(p.second, p.rps) for p in history.points] == [(0, 10), (1, 20), (2, 10)]


def test_gaps_are_seen():
    history = ChartPoints()
    history.replace([point(0, span=5)])
    assert not history.misses_before(point(5))
    assert history.misses_before(point(6))


def test_what_is_newer_than_the_answer_stays():
    history = ChartPoints()
    history.extend(point(9))
    history.replace([point(n) for n in range(8)])
    assert [p.second for p in history.points] == [*range(8), 9]


@pytest.mark.parametrize("end", [100, 1000, 30_000])
def test_memory_is_flat_and_nothing_is_lost(end):
    history = ChartPoints(most=200)
    for second in range(end):
        history.extend(point(second))
    points = history.points
    assert len(points) <= 200
    assert points[0].second == 0
    assert sum(p.span for p in points) == end
    assert sum(p.rps * p.span for p in points) == pytest.approx(10 * end)


def test_merging():
    both = merged_points(
        [point(0, rps=10, p50=10, p99=50), point(1, rps=30, span=3, p50=20, p99=40)]
    )
    assert (both.second, both.span, both.rps) == (0, 4, 25)
    assert both.p50_ms == pytest.approx(19)
    assert both.p99_ms == 50
    assert both.p95_ms is None


def test_merging_seconds_in_which_nothing_completed():
    assert merged_points([point(0, rps=0, p50=None), point(1, rps=0, p50=None)]).p50_ms is None


@given(st.lists(st.integers(0, 599), max_size=300), st.integers(2, 200))
def test_every_point_is_in_a_column(seconds, columns):
    points = [point(second) for second in sorted(set(seconds))]
    found = [p for p in by_column(points, TimeWindow(0, 600), columns) if p is not None]
    assert sum(p.span for p in found) == len(points)


def test_merging_trends():
    one, two, three = point(0), point(1), point(2)
    one.trends = {"ttft": TrendPoint(30, 100.0, 300.0)}
    two.trends = {"ttft": TrendPoint(10, 60.0, 200.0), "queue": TrendPoint(1, 5.0, 5.0)}
    three.trends = {"ttft": TrendPoint(0)}
    assert merged_points([one, two, three]).trends == {
        "ttft": TrendPoint(40, 90.0, 300.0),
        "queue": TrendPoint(1, 5.0, 5.0),
    }
