"""What a terminal that is too small shows."""

from __future__ import annotations

from loadtui.tui.cells.text import Line
from loadtui.tui.widgets.lines import Lines

LEAST_SIZE = (60, 18)


class TooSmall(Lines):
    """One line instead of the screen; shown by the stylesheet below 60x18."""

    def __init__(self, running: bool = False) -> None:
        super().__init__()
        self._run_shown = running

    def draw(self, width: int, height: int) -> list[Line]:
        needed = f"terminal too small: {LEAST_SIZE[0]}x{LEAST_SIZE[1]} needed"
        return [[(needed + (", run continues" if self._run_shown else ""), "strong")]]
