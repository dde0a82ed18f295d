"""How the run ended, across the whole width."""

from __future__ import annotations

from loadtui.tui.text import Line, clean
from loadtui.tui.widgets.lines import Lines
from loadtui.wire.messages import Snapshot

_VERDICTS = {
    "pass": ("✓ PASS", "on-good"),
    "fail": ("✗ FAIL", "on-bad"),
    "invalid": ("! INVALID: the run says nothing", "on-warn"),
}


class Banner(Lines):
    """Hidden until the run is over or its host is gone."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._style = "on-accent"

    def finished(self, snapshot: Snapshot) -> None:
        """Say how it ended; `snapshot` is the very last one."""
        word, style = _VERDICTS.get(snapshot.verdict, ("not judged", "on-accent"))
        because = f" ({clean(snapshot.ended_because)})" if snapshot.ended_because else ""
        kept = f" · kept in {clean(snapshot.folder)}" if snapshot.folder else ""
        self._show(f" {snapshot.state}{because} · {word}{kept} · q leaves", style)

    def lost(self, reason: str) -> None:
        """Say that the host is gone and did not say how the run ended."""
        self._show(
            f" ! {clean(reason) or 'the connection to the run was lost'} · q leaves", "on-warn"
        )

    def _show(self, text: str, style: str) -> None:
        self._text, self._style = text, style
        self.display = True
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        return [[(self._text + " " * width, self._style)]]
