"""The end of the log of host and workers."""

from __future__ import annotations

from loadtui.store.log_lines import LogLine, parse_line, without_controls
from loadtui.tui.cells.text import Line, fit_width, one_line
from loadtui.tui.watched.moment import Moment
from loadtui.tui.widgets.lines import Lines

_LOUD = (("ERROR", "bad"), ("CRITICAL", "bad"), ("Traceback", "bad"), ("WARNING", "warn"))


class LogLines(Lines):
    """As many of the last lines as there is room for; hidden until asked for."""

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._log: tuple[str, ...] = ()

    def show(self, moment: Moment) -> None:
        self._log = moment.log
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        head: Line = [(" log of host and workers", "dim")]
        if not self._log:
            return [head, [(" nothing was written yet", "dim")]]
        shown = self._log[-max(1, height - 1) :]
        lines = map(parse_line, shown)
        return [head, *([(_text(line, width), _style(line))] for line in lines)]


def _text(line: LogLine, width: int) -> str:
    return fit_width(f" {one_line(without_controls(line.shown))}", width)


def _style(line: LogLine) -> str:
    """What the locustfile says stands out from the records of Locust and of this program."""
    quiet = "text" if line.for_people else "dim"
    return next((style for word, style in _LOUD if word in line.text), quiet)
