"""Turns chart points into one value a column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from loadtui.tui.chart.axis import TimeWindow, time_window_of
from loadtui.tui.chart.chart_series import ChartData, ChartFlag, ChartSeries
from loadtui.tui.watched.moment import Moment
from loadtui.tui.watched.points import merged_points
from loadtui.wire.messages import Point, StageRow, TrendPoint

if TYPE_CHECKING:
    from loadtui.verdict.run_curves import CurveSeries as Steps

Values = list[float | None]


@dataclass(frozen=True)
class ChartFrame:
    """What charts show of a run, and how wide they are."""

    columns: int
    length_s: int | None = None
    """Seconds of the window, None: the whole run."""
    baseline: bool = True
    """Whether the baseline is drawn behind."""


def by_column(points: Sequence[Point], window: TimeWindow, columns: int) -> list[Point | None]:
    """The points within a window, merged by column; None where a column has none."""
    buckets: list[list[Point]] = [[] for _ in range(columns)]
    for point in points:
        if window.start <= point.second <= window.end:
            buckets[min(columns - 1, window.column(point.second, columns))].append(point)
    return [merged_points(bucket) if bucket else None for bucket in buckets]


def boundaries(stages: Sequence[StageRow]) -> tuple[ChartFlag, ...]:
    """Where stages began, and where those to come are planned to begin."""
    out: list[ChartFlag] = []
    at: float | None = 0.0
    for stage in stages:
        begin = stage.start if stage.start is not None else at
        if begin is None:
            break
        out.append(ChartFlag(begin, stage.name))
        at = begin + stage.duration_s if stage.duration_s is not None else None
    return tuple(out)


def load_chart(moment: Moment, frame: ChartFrame) -> ChartData:
    """Completions a second and users."""
    window = _window(moment, frame)
    points = by_column(moment.points, window, frame.columns)
    series = (
        ChartSeries("completed/s", "rps", [p.rps if p else None for p in points], label="rps"),
        ChartSeries("users", "users", [p.users if p else None for p in points], right=True),
    )
    return _chart(moment, frame, window, series, (lambda steps: steps.rps,))


def latency_chart(moment: Moment, frame: ChartFrame) -> ChartData:
    """Percentiles of what completed, in milliseconds."""
    window = _window(moment, frame)
    points = by_column(moment.points, window, frame.columns)
    series = (
        ChartSeries("p50", "p50", [p.p50_ms if p else None for p in points]),
        ChartSeries("p95", "p95", [p.p95_ms if p else None for p in points]),
        ChartSeries("p99", "p99", [p.p99_ms if p else None for p in points]),
    )
    behind = (lambda steps: steps.p50_ms, lambda steps: steps.p95_ms, lambda steps: steps.p99_ms)
    return _chart(moment, frame, window, series, behind)


def trend_chart(moment: Moment, frame: ChartFrame, name: str) -> ChartData:
    """p50 and p95 of a Trend, in its own unit."""
    window = _window(moment, frame)
    points = by_column(moment.points, window, frame.columns)
    trends = [p.trends.get(name, _NOTHING) if p else _NOTHING for p in points]
    series = (
        ChartSeries("p50", "p50", [trend.p50 for trend in trends]),
        ChartSeries("p95", "p95", [trend.p95 for trend in trends]),
    )
    return _chart(moment, frame, window, series, ())


_NOTHING = TrendPoint(0)


def _window(moment: Moment, frame: ChartFrame) -> TimeWindow:
    snapshot = moment.snapshot
    if moment.cursor is None:
        return time_window_of(snapshot.elapsed_s, snapshot.duration_s, frame.length_s)
    # A replay: all of the run is known, the window is that around the cursor.
    last = moment.points[-1] if moment.points else None
    whole = float(last.second + last.span) if last else snapshot.elapsed_s
    if frame.length_s is None:
        return time_window_of(whole, snapshot.duration_s, None)
    return time_window_of(moment.cursor, whole, frame.length_s)


def _chart(
    moment: Moment,
    frame: ChartFrame,
    window: TimeWindow,
    series: tuple[ChartSeries, ...],
    behind: Sequence[Callable[[Steps], Sequence[float | None]]],
) -> ChartData:
    snapshot = moment.snapshot
    return ChartData(
        window=window,
        series=series,
        behind=tuple(_behind(moment, frame, window, read) for read in behind),
        stages=boundaries(snapshot.stages),
        marks=tuple(ChartFlag(mark.second, mark.text) for mark in snapshot.marks),
        cursor=moment.cursor,
        note="" if frame.length_s is None else f"last {frame.length_s // 60} m",
    )


def _behind(
    moment: Moment,
    frame: ChartFrame,
    window: TimeWindow,
    read: Callable[[Steps], Sequence[float | None]],
) -> Values:
    """The baseline column by column, each of its stages from where the run's own stage begins."""
    values: Values = [None] * frame.columns
    reference = moment.reference
    if reference is None or not frame.baseline:
        return values
    stages = boundaries(moment.snapshot.stages)
    for at, stage in enumerate(stages):
        steps = reference.curves.get(stage.text)
        if steps is None or stage.text in reference.incomparable:
            continue
        end = stages[at + 1].second if at + 1 < len(stages) else window.end + 1
        knots = [
            (stage.second + second + steps.step_s / 2, value)
            for second, value in zip(steps.seconds, read(steps), strict=True)
            if value is not None
        ]
        _draw(values, window, [(x, value) for x, value in knots if x < end])
    return values


def _draw(values: Values, window: TimeWindow, knots: list[tuple[float, float]]) -> None:
    """Straight lines between points of time and value."""
    columns = len(values)
    for (left, low), (right, high) in pairwise(knots):
        first, last = window.column(left, columns), window.column(right, columns)
        for x in range(max(0, first), min(columns, last + 1)):
            share = (x - first) / (last - first) if last > first else 0.0
            values[x] = low + (high - low) * share
    if len(knots) == 1 and 0 <= (x := window.column(knots[0][0], columns)) < columns:
        values[x] = knots[0][1]
