"""The ground of the screens around a table: its cursor, its filter, and reading in threads."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Callable
from typing import Any, TypeVar

from textual.screen import Screen
from textual.worker import get_current_worker

from loadtui.errors import UsageError
from loadtui.tui.cells.text import Line, justified, one_line
from loadtui.tui.modals.text_prompt import TextPrompt
from loadtui.tui.widgets.lines import Lines
from loadtui.tui.widgets.row_table import RowTable

_T = TypeVar("_T")
_REST = 100.0
"""How many times as long as rereading takes it is left alone: a long list costs no more than 1 %
of a core, which may be one that a load test needs."""


class ListTitle(Lines):
    """What the screen shows, and at the right what it is busy with."""

    def __init__(self) -> None:
        super().__init__()
        self._line: Line = ()
        self._busy = ""

    def show(self, line: Line) -> None:
        self._line = line
        self.redraw()

    def busy(self, text: str) -> None:
        """Say what is being done; empty when it is done."""
        self._busy = text
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        busy = [(f"{self._busy} … ", "accent")] if self._busy else []
        return [justified(self._line, busy, width)]


class ListScreen(Screen[None]):
    """A screen with a title and a table.

    `ask` reads in a thread; only one question of a group is open, an older one is forgotten.
    """

    AUTO_FOCUS = "RowTable"
    AGAIN_S = 0.0
    """Seconds after which it is read again while it is seen; 0: only when asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.title_line = ListTitle()
        self._open: set[str] = set()
        """Groups with a question that is not answered yet."""
        self._rests_until = 0.0
        self.words = ""
        """What the rows are filtered by."""
        self.order = 0
        """Which of the orders is in force."""

    @property
    @abstractmethod
    def table(self) -> RowTable[Any]: ...

    @abstractmethod
    def fill(self) -> None:
        """Show what is known, filtered and in order."""

    @abstractmethod
    def read(self) -> None:
        """Read it all again."""

    def reread(self) -> None:
        """Read it again by itself, without a word about it."""
        self.read()

    @property
    @abstractmethod
    def orders(self) -> tuple[str, ...]:
        """Heads of the columns that rows can be ordered by."""

    def ask(
        self,
        work: Callable[[], _T],
        then: Callable[[_T], None],
        *,
        busy: str,
        group: str,
        refused: Callable[[str], None] | None = None,
    ) -> None:
        """Do `work` in a thread, `then` here with what it gave; a UsageError is told.

        With an empty `busy` neither the work nor a refusal is told.
        """

        def done(value: _T) -> None:
            answered()
            then(value)

        def failed(reason: str) -> None:
            answered()
            if busy:
                (refused or self.refuse)(reason)

        def answered() -> None:
            self._open.discard(group)
            if busy:
                self.title_line.busy("")

        def run() -> None:
            worker = get_current_worker()
            began = time.monotonic()
            try:
                value = work()
            except UsageError as error:
                if not worker.is_cancelled:
                    self.app.call_from_thread(failed, str(error))
            else:
                if not busy:
                    now = time.monotonic()
                    self._rests_until = now + _REST * (now - began)
                if not worker.is_cancelled:
                    self.app.call_from_thread(done, value)

        self._open.add(group)
        if busy:
            self.title_line.busy(busy)
        self.run_worker(run, thread=True, exclusive=True, group=group, name=group)

    def refuse(self, reason: str) -> None:
        self.notify(one_line(reason), severity="error", timeout=10, markup=False)

    def tell(self, text: str) -> None:
        self.notify(one_line(text), markup=False)

    def on_mount(self) -> None:
        if self.AGAIN_S:
            self.set_interval(self.AGAIN_S, self._reread_if_idle)

    def on_screen_resume(self) -> None:
        self.read()

    def _reread_if_idle(self) -> None:
        # What is open may be the last reread on a slow disk, or a removal that changes the rows.
        idle = not self._open and time.monotonic() >= self._rests_until
        if self.app.screen is self and idle:
            self.reread()

    def on_row_table_ordered(self, message: RowTable.Ordered) -> None:
        if message.column in self.orders:
            self.order = self.orders.index(message.column)
            self.fill()

    # What a person wants.

    def action_refresh(self) -> None:
        self.read()

    def action_sort(self) -> None:
        self.order = (self.order + 1) % len(self.orders)
        self.fill()

    def action_filter(self) -> None:
        def chosen(text: str | None) -> None:
            if text is not None:
                self.words = text.strip()
                self.fill()

        self.app.push_screen(
            TextPrompt(
                "Filter",
                "Show only what holds these words; nothing shows all.",
                self.words,
                lambda _: "",
            ),
            chosen,
        )

    def action_cursor_down(self) -> None:
        self.table.move(1)

    def action_cursor_up(self) -> None:
        self.table.move(-1)

    def action_cursor_page_down(self) -> None:
        self.table.page(1)

    def action_cursor_page_up(self) -> None:
        self.table.page(-1)

    def action_cursor_first(self) -> None:
        self.table.first()

    def action_cursor_last(self) -> None:
        self.table.last()
