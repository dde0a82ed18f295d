"""A question with a few answers, each reached by a key, by arrows and enter, or by mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static


@dataclass(frozen=True)
class ChoiceAnswer:
    value: str
    key: str
    label: str


class ChoiceDialog(ModalScreen[str | None]):
    """Dismissed with the value of the answer, None when escaped."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Go back", show=False)
    ]

    def __init__(self, title: str, text: str, answers: Sequence[ChoiceAnswer]) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._answers = answers

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield Static(self._text, classes="dialog-text", markup=False)
            yield OptionList(
                *(
                    Content.assemble((f" {answer.key} ", "bold $accent"), f" {answer.label}")
                    for answer in self._answers
                )
            )

    def on_key(self, event: events.Key) -> None:
        for answer in self._answers:
            if event.key == answer.key:
                event.stop()
                self.dismiss(answer.value)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._answers[event.option_index].value)


GO_ON_ANSWER = ChoiceAnswer("", "n", "continue as before")
STOP_ANSWER = ChoiceAnswer(
    "stop", "s", "stop gracefully: requests in flight may finish, the run is saved"
)
STOP_NOW_ANSWER = ChoiceAnswer(
    "now", "x", "stop now: requests in flight are killed and counted, the run is saved"
)


def stop_question() -> ChoiceDialog:
    """Asks how to stop: `stop`, `now` or nothing."""
    return ChoiceDialog(
        "Stop the run?",
        "Everything measured so far is saved.",
        (STOP_ANSWER, STOP_NOW_ANSWER, GO_ON_ANSWER),
    )


def quit_question() -> ChoiceDialog:
    """Asks what becomes of the run: `detach`, `stop` or nothing."""
    return ChoiceDialog(
        "The run is running.",
        "Leave it running, or end it?  ctrl+c again stops it gracefully.",
        (
            ChoiceAnswer("detach", "d", "detach: it runs on, `loadtui attach` finds it again"),
            ChoiceAnswer("stop", "s", "stop gracefully, wait for the end and leave"),
            GO_ON_ANSWER,
        ),
    )
