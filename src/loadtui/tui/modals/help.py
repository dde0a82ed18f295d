"""All keys of a screen and of everywhere."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from loadtui.tui.keys.actions import INCLUDED_SCOPES, ActionScope, actions
from loadtui.tui.keys.remapping import keys_of_app

_HEADS: dict[ActionScope, str] = {
    "plans": "Plans",
    "runs": "Runs",
    "live": "This run",
    "compare": "Comparison",
    "history": "History",
    "replay": "This run, again",
    "board": "What is shown of it",
    "list": "Lists",
    "everywhere": "Everywhere",
}


class HelpDialog(ModalScreen[None]):
    """Written from the registry; closed by escape, q or the help key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss(None)", "Close", show=False)
    ]

    def __init__(self, scope: ActionScope | None) -> None:
        super().__init__()
        here: tuple[ActionScope, ...] = (scope, *INCLUDED_SCOPES.get(scope, ())) if scope else ()
        self._scopes: tuple[ActionScope, ...] = (*here, "everywhere")

    def compose(self) -> ComposeResult:
        keys = keys_of_app(self.app)
        with VerticalScroll(classes="dialog"):
            for scope in self._scopes:
                lines = [
                    Content.assemble(
                        (f"{keys.all_written(action):>12}", "bold $accent"), f"  {action.help}"
                    )
                    for action in actions(scope)
                ]
                yield Static(_HEADS[scope], classes="dialog-title", markup=False)
                yield Static(Content("\n").join(lines))
            yield Static("\nesc: close", classes="dialog-text", markup=False)
