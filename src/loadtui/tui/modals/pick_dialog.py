"""A question answered by picking a row of a table, found by typing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from loadtui.tui.cells.text import one_line
from loadtui.tui.project.comparisons import SideCandidate, SideRef
from loadtui.tui.widgets.row_table import RowTable, TableColumn


class PickDialog(ModalScreen[SideRef | None]):
    """Dismissed with the side that was picked, None when escaped."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Go back", show=False),
        Binding("down", "down", "Down", show=False),
        Binding("up", "up", "Up", show=False),
        Binding("pagedown", "page(1)", "A page down", show=False),
        Binding("pageup", "page(-1)", "A page up", show=False),
    ]

    def __init__(self, title: str, candidates: Sequence[SideCandidate]) -> None:
        super().__init__()
        self._title = title
        self._candidates = candidates
        self._table: RowTable[SideCandidate] = RowTable(
            _COLUMNS, "nothing holds these words", quiet=True
        )

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog picking"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield Input(placeholder="type to find", compact=True)
            yield self._table
            yield Static(
                "enter or double click: pick   up, down   esc: go back",
                classes="dialog-text",
                markup=False,
            )

    def on_mount(self) -> None:
        self._table.show(self._candidates)

    def on_input_changed(self, event: Input.Changed) -> None:
        words = event.value.casefold().split()
        matching = [
            candidate
            for candidate in self._candidates
            if all(
                w in f"{candidate.ref.name} {candidate.plan} {candidate.detail}".casefold()
                for w in words
            )
        ]
        self._table.show(matching, cursor=0)

    def on_input_submitted(self) -> None:
        self._pick()

    def on_row_table_chosen(self) -> None:
        self._pick()

    def action_down(self) -> None:
        self._table.move(1)

    def action_up(self) -> None:
        self._table.move(-1)

    def action_page(self, direction: int) -> None:
        self._table.page(direction)

    def _pick(self) -> None:
        picked = self._table.current
        if picked is not None:
            self.dismiss(picked.ref)


_COLUMNS: tuple[TableColumn[SideCandidate], ...] = (
    TableColumn("name", lambda side: (one_line(side.ref.name), "strong"), 20, grows=3, middle=True),
    TableColumn("plan", lambda side: (one_line(side.plan), "text"), 10, grows=1),
    TableColumn("what", lambda side: (one_line(side.detail), "dim"), 22, grows=1),
)
