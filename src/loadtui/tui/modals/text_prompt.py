"""A question answered by typing a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from loadtui.plan.model import MOST_USERS
from loadtui.whole_numbers import whole_number


class TextPrompt(ModalScreen[str | None]):
    """Dismissed with what was typed once `refuse` has nothing against it, None when escaped.

    `refuse` gives the reason why a text will not do, or an empty string.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Go back", show=False)
    ]

    def __init__(
        self,
        title: str,
        text: str,
        initial: str,
        refuse: Callable[[str], str],
        digits: bool = False,
    ) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._initial = initial
        self._refuse = refuse
        self._digits = digits

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield Static(self._text, classes="dialog-text", markup=False)
            yield Input(self._initial, restrict=r"[0-9]*" if self._digits else None, compact=True)
            yield Static("", id="refusal", markup=False)
            yield Static("enter: do it   esc: go back", classes="dialog-text", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        reason = self._refuse(event.value)
        if reason:
            self.query_one("#refusal", Static).update(f"! {reason}")
        else:
            self.dismiss(event.value)


def users_prompt(now: int) -> TextPrompt:
    """Asks for a number of users."""

    def refuse(text: str) -> str:
        users = whole_number(text)
        if users is None:
            return "a whole number is needed, such as 50"
        if users > MOST_USERS:
            return f"at most {MOST_USERS} users"
        return ""

    return TextPrompt(
        "Users",
        "How many users from now on?  Holds until the next stage; marks this stage as steered.",
        str(now),
        refuse,
        digits=True,
    )


def mark_prompt() -> TextPrompt:
    """Asks for a note for the time line."""
    return TextPrompt(
        "Mark",
        "What happened just now?  Saved on the run's timeline.",
        "",
        lambda text: "" if text.strip() else "a few words are needed",
    )


def filter_prompt(now: str) -> TextPrompt:
    """Asks which endpoints to show."""
    return TextPrompt(
        "Filter",
        "Show only endpoints that hold these words, whatever their case; empty shows all.",
        now,
        lambda text: "",
    )
