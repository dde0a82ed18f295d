"""Lines that are given from outside, as many as there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.tui.cells.text import Line
from loadtui.tui.widgets.lines import Lines


class Paragraph(Lines):
    """Shows given lines; with `height: auto` it is as high as they are, up to its `max-height`."""

    def __init__(self, *, id: str | None = None, rest: str = "") -> None:
        """`rest` says how to read the lines that there is no room for."""
        super().__init__(id=id)
        self._rest = f", {rest}" if rest else ""
        self._given: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        self._given = lines
        self.display = bool(lines)
        self.want(len(lines))
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        shown = list(self._given)
        if len(shown) > height:
            left = len(shown) - height + 1
            shown = [*shown[: height - 1], [(f" … {left} more{self._rest}", "dim")]]
        return shown
