"""A table of rows to choose from: only the rows that are seen are ever written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from textual import events
from textual.message import Message

from loadtui.tui.cells.text import Line, Span, fit_middle, fit_width, width_of
from loadtui.tui.widgets.lines import Lines

_Row = TypeVar("_Row")
_CURSOR = "▸"
_MARGIN = 3
"""Cells of the cursor's sign."""
_WHEEL = 3
"""Rows that a turn of the mouse wheel moves."""


@dataclass(frozen=True)
class TableColumn(Generic[_Row]):
    head: str
    write: Callable[[_Row], Span]
    """Text and style of a row's cell."""
    width: int
    """Cells, without the two blanks between columns; of a growing one the least."""
    least: int = 0
    """Cells that are enough where there is no room for all columns; 0: it keeps its width."""
    right: bool = False
    grows: int = 0
    """Share of the room that is left over."""
    from_width: int = 0
    """Shown when the table has at least so many cells."""
    middle: bool = False
    """What is too long is cut in the middle: names that differ at their ends."""


class RowTable(Lines, Generic[_Row], can_focus=True):
    """Rows with a cursor, moved by `move` and by mouse; a double click chooses.

    Rows are written when they are seen, so thousands of them cost what a screenful does.
    """

    class Chosen(Message):
        """A row was clicked twice."""

    class Moved(Message):
        """The cursor is on another row."""

    class Ordered(Message):
        """The head of a column was clicked."""

        def __init__(self, column: str) -> None:
            super().__init__()
            self.column = column

    def __init__(
        self,
        columns: Sequence[TableColumn[_Row]],
        empty: str,
        *,
        id: str | None = None,
        quiet: bool = False,
    ) -> None:
        """With `quiet` the keys stay with another widget, and the cursor shows all the same."""
        super().__init__(id=id)
        self.can_focus = not quiet
        self._all_columns = columns
        self._empty = empty
        self._items: Sequence[_Row] = ()
        self._cursor = 0
        self._top = 0
        self._order: str = ""
        self._heads: list[tuple[int, str]] = []
        self._gap = 2

    @property
    def current(self) -> _Row | None:
        """The row under the cursor."""
        return self._items[self._cursor] if self._items else None

    @property
    def cursor(self) -> int:
        return self._cursor

    def show(self, rows: Sequence[_Row], *, cursor: int | None = None, order: str = "") -> None:
        """Show these rows, the cursor on one of them or as far down as before.

        `order` is the head of the column they are ordered by.
        """
        self._items, self._order = rows, order
        wanted = self._cursor if cursor is None else cursor
        self._cursor = max(0, min(wanted, len(rows) - 1))
        self.redraw()

    def use(self, columns: Sequence[TableColumn[_Row]]) -> None:
        """Show these columns from now on."""
        self._all_columns = columns
        self.redraw()

    def say_empty(self, text: str) -> None:
        """What stands where there is no row."""
        self._empty = text
        self.redraw()

    def move(self, by: int) -> None:
        """Move the cursor by some rows, as far as there are any."""
        self._go(self._cursor + by)

    def page(self, direction: int) -> None:
        self.move(direction * max(1, self._visible - 1))

    def first(self) -> None:
        self._go(0)

    def last(self) -> None:
        self._go(len(self._items) - 1)

    def draw(self, width: int, height: int) -> list[Line]:
        columns = [c for c in self._all_columns if width >= c.from_width]
        widths, self._gap = _widths(columns, width)
        visible = self._visible
        self._top = max(
            min(self._top, self._cursor, len(self._items) - visible), self._cursor - visible + 1, 0
        )
        shown = self._items[self._top : self._top + visible]
        more = ""
        if len(shown) < len(self._items):
            more = f"  {self._top + 1}-{self._top + len(shown)}/{len(self._items)}"
        lines: list[Line] = [self._head(columns, widths, more)]
        if not self._items:
            lines.append([(f"   {self._empty}", "dim")])
        for at, item in enumerate(shown, start=self._top):
            lines.append(self._line(item, columns, widths, at == self._cursor))
        return lines

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if event.y == 0:
            head = next((head for end, head in self._heads if event.x < end), None)
            if head is not None:
                self.post_message(self.Ordered(head))
            return
        row = self._top + event.y - 1
        if row >= len(self._items):
            return
        self._go(row)
        if event.chain == 2:
            self.post_message(self.Chosen())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.move(_WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.move(-_WHEEL)

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()

    @property
    def _visible(self) -> int:
        return max(1, self.content_size.height - 1)

    def _go(self, row: int) -> None:
        row = max(0, min(row, len(self._items) - 1))
        if row != self._cursor:
            self._cursor = row
            self.redraw()
            self.post_message(self.Moved())

    def _head(self, columns: Sequence[TableColumn[_Row]], widths: Sequence[int], more: str) -> Line:
        out: list[Span] = [(" " * _MARGIN, "dim")]
        self._heads, end = [], _MARGIN
        widest = max(range(len(columns)), key=lambda at: (columns[at].grows > 0, widths[at]))
        for number, (column, width) in enumerate(zip(columns, widths, strict=True)):
            by = bool(self._order) and column.head == self._order
            head = f"{column.head} ▾" if by else column.head
            if number == widest:
                head += more
            text = fit_width(head, width, "right" if column.right else "left")
            out += [(text, "strong" if by else "dim"), (" " * self._gap, "text")]
            end += width + self._gap
            self._heads.append((end, column.head))
        return out

    def _line(
        self, item: _Row, columns: Sequence[TableColumn[_Row]], widths: Sequence[int], under: bool
    ) -> Line:
        out: list[Span] = [(f" {_CURSOR} " if under else "   ", "accent")]
        for column, width in zip(columns, widths, strict=True):
            text, style = column.write(item)
            cut = fit_middle if column.middle and not column.right else fit_width
            cell = fit_width(text, width, "right") if column.right else cut(text, width)
            out += [(cell, style), (" " * self._gap, "text")]
        if under and (self.has_focus or not self.can_focus):
            rest = " " * (self.content_size.width - width_of(out))
            return [*((text, "on-cursor") for text, _ in out), (rest, "on-cursor")]
        return out


def _widths(columns: Sequence[TableColumn[_Row]], width: int) -> tuple[list[int], int]:
    """Cells of each column, and the blanks after each: two, or one where there is little room.

    What is left over goes to the columns that grow.  Where too little is, those give way that can,
    then the first that grows.
    """
    least = [column.width for column in columns]
    gap = 2 if width >= _MARGIN + sum(least) + 2 * len(least) else 1
    left = width - _MARGIN - sum(least) - gap * len(least)
    shares = sum(column.grows for column in columns)
    if left > 0 and shares:
        return [column.width + left * column.grows // shares for column in columns], gap
    for n, column in enumerate(columns):
        if left < 0 and column.least:
            least[n] -= min(-left, column.width - column.least)
            left += column.width - least[n]
    at = next((n for n, column in enumerate(columns) if column.grows), 0)
    if least:
        least[at] = max(6, least[at] + min(0, left))
    return least, gap
