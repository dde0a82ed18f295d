"""Both sides of a comparison, one value a column."""

from __future__ import annotations

import pytest

from loadtui.tui.chart.comparison_curves import (
    curve_by_percentile,
    curve_over_time,
    percentile_position,
)
from loadtui.tui.project.comparisons import ComparisonCurves, StagePair
from loadtui.verdict.run_curves import CurveSeries, PercentileCurve


def series(length, step=10, p95=100.0, rps=5.0):
    seconds = list(range(0, length, step))
    values = [p95 + at for at in seconds]
    return CurveSeries(step, 0, seconds, [rps] * len(seconds), [0.0] * len(seconds), values, values,
                  values)  # fmt: skip


def test_each_nine_takes_a_third_of_the_axis():
    assert percentile_position(0.0) == 0
    assert percentile_position(0.9) == pytest.approx(1 / 3)
    assert percentile_position(0.99) == pytest.approx(2 / 3)
    assert percentile_position(0.999) == pytest.approx(1)
    assert percentile_position(1.0) == pytest.approx(3)


def test_a_curve_by_percentile_is_read_at_its_columns():
    curve = PercentileCurve((0.0, 0.9, 0.99, 0.999, 1.0), [10.0, 40.0, 70.0, 100.0, 900.0])
    run, base = curve_by_percentile(ComparisonCurves(None, curve, ()), 31).series
    assert run.values[0] == 10
    assert [run.values[at] for at in (10, 20, 30)] == pytest.approx([40, 70, 100])
    assert run.values[5] == pytest.approx(25)
    assert base.values == [None] * 31


def test_stages_begin_at_the_same_place_on_both_sides():
    pairs = (
        StagePair("L1", series(100), series(60)),
        StagePair("L2", None, series(100, p95=500.0)),
    )
    chart = curve_over_time(ComparisonCurves(None, None, pairs), "p95", 201)
    run, base = chart.series
    assert chart.window.end == 200
    assert [(flag.second, flag.text) for flag in chart.stages] == [(0.0, "L1"), (100.0, "L2")]
    assert (run.values[0], base.values[0]) == (100, 100)
    assert (run.values[90], base.values[90]) == (None, 190)
    assert (run.values[100], base.values[100]) == (500, None)


def test_steps_that_share_a_column_are_averaged():
    pairs = (StagePair("L1", None, series(100)),)
    run, _ = curve_over_time(ComparisonCurves(None, None, pairs), "p95", 2).series
    assert run.values == [125.0, 175.0]


def test_requests_a_second():
    pairs = (StagePair("L1", series(100, rps=7.0), series(100, rps=3.0)),)
    run, base = curve_over_time(ComparisonCurves(None, None, pairs), "rps", 11).series
    assert {value for value in run.values if value is not None} == {3.0}
    assert {value for value in base.values if value is not None} == {7.0}


def test_nothing_to_draw():
    chart = curve_over_time(ComparisonCurves(None, None, ()), "p95", 5)
    assert [s.values for s in chart.series] == [[None] * 5] * 2
