"""Turns what a comparison draws into charts: one value a column, both sides on one axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from loadtui.tui.chart.axis import TimeWindow, span_of
from loadtui.tui.chart.chart_series import ChartData, ChartFlag, ChartSeries
from loadtui.tui.project.comparisons import ComparisonCurves, StagePair

if TYPE_CHECKING:
    from loadtui.verdict.run_curves import CurveSeries as StageSeries
    from loadtui.verdict.run_curves import PercentileCurve

Over = Literal["p50", "p95", "p99", "rps"]

BASE, RUN = "dim", "accent"
"""Styles of the two sides; the run is drawn on top."""
NINES = 3.0
"""The percentile axis ends at 99.9 %: what lies beyond is a handful of requests."""
SHARES_MARKED = ((0.0, "0"), (0.5, "50 %"), (0.9, "90 %"), (0.99, "99 %"), (0.999, "99.9 %"))


def percentile_position(share: float) -> float:
    """Where a share of the requests stands, the axis being 0..1: each nine takes a third of it."""
    return -math.log10(max(1 - share, 1e-9)) / NINES


def curve_by_percentile(drawn: ComparisonCurves, columns: int) -> ChartData:
    """Milliseconds at each column of the percentile axis."""
    return ChartData(
        TimeWindow(0, 1),
        series=(
            ChartSeries("run", RUN, _curve(drawn.run_curve, columns)),
            ChartSeries("base", BASE, _curve(drawn.base_curve, columns)),
        ),
    )


def curve_over_time(drawn: ComparisonCurves, what: Over, columns: int) -> ChartData:
    """A percentile or the requests a second over time; each stage begins at the same place on both
    sides, and takes as long as the longer of the two."""
    starts: list[float] = []
    end = 0.0
    for pair in drawn.over_time:
        starts.append(end)
        end += max(_length(pair.base), _length(pair.run))
    window = TimeWindow(0, span_of(end, end) if end else 60)
    sides: list[list[float | None]] = []
    for side in ("run", "base"):
        values: list[float | None] = [None] * columns
        for pair, start in zip(drawn.over_time, starts, strict=True):
            _place(values, _side(pair, side), what, start, window)
        sides.append(values)
    return ChartData(
        window,
        series=(ChartSeries("run", RUN, sides[0]), ChartSeries("base", BASE, sides[1])),
        stages=tuple(
            ChartFlag(start, pair.stage)
            for pair, start in zip(drawn.over_time, starts, strict=True)
        ),
    )


def _curve(curve: PercentileCurve | None, columns: int) -> list[float | None]:
    if curve is None or not curve.ms or columns < 2:
        return [None] * columns
    at = [percentile_position(share) for share in curve.shares]
    return [_between(at, curve.ms, column / (columns - 1)) for column in range(columns)]


def _between(at: Sequence[float], values: Sequence[float], x: float) -> float:
    """The value at x on the straight line between its neighbours."""
    for n in range(1, len(at)):
        if at[n] >= x:
            width = at[n] - at[n - 1]
            share = (x - at[n - 1]) / width if width > 0 else 0.0
            return values[n - 1] + (values[n] - values[n - 1]) * share
    return values[-1]


def _place(
    values: list[float | None],
    series: StageSeries | None,
    what: Over,
    start: float,
    window: TimeWindow,
) -> None:
    """Put the steps of a stage into the columns that they begin in, the mean where they share."""
    if series is None:
        return
    own: Sequence[float | None] = series.rps if what == "rps" else getattr(series, f"{what}_ms")
    by_column: dict[int, list[float]] = {}
    for second, value in zip(series.seconds, own, strict=True):
        if value is not None:
            column = window.column(start + second, len(values))
            by_column.setdefault(min(len(values) - 1, column), []).append(value)
    for column, several in by_column.items():
        values[column] = sum(several) / len(several)


def _side(pair: StagePair, side: str) -> StageSeries | None:
    return pair.run if side == "run" else pair.base


def _length(series: StageSeries | None) -> float:
    if series is None or not series.seconds:
        return 0.0
    return float(series.seconds[-1] + series.step_s)
