"""The registry's actions in the command palette."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from loadtui.tui.keys.actions import Action, ActionScope, actions, actions_in
from loadtui.tui.keys.remapping import keys_of_app


class ActionCommands(Provider):
    """Offers what can be done on the screen under the palette."""

    def _offered(self) -> list[Action]:
        scope: ActionScope | None = getattr(self.screen, "SCOPE", None)
        here = actions_in(scope) if scope is not None else []
        return [*here, *actions("everywhere")]

    async def discover(self) -> Hits:
        for action in self._offered():
            yield DiscoveryHit(
                self._title(action), partial(self.app.run_action, action.method), help=action.help
            )

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for action in self._offered():
            title = self._title(action)
            score = max(matcher.match(title), matcher.match(action.help))
            if score > 0:
                yield Hit(
                    score,
                    matcher.highlight(title),
                    partial(self.app.run_action, action.method),
                    help=action.help,
                )

    def _title(self, action: Action) -> str:
        return f"{action.label}  ({keys_of_app(self.app).written(action)})"
