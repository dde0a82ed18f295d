"""Where a replay stands in the run's time; a click goes there."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message

from loadtui.report.account.formatting import clock
from loadtui.tui.cells.text import Line, Span
from loadtui.tui.widgets.lines import Lines


class TimeBar(Lines):
    """▶ 10×  03:12 / 15:00 ━━━━━━●──┼─────────"""

    class Clicked(Message):
        """A place on the bar, as a share of the run."""

        def __init__(self, share: float) -> None:
            super().__init__()
            self.share = share

    def __init__(self, plain: bool) -> None:
        super().__init__()
        self._marks = ("=", "O", "-", "|") if plain else ("━", "●", "─", "┼")
        self._second = 0
        self._length = 0
        self._stages: Sequence[int] = ()
        self._speed = ""
        self._bar = (0, 1)

    def show(self, second: int, length: int, stages: Sequence[int], speed: str) -> None:
        """`speed` is empty while time stands still."""
        self._second, self._length, self._stages, self._speed = second, length, stages, speed
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        if not self._length:
            return [[(" reading the run …", "accent")]]
        state = f"playing {self._speed}" if self._speed else "replay"
        head = f" {state:<12} {clock(self._second)} / {clock(self._length)} "
        room = max(2, width - len(head) - 1)
        self._bar = (len(head), room)
        at = round(self._second / self._length * (room - 1))
        stages = {round(second / self._length * (room - 1)) for second in self._stages if second}
        past, here, ahead, stage = self._marks
        line: list[Span] = [(head, "accent" if self._speed else "strong")]
        for x in range(room):
            if x == at:
                line.append((here, "accent"))
            elif x in stages:
                line.append((stage, "dim"))
            else:
                line.append((past, "accent") if x < at else (ahead, "faint"))
        return [line]

    def on_click(self, event: events.Click) -> None:
        event.stop()
        start, room = self._bar
        if self._length and event.x >= start:
            self.post_message(self.Clicked(min(1.0, (event.x - start) / max(1, room - 1))))
