"""Errors and exceptions with their whole messages, and when they came first and last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static

from loadtui.report.account.formatting import clock, count
from loadtui.report.account.verdict_words import UNKNOWN_ERRORS
from loadtui.samples.connection_failure import error_text
from loadtui.tui.cells.text import fit_middle, fit_width, one_line
from loadtui.wire.messages import Snapshot


@dataclass(frozen=True)
class _Kind:
    where: str
    message: str
    count: int
    first: float | None
    last: float | None
    more: str = ""
    """A traceback."""


class ErrorDetails(ModalScreen[None]):
    """A list of kinds, newest first; below it the one under the cursor in full."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,e", "dismiss(None)", "Close", show=False)
    ]

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self._kinds = _kinds(snapshot)
        self._total = snapshot.error_kinds
        self._nothing = UNKNOWN_ERRORS if "errors" in snapshot.unknown else "Nothing has failed."
        known = "length" not in snapshot.unknown
        self._title = f"Errors until {clock(snapshot.elapsed_s)}" if known else "Errors"

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="error-details"):
            yield Static(self._title, classes="dialog-title", markup=False)
            if not self._kinds:
                yield Static(self._nothing, classes="dialog-text", markup=False)
            else:
                # What the frame, the count and the place leave.
                room = max(20, self.app.size.width * 96 // 100 - 48)
                yield OptionList(*(_line(kind, room) for kind in self._kinds))
                with VerticalScroll():
                    yield Static("", id="whole", markup=False)
            more = self._total - sum(1 for kind in self._kinds if not kind.more)
            rest = f"{more} older kinds are not shown here.  " if more > 0 else ""
            yield Static(f"{rest}esc: close", classes="dialog-text", markup=False)

    def on_mount(self) -> None:
        if self._kinds:
            self._show(0)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._show(event.option_index)

    def _show(self, index: int) -> None:
        kind = self._kinds[index]
        times = [f"{count(kind.count)}×"]
        times += [
            f"{word} {clock(at)}"
            for word, at in (("first", kind.first), ("last", kind.last))
            if at is not None
        ]
        text = "\n".join(one_line(line) for line in (kind.message + "\n" + kind.more).splitlines())
        self.query_one("#whole", Static).update(
            Content(f"{one_line(kind.where)}\n{', '.join(times)}\n\n{text}".rstrip())
        )


def _kinds(snapshot: Snapshot) -> list[_Kind]:
    raised = [
        _Kind(
            "raised by user code",
            error.message,
            error.count,
            error.first,
            error.last,
            error.traceback,
        )
        for error in snapshot.exception_rows
    ]
    failed = [
        _Kind(
            f"{error.method} {error.name}".strip(),
            _with_words(error.message),
            error.count,
            error.first,
            error.last,
        )
        for error in snapshot.errors
    ]
    return sorted([*raised, *failed], key=lambda kind: -(kind.last or 0.0))


def _with_words(message: str) -> str:
    """What was recorded, below the words for it if there are some."""
    words = error_text(message)
    return message if words == message else f"{words}\n{message}"


def _line(kind: _Kind, room: int) -> Content:
    where = fit_middle(one_line(kind.where), 28)
    message = fit_width(one_line(kind.message.strip()), room).rstrip()
    return Content(f"{count(kind.count):>7}× {where}  {message}")
