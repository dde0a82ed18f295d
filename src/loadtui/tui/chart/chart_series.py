"""What a chart shows, as data: one value a column, and what stands between the curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from loadtui.tui.chart.axis import TimeWindow


@dataclass(frozen=True)
class ChartSeries:
    """A curve: what it is called, which style draws it, and how to read it from a column."""

    name: str
    style: str
    values: Sequence[float | None]
    """One a column."""
    right: bool = False
    """Measured on the axis at the right."""
    label: str = ""
    """What stands at the end of the curve, when not its name."""


@dataclass(frozen=True)
class ChartFlag:
    """Something at a second of the run: where a stage begins, or a mark."""

    second: float
    text: str


@dataclass(frozen=True)
class ChartData:
    window: TimeWindow
    series: tuple[ChartSeries, ...] = ()
    behind: tuple[Sequence[float | None], ...] = ()
    """Of the baseline, one a column, on the axis at the left."""
    stages: tuple[ChartFlag, ...] = ()
    marks: tuple[ChartFlag, ...] = ()
    cursor: float | None = None
    """Second at which a line stands across."""
    note: str = ""
    """Stands at the right end of the title."""


def has_curve(data: ChartData) -> bool:
    """Whether there is any value to draw; without one, axes would only show a scale of nothing."""
    return any(value is not None for series in data.series for value in series.values)
