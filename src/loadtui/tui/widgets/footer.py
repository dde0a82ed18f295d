"""The keys that matter here, in one line."""

from __future__ import annotations

from loadtui.tui.actions import Where, actions
from loadtui.tui.text import Line, width_of
from loadtui.tui.widgets.lines import Lines


class Footer(Lines):
    """Keys and labels from the registry; those that do not fit are left out, help never."""

    def __init__(self, where: Where) -> None:
        super().__init__()
        self._shown = [a for a in actions(where, "everywhere") if a.shown]

    def draw(self, width: int, height: int) -> list[Line]:
        parts = [[(f" {a.key} ", "key"), (f"{a.label} ", "dim")] for a in self._shown]
        while len(parts) > 2 and sum(map(width_of, parts)) > width:
            # What comes just before help and quit is the least needed.
            del parts[-3]
        return [[span for part in parts for span in part]]
