"""What failed, newest first."""

from __future__ import annotations

from textual import events
from textual.message import Message

from loadtui.plurals import counted
from loadtui.report.account.formatting import clock, count
from loadtui.report.account.verdict_words import UNKNOWN_ERRORS
from loadtui.samples.connection_failure import error_text
from loadtui.tui.cells.text import Line, Span, fit_width, one_line, width_of
from loadtui.tui.widgets.lines import Lines
from loadtui.wire.messages import ErrorRow, Snapshot


class ErrorLines(Lines):
    """A line a kind of error while there is room, the last line counting the rest."""

    class Asked(Message):
        """It was clicked: somebody wants to know more."""

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._snapshot: Snapshot | None = None

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Asked())

    def show(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.want(max(1, len(snapshot.errors) + bool(snapshot.exceptions)))
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        snapshot = self._snapshot
        if snapshot is None:
            return []
        rows: list[Line] = []
        if snapshot.exceptions:
            rows.append(_exception(snapshot, width))
        room = height - len(rows)
        kinds = snapshot.error_kinds
        if not snapshot.errors and "errors" in snapshot.unknown:
            return [*rows, [(" errors ", "dim"), (UNKNOWN_ERRORS, "dim")]]
        if not snapshot.errors:
            return rows or [[(" errors ", "dim"), ("✓ none", "good")]]
        for at, error in enumerate(snapshot.errors[:room]):
            hidden = kinds - at - 1 if at == room - 1 else 0
            rows.append(_error(error, hidden, width, first=at == 0))
        return rows


def _error(error: ErrorRow, hidden: int, width: int, first: bool) -> Line:
    times = [] if error.last is None else [f"last {clock(error.last)}"]
    if width >= 100 and error.first is not None:
        times.insert(0, f"first {clock(error.first)}")
    right: list[Span] = [(f"  {' '.join(times)} ", "dim")]
    if hidden > 0:
        right.append((f"+{counted(hidden, 'kind')} ", "dim"))
    head: list[Span] = [
        (" errors " if first else "        ", "dim"),
        (f"{count(error.count):>6}× ", "bad"),
    ]
    label = f"{one_line(error.method)} {one_line(error.name)}".strip()
    room = width - width_of(head) - width_of(right)
    return [
        *head,
        (fit_width(f"{label}  {one_line(error_text(error.message))}", room), "text"),
        *right,
    ]


def _exception(snapshot: Snapshot, width: int) -> Line:
    last = one_line(snapshot.last_exception.strip().rsplit("\n", 1)[-1])
    head: list[Span] = [
        (" raised ", "dim"),
        (f"{count(snapshot.exceptions):>6}× ", "bad"),
    ]
    return [*head, (fit_width(last, width - width_of(head)), "text")]
