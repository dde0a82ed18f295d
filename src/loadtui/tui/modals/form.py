"""A question with several fields."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Checkbox, Input, Static

from loadtui.tui.cells.text import one_line

_T = TypeVar("_T")


class FormDialog(ModalScreen[_T | None]):
    """Dismissed with what `answer` makes of the fields, None when escaped.

    Tab goes from field to field, enter does it.  `answer` raises ValueError with the reason for
    fields that will not do; `refuse` shows one that was found out later.
    """

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Go back", show=False)
    ]

    def __init__(self, title: str, text: str, do_it: str) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._do_it = do_it

    @abstractmethod
    def fields(self) -> Iterable[Widget]:
        """The widgets to fill in."""

    @abstractmethod
    def answer(self) -> _T:
        """What the fields say."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield Static(self._text, classes="dialog-text", markup=False)
            with VerticalScroll(classes="fields", can_focus=False):
                yield from self.fields()
            yield Static("", id="refusal", markup=False)
            with Horizontal(classes="buttons"):
                yield Button(self._do_it, variant="primary", id="do", compact=True)
                yield Button("go back", id="back", compact=True)
                yield Static("enter: do it   tab: next field   esc: go back", markup=False)

    def on_input_submitted(self) -> None:
        self.submit()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "do":
            self.submit()
        else:
            self.dismiss(None)

    def submit(self) -> None:
        try:
            answer = self.answer()
        except ValueError as error:
            self.refuse(str(error))
        else:
            self.accept(answer)

    def accept(self, answer: _T) -> None:
        """What to do with a good answer; by default the form is done."""
        self.dismiss(answer)

    def refuse(self, reason: str) -> None:
        self.query_one("#refusal", Static).update(f"! {one_line(reason)}")

    def value_of(self, id: str) -> str:
        return self.query_one(f"#{id}", Input).value

    def is_checked(self, id: str) -> bool:
        return self.query_one(f"#{id}", Checkbox).value


def form_field(label: str, value: str, id: str, placeholder: str = "") -> Horizontal:
    """A line of a form: what it is, and where to type it."""
    return Horizontal(
        Static(f"{label:<14}", classes="label", markup=False),
        Input(value, placeholder=placeholder, id=id, compact=True),
        classes="field",
    )


class TickBox(Checkbox):
    """A line of a form to be ticked; what is ticked is not told by a colour alone."""

    BUTTON_LEFT = "["
    BUTTON_RIGHT = "]"
    BUTTON_INNER = " "

    def __init__(self, label: str, id: str) -> None:
        super().__init__(label, id=id, compact=True)

    def watch_value(self) -> None:
        self.BUTTON_INNER = "x" if self.value else " "
        super().watch_value()
