from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.tui.chart.axis import (
    STEPS_A_WINDOW,
    AxisScale,
    TimeWindow,
    round_up,
    span_of,
    ticks,
    time_ticks,
    time_window_of,
)


@pytest.mark.parametrize(
    ("value", "limit"),
    [(0, 1), (1, 1), (1.01, 1.5), (0.3, 0.3), (7, 8), (9, 10), (101, 150), (1284, 1500)],
)
def test_round_up(value, limit):
    assert round_up(value) == limit


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_the_end_of_an_axis_is_above_its_values_and_not_far(value):
    limit = round_up(value)
    assert value <= limit * (1 + 1e-9)
    assert limit <= value * 1.5 * (1 + 1e-9)


@given(st.floats(min_value=1e-6, max_value=1e9), st.integers(min_value=1, max_value=8))
def test_ticks_are_equal_steps_from_zero_to_the_end(value, most):
    limit = round_up(value)
    found = ticks(limit, most)
    assert found[0] == 0
    assert found[-1] == limit
    assert 2 <= len(found) <= most + 1
    steps = [b - a for a, b in itertools.pairwise(found)]
    assert all(math.isclose(step, steps[0], rel_tol=1e-6) for step in steps)


@pytest.mark.parametrize(
    ("limit", "most", "expected"),
    [
        (500, 5, [0, 100, 200, 300, 400, 500]),
        (500, 4, [0, 250, 500]),
        (2000, 4, [0, 500, 1000, 1500, 2000]),
        (3, 2, [0, 1.5, 3]),
        (0.3, 3, [0, 0.1, 0.2, 0.3]),
    ],
)
def test_ticks(limit, most, expected):
    assert ticks(limit, most) == expected


def test_a_scale_grows_at_once_and_shrinks_late():
    scale = AxisScale(shrink_below=0.4, shrink_after=3)
    assert scale.update(90) == 100
    assert scale.update(101) == 150
    assert scale.update(70) == 150
    assert [scale.update(50) for _ in range(3)] == [150, 150, 50]


def test_a_scale_does_not_flap_around_its_end():
    scale = AxisScale(shrink_after=3)
    limits = {scale.update(value) for value in [101, 99, 101, 99, 30, 101, 30, 30, 99] * 5}
    assert limits == {150}


def test_a_scale_starts_where_the_first_values_are():
    scale = AxisScale()
    scale.update(0)
    assert scale.update(0.02) == 0.02


@pytest.mark.parametrize(
    ("elapsed", "planned", "span"),
    [(1, None, 30), (31, None, 60), (55, 45, 60), (31, 45, 45), (400, 900, 600), (700, 900, 900),
     (1000, 900, 1200), (30_000, None, 43_200), (3, 12, 12), (3, 4, 10)],
)  # fmt: skip
def test_span(elapsed, planned, span):
    assert span_of(elapsed, planned) == span


@given(st.floats(min_value=0, max_value=1e6), st.integers(min_value=1, max_value=20))
def test_time_ticks_lie_within_the_span(elapsed, most):
    span = span_of(elapsed, None)
    found = time_ticks(TimeWindow(0, span), most)
    assert found[0] == 0
    assert found[-1] <= span
    assert len(found) <= most + 1


def test_time_ticks_end_at_the_end_where_they_can():
    assert time_ticks(TimeWindow(0, 180), 2) == [0, 90, 180]
    assert time_ticks(TimeWindow(0, 900), 4) == [0, 300, 600, 900]


def test_time_ticks_of_a_window_are_round_seconds_of_the_run():
    assert time_ticks(TimeWindow(130, 190), 3) == [140, 160, 180]
    assert time_ticks(TimeWindow(250, 550), 5) == [300, 360, 420, 480, 540]


LENGTHS = st.sampled_from([60, 300, 900])


@given(st.floats(min_value=0, max_value=1e5), LENGTHS)
def test_a_window_holds_the_last_seconds_and_is_never_longer(elapsed, length):
    window = time_window_of(elapsed, None, length)
    assert window.span <= length
    assert window.start <= max(0, elapsed - length * (1 - 1 / STEPS_A_WINDOW))
    assert window.end >= elapsed


@given(st.integers(min_value=0, max_value=20_000), LENGTHS)
def test_a_window_stands_still_between_its_steps(second, length):
    moved = [time_window_of(second + n, None, length) for n in range(length // STEPS_A_WINDOW)]
    assert len({window.start for window in moved if window.span == length}) <= 2


def test_the_window_of_a_short_run_is_all_of_it():
    assert time_window_of(40, 600, 300) == TimeWindow(0, 60)
    assert time_window_of(40, 600, None) == TimeWindow(0, 60)
    assert time_window_of(400, 600, 300) == TimeWindow(100, 400)


@given(st.integers(0, 5000), st.sampled_from([30, 60, 300]), st.integers(2, 300))
def test_the_ends_of_a_window_are_the_first_and_the_last_column(start, span, columns):
    window = TimeWindow(start, start + span)
    assert window.column(start, columns) == 0
    assert window.column(start + span, columns) == columns - 1
    assert window.column(start + span + span, columns) >= columns
    assert window.column(start - span, columns) < 0
