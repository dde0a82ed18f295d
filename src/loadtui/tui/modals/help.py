"""All keys of the place and of everywhere."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from loadtui.tui.actions import Action, Where, actions

_HEADS: dict[Where, str] = {
    "live": "This run",
    "home": "Plans and runs",
    "everywhere": "Everywhere",
}


class Help(ModalScreen[None]):
    """Written from the registry; closed by escape, q or the help key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss(None)", "Close", show=False)
    ]

    def __init__(self, place: Where | None) -> None:
        super().__init__()
        self._places: list[Where] = [place, "everywhere"] if place else ["everywhere"]

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog"):
            for place in self._places:
                yield Static(_HEADS[place], classes="dialog-title", markup=False)
                for action in actions(place):
                    yield Static(
                        Content.assemble(
                            (f"{_keys(action):>12}", "bold $accent"), f"  {action.help}"
                        )
                    )
            yield Static("\nesc: close", classes="dialog-text", markup=False)


def _keys(action: Action) -> str:
    plain = [key for key in action.keys[1:] if "_" not in key and key not in {"plus", "minus"}]
    return " ".join([action.key, *(key for key in plain if key != action.key)])
