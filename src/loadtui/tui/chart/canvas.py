"""The inside of a chart, cell by cell: curves, and what is written between them."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.tui.cells.text import Cell, fit_width, line_cells, width_of
from loadtui.tui.chart.markers import MARKER_SHAPES, Marker
from loadtui.tui.chart.plotext_raster import PlotCurve, PlotDot

_OPEN = frozenset(" ·.")
"""What a text may be written over: nothing, and the dots of the baseline."""

_READABLE = 6
"""Cells of a text that has to be cut from which it is worth it."""


class Canvas:
    """Rows of cells.  What is added later goes only where nothing is yet, except a curve's name,
    which takes a place from a curve when there is no other."""

    def __init__(
        self, drawn: Sequence[Sequence[PlotDot]], styles: Sequence[str], marker: Marker
    ) -> None:
        """`drawn` with this marker, `styles` by the curve's index."""
        self.rows = [
            [(dot.character, styles[dot.curve] if dot.curve >= 0 else "faint") for dot in row]
            for row in drawn
        ]
        self._plain = marker == "ascii"
        self._dots = MARKER_SHAPES[marker].dots
        self._taken: set[tuple[int, int]] = set()
        """Cells with a curve's name on them."""

    @property
    def columns(self) -> int:
        return len(self.rows[0])

    def behind(self, curve: PlotCurve) -> None:
        """Dots where a curve of the baseline passes."""
        dot = "." if self._plain else "·"
        for x, value in enumerate(curve.values):
            if value is not None:
                self._put(x, self._row(value, curve.limit), (dot, "dim"))

    def stage(self, x: int, name: str) -> None:
        """A line where a stage begins, its name at the top."""
        if not 0 <= x < self.columns:
            return
        if x:
            for y in range(len(self.rows)):
                self._put(x, y, (":" if self._plain else "┊", "faint"))
        self._write(x + 1, 0, name, "dim")

    def marks(self, marks: Sequence[tuple[int, str]]) -> None:
        """Signs at the bottom, over the time they belong to, with their texts if there is room."""
        last = len(self.rows) - 1
        inside = [(x, text) for x, text in marks if 0 <= x < self.columns]
        for x, _ in inside:
            self.rows[last][x] = ("^" if self._plain else "▲", "accent")
        for x, text in inside:
            self._write(x + 2, last, text, "accent")

    def cursor(self, x: int) -> None:
        """A line across at the moment that is shown."""
        if 0 <= x < self.columns:
            for y in range(len(self.rows)):
                if self.rows[y][x][0] in {" ", "┊", ":", "·", "."}:
                    self.rows[y][x] = ("|" if self._plain else "│", "accent")

    def label(self, curve: PlotCurve, name: str, style: str) -> None:
        """The curve's name at its end: lines are told apart without their colours."""
        last = max((x for x, value in enumerate(curve.values) if value is not None), default=None)
        if last is None:
            return
        value = curve.values[last]
        assert value is not None
        y = self._row(value, curve.limit)
        length = len(name)
        after, before = last + 2, max(0, last + 1 - length)
        places = [(after, y), *((before, y + by) for by in (-1, 1, -2, 2)), (after, y - 1)]
        inside = [
            (x, at)
            for x, at in places
            if 0 <= at < len(self.rows) and x + length <= self.columns and self._free(x, at, length)
        ]
        if not inside:
            return
        x, at = next((place for place in inside if self._blank(*place, length)), inside[0])
        for offset, character in enumerate(name):
            self.rows[at][x + offset] = (character, style)
            self._taken.add((x + offset, at))

    def _row(self, value: float, limit: float) -> int:
        last = len(self.rows) * self._dots - 1
        return max(0, min(last, round((1 - value / limit) * last))) // self._dots

    def _put(self, x: int, y: int, cell: Cell) -> None:
        if self.rows[y][x][0] == " ":
            self.rows[y][x] = cell

    def _write(self, x: int, y: int, text: str, style: str) -> None:
        """As much of a text as there is room for; nothing where it could not be read."""
        row = self.rows[y]
        room = 0
        while x + room < self.columns and row[x + room][0] in _OPEN:
            room += 1
        length = min(room, width_of([(text, style)]))
        if length >= _READABLE or length == width_of([(text, style)]):
            row[x : x + length] = line_cells([(fit_width(text, length), style)], length)

    def _free(self, x: int, y: int, length: int) -> bool:
        """Whether no other name stands there, or beside it."""
        return not any((at, y) in self._taken for at in range(x - 1, x + length + 1))

    def _blank(self, x: int, y: int, length: int) -> bool:
        return all(self.rows[y][at][0] in {*_OPEN, "┊", ":"} for at in range(x, x + length))
