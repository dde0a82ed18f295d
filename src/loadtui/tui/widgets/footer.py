"""The keys that matter here, in one line; a click on one does it."""

from __future__ import annotations

from textual import events

from loadtui.tui.cells.text import Line, width_of
from loadtui.tui.keys.actions import Action, ActionScope, actions, actions_in
from loadtui.tui.keys.remapping import keys_of_app
from loadtui.tui.widgets.lines import Lines

_SCREENS: tuple[ActionScope, ...] = ("plans", "runs", "live", "compare")
_NEVER_LEFT_OUT = 2
"""Help and quit, at the end."""


class Footer(Lines):
    """Keys and labels from the registry: the screens, what can be done on this one, help and quit.

    What does not fit is left out, of the screen's own actions the last one first.
    """

    def __init__(self, scope: ActionScope) -> None:
        super().__init__()
        everywhere = [action for action in actions("everywhere") if action.shown]
        self._screens = [action for action in everywhere if action.id in _SCREENS]
        self._own = [action for action in actions_in(scope) if action.shown]
        self._last = [action for action in everywhere if action.id not in _SCREENS]
        self._here = scope
        self._ends: list[tuple[int, Action]] = []

    def ended(self) -> None:
        """The run is over: leave out what is of no use any more."""
        self._own = [action for action in self._own if not action.running]
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        own = list(self._own)
        screens = list(self._screens)
        while own and self._length([*screens, *own, *self._last]) > width:
            own.pop()
        while screens and self._length([*screens, *own, *self._last]) > width:
            screens.pop()
        shown = [*screens, *own, *self._last]
        self._ends, end = [], 0
        for action in shown:
            end += self._length([action])
            self._ends.append((end, action))
        return [[span for action in shown for span in self._part(action)]]

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        hit = next((action for end, action in self._ends if event.x < end), None)
        if hit is not None:
            await self.app.run_action(hit.method)

    def _part(self, action: Action) -> Line:
        here = action.id == self._here and action.scope == "everywhere"
        style = "strong" if here else "dim"
        return [(f" {keys_of_app(self.app).written(action)} ", "key"), (action.label, style)]

    def _length(self, shown: list[Action]) -> int:
        return sum(width_of(self._part(action)) for action in shown)
