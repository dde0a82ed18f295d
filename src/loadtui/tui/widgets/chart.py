"""A chart over the run's time: our axes around plotext's curves, repainted where it changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from loadtui.report.numbers import clock
from loadtui.tui.axis import Scale, ticks, time_ticks
from loadtui.tui.plot import Curve, Dot, Marker, plot
from loadtui.tui.text import Cell, Line, cells, fit, spans
from loadtui.tui.widgets.lines import Lines

Unit = Callable[[float, float], str]
"""Writes a value of an axis that ends at the second number."""


@dataclass(frozen=True)
class Series:
    """A curve: what it is called, which style draws it, and how to read it from a column."""

    name: str
    style: str
    values: Sequence[float | None]
    """One a column."""
    right: bool = False
    """Measured on the axis at the right."""


@dataclass(frozen=True)
class Boundary:
    """Where a stage begins, in seconds, and its name."""

    second: float
    name: str


@dataclass(frozen=True)
class ChartData:
    span_s: int
    series: tuple[Series, ...] = ()
    boundaries: tuple[Boundary, ...] = ()


class Chart(Lines):
    """Title and legend, canvas with value axes, time axis below.

    The screen asks for `columns` before it prepares the data, one value a column, so that time
    moves in whole columns.
    """

    def __init__(
        self,
        title: str,
        unit: Unit,
        *,
        right_unit: Unit | None = None,
        label_width: int = 6,
        marker: Marker = "braille",
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._title = title
        self._unit = unit
        self._right_unit = right_unit
        # Fixed, so that the canvas does not move when the scale does.
        self._label = label_width
        self._marker = marker
        self._data = ChartData(span_s=60)
        self._scales = {False: Scale(), True: Scale()}

    @property
    def columns(self) -> int:
        """Columns of the canvas: how many values a series should have."""
        right = self._label if self._right_unit else 1
        return max(0, self.content_size.width - self._label - 1 - right)

    def show(self, data: ChartData) -> None:
        """Draw `data` from now on."""
        self._data = data
        for right, scale in self._scales.items():
            values = [
                value
                for series in data.series
                if series.right == right
                for value in series.values
                if value is not None
            ]
            scale.update(max(values, default=0.0))
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        columns, rows = self.columns, height - 2
        if columns < 8 or rows < 2 or not self._data.series:
            return [self._head(width)]
        canvas = self._canvas(columns, rows)
        left = _labels(self._scales[False].limit, rows, self._unit)
        right = (
            _labels(self._scales[True].limit, rows, self._right_unit) if self._right_unit else {}
        )
        plain = self._marker == "ascii"
        lines: list[Line] = [self._head(width)]
        for y in range(rows):
            bar = "|" if plain else ("┤" if y in left else "│")
            start = (fit(left.get(y, ""), self._label, "right"), "dim")
            end = f" {right[y]}" if y in right else ""
            lines.append([start, (bar, "faint"), *spans(canvas[y]), (end, "users")])
        lines.append(self._time_axis(columns, width))
        return lines

    def _head(self, width: int) -> Line:
        dash = "-" if self._marker == "ascii" else "━"
        title: list[tuple[str, str]] = [(" " + self._title, "strong")]
        for number, series in enumerate(self._data.series):
            mark = "*+o.x"[number % 5] if self._marker == "ascii" else dash
            title += [("  ", "text"), (f"{mark} {series.name}", series.style)]
        return title

    def _canvas(self, columns: int, rows: int) -> list[list[Cell]]:
        curves = [
            Curve(series.values[:columns], self._scales[series.right].limit)
            for series in self._data.series
        ]
        # Drawn from the back: the first series named is the one on top.
        drawn = plot(list(reversed(curves)), columns, rows, self._marker)
        styles = [series.style for series in reversed(self._data.series)]
        canvas = [[_cell(dot, styles) for dot in row] for row in drawn]
        self._mark_stages(canvas, columns)
        return canvas

    def _mark_stages(self, canvas: list[list[Cell]], columns: int) -> None:
        line = ":" if self._marker == "ascii" else "┊"
        for boundary in self._data.boundaries:
            x = round(boundary.second / self._data.span_s * (columns - 1))
            if not 0 <= x < columns:
                continue
            for row in canvas:
                if x and row[x][0] == " ":
                    row[x] = (line, "faint")
            name = cells([(boundary.name, "dim")], columns)[: len(boundary.name) * 2]
            for offset, cell in enumerate(name, start=x + 1):
                if offset >= columns or canvas[0][offset][0] != " " or cell[1] != "dim":
                    break
                canvas[0][offset] = cell

    def _time_axis(self, columns: int, width: int) -> Line:
        text = [" "] * width
        for second in time_ticks(self._data.span_s, max(1, columns // 11)):
            label = clock(second)
            x = self._label + 1 + round(second / self._data.span_s * (columns - 1))
            x = max(0, min(x - len(label) // 2, width - len(label)))
            text[x : x + len(label)] = label
        return [("".join(text), "dim")]


def _labels(limit: float, rows: int, unit: Unit) -> dict[int, str]:
    most = 2 if rows < 5 else 4 if rows < 12 else 5
    return {
        round((1 - value / limit) * (rows - 1)): unit(value, limit) for value in ticks(limit, most)
    }


def _cell(dot: Dot, styles: Sequence[str]) -> Cell:
    return (dot.character, styles[dot.curve] if dot.curve >= 0 else "faint")
