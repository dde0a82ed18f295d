"""The charts of a run, live or replayed: to add one, write its function and an entry here.

Widgets, the key that shows the next chart and the one that gives it all the room follow the list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from loadtui.tui.cells.text import one_line
from loadtui.tui.chart.axis_labels import (
    AxisLabel,
    axis_latency,
    axis_plain,
    axis_rate,
    axis_users,
)
from loadtui.tui.chart.chart_series import ChartData
from loadtui.tui.chart.run_curves_by_column import (
    ChartFrame,
    latency_chart,
    load_chart,
    trend_chart,
)
from loadtui.tui.watched.moment import Moment
from loadtui.tui.watched.trends import ordered_trends
from loadtui.wire.messages import MetricRow


@dataclass(frozen=True)
class RunChart:
    """A chart over the run's time."""

    name: str
    """Its id among the widgets."""
    title: str
    draw: Callable[[Moment, ChartFrame], ChartData]
    """Its series, stages and marks, one value a column of the frame."""
    unit: AxisLabel
    """Writes the values of the axis at the left."""
    right_unit: AxisLabel | None = None
    """Of the axis at the right, None: there is none."""
    label_width: int = 6
    """Cells for the labels beside an axis."""


RUN_CHARTS = (
    RunChart("load", "requests/s", load_chart, axis_rate, right_unit=axis_users),
    RunChart("latency", "latency", latency_chart, axis_latency, label_width=7),
)
"""Those that every run has.  The first keep their places, the others take turns in the last."""

TREND_CHART = RunChart(
    "trend", "", partial(trend_chart, name=""), axis_plain, label_width=7
)  # fmt: skip
"""What stands for the Trends, which each scenario names itself and which share a widget."""


def trend_charts(moment: Moment | None) -> list[RunChart]:
    """A chart for each Trend of the scenario, in its own unit."""
    return [_trend(row) for row in ordered_trends(moment.snapshot.metrics)] if moment else []


def shown_charts(charts: Sequence[RunChart], places: int, turn: int) -> list[RunChart]:
    """The charts of so many places: those that have none of their own take turns in the last."""
    if len(charts) <= places:
        return list(charts)
    fixed, others = charts[: places - 1], charts[places - 1 :]
    return [*fixed, others[turn % len(others)]]


def _trend(row: MetricRow) -> RunChart:
    milliseconds = row.unit == "ms"
    unit = f" ({one_line(row.unit)})" if row.unit and not milliseconds else ""
    return RunChart(
        name=TREND_CHART.name,
        title=one_line(row.name) + unit,
        draw=partial(trend_chart, name=row.name),
        unit=axis_latency if milliseconds else axis_plain,
        label_width=TREND_CHART.label_width,
    )
