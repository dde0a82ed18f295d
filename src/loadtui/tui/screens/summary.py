"""The report of a kept run, to read."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from loadtui.tui.widgets.footer import Footer
from loadtui.tui.widgets.toosmall import TooSmall


class Summary(Screen[None]):
    """Text that scrolls; escape and q go back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,backspace", "dismiss(None)", "Back", show=False)
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        yield TooSmall()
        with VerticalScroll():
            yield Static(self._text, markup=False)
        yield Footer("summary")
