"""A chart over the run's time: our axes around plotext's curves, repainted where it changed."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message

from loadtui.report.account.formatting import clock
from loadtui.tui.cells.text import (
    Line,
    Span,
    cell_spans,
    first_that_fits,
    fit_width,
    justified,
    one_line,
    width_of,
)
from loadtui.tui.chart.axis import AxisScale, TimeWindow, ticks, time_ticks
from loadtui.tui.chart.axis_labels import AxisLabel
from loadtui.tui.chart.canvas import Canvas
from loadtui.tui.chart.chart_series import ChartData
from loadtui.tui.chart.markers import Marker, curve_symbol
from loadtui.tui.chart.plotext_raster import PlotCurve, plot_curves
from loadtui.tui.widgets.lines import Lines


class Chart(Lines):
    """Title and legend, canvas with value axes, time axis below.

    The screen asks for `columns` before it prepares the data, one value a column, so that time
    moves in whole columns.
    """

    class Widened(Message):
        """The canvas has another number of columns: its data has to be cut anew."""

    def __init__(
        self,
        title: str,
        unit: AxisLabel,
        *,
        right_unit: AxisLabel | None = None,
        label_width: int = 6,
        marker: Marker = "braille",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._title = title
        self._unit = unit
        self._right_unit = right_unit
        # Fixed, so that the canvas does not move when the scale does.
        self._label = label_width
        self._marker = marker
        self._columns = 0
        self._data = ChartData(TimeWindow(0, 60))
        self._scales = {False: AxisScale(), True: AxisScale()}

    def on_resize(self, _: events.Resize) -> None:
        if self.columns != self._columns:
            self._columns = self.columns
            self.post_message(self.Widened())

    @property
    def columns(self) -> int:
        """Columns of the canvas: how many values a series should have."""
        right = self._label if self._right_unit else 1
        return max(0, self.content_size.width - self._label - 1 - right)

    def about(self, title: str, unit: AxisLabel) -> None:
        """Draw something else from now on."""
        if title != self._title:
            self._title, self._unit = title, unit
            self._scales = {False: AxisScale(), True: AxisScale()}

    def show(self, data: ChartData) -> None:
        """Draw `data` from now on."""
        self._data = data
        for right, scale in self._scales.items():
            shown = [series.values for series in data.series if series.right == right]
            if not right:
                shown += data.behind
            known = [value for values in shown for value in values if value is not None]
            scale.update(max(known, default=0.0))
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
            start = (fit_width(left.get(y, ""), self._label, "right"), "dim")
            end = f" {right[y]}" if y in right else ""
            lines.append([start, (bar, "faint"), *cell_spans(canvas.rows[y]), (end, "users")])
        lines.append(self._time_axis(columns, width))
        return lines

    def _head(self, width: int) -> Line:
        data = self._data
        note: list[Span] = [(f" {data.note} ", "dim")] if data.note else []
        known = any(value is not None for values in data.behind for value in values)
        baseline: list[Span] = [("  ", "text"), ("· baseline", "dim")] if known else []
        title: Span = (f" {self._title}", "strong")
        named = [title, *self._legend([series.name for series in data.series])]
        short = [title, *self._legend([series.label or series.name for series in data.series])]
        room = width - width_of(note)
        start = first_that_fits(room, [*named, *baseline], [*short, *baseline], short, [title])
        return justified(start, note, width) if note else start

    def _legend(self, names: Sequence[str]) -> list[Span]:
        dash = "-" if self._marker == "ascii" else "━"
        out: list[Span] = []
        for number, (series, name) in enumerate(zip(self._data.series, names, strict=True)):
            # The curve in front is drawn last, with the last of the characters.
            drawn = len(self._data.series) - 1 - number
            mark = curve_symbol("ascii", drawn) if self._marker == "ascii" else dash
            out += [("  ", "text"), (f"{mark} {name}", series.style)]
        return out

    def _canvas(self, columns: int, rows: int) -> Canvas:
        data = self._data
        curves = [
            PlotCurve(series.values[:columns], self._scales[series.right].limit)
            for series in data.series
        ]
        # Drawn from the back: the first series named is the one on top.
        drawn = plot_curves(list(reversed(curves)), columns, rows, self._marker)
        styles = [series.style for series in reversed(data.series)]
        canvas = Canvas(drawn, styles, self._marker)
        for values in data.behind:
            canvas.behind(PlotCurve(values[:columns], self._scales[False].limit))
        for stage in data.stages:
            canvas.stage(data.window.column(stage.second, columns), one_line(stage.text))
        if data.cursor is not None:
            canvas.cursor(data.window.column(data.cursor, columns))
        canvas.marks(
            [(data.window.column(mark.second, columns), one_line(mark.text)) for mark in data.marks]
        )
        for series, curve in zip(data.series, curves, strict=True):
            canvas.label(curve, series.label or series.name, series.style)
        return canvas

    def _time_axis(self, columns: int, width: int) -> Line:
        window = self._data.window
        text = [" "] * width
        for second in time_ticks(window, max(1, columns // 11)):
            label = clock(second)
            x = self._label + 1 + window.column(second, columns)
            x = max(0, min(x - len(label) // 2, width - len(label)))
            text[x : x + len(label)] = label
        return [("".join(text), "dim")]


def _labels(limit: float, rows: int, unit: AxisLabel) -> dict[int, str]:
    most = 2 if rows < 5 else 4 if rows < 12 else 5
    return {
        round((1 - value / limit) * (rows - 1)): unit(value, limit) for value in ticks(limit, most)
    }
