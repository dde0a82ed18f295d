"""The endpoint table: every endpoint with its counts and latencies over the whole run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rich.cells import cell_len
from textual import events

from loadtui.percentile_names import DEFAULT_PERCENTILES
from loadtui.samples.estimate import TOTAL
from loadtui.tui.cells.text import Line, Span, fit_middle, fit_width, one_line
from loadtui.tui.watched.moment import Moment
from loadtui.tui.watched.trends import ordered_trends
from loadtui.tui.widgets.endpoint_columns import (
    EndpointColumn,
    EndpointEntry,
    column_pages,
    endpoint_columns,
)
from loadtui.tui.widgets.lines import Lines
from loadtui.verdict.run_summary import MetricValues
from loadtui.wire.messages import EndpointRow

_WHEEL = 3


class Endpoints(Lines):
    """Rows scroll, can be filtered, and ordered by a column; a total closes the table.

    rps is that of the last seconds, and of the whole run once it is over.
    """

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._entries: list[EndpointEntry] = []
        self._total: EndpointEntry | None = None
        self._all_columns: list[EndpointColumn] = []
        self._page = 0
        self._top = 0
        self._order = ""
        self._reverse = False
        self._filter: list[str] = []
        self._grown: dict[str, int] = {}
        self._heads: list[tuple[int, str]] = []
        """Where each head ends, and the column it stands for."""

    def show(self, moment: Moment) -> None:
        snapshot, reference = moment.snapshot, moment.reference
        over = snapshot.exit_code is not None
        compared = reference is not None and not reference.unreadable
        trends = ordered_trends(snapshot.metrics)
        percentiles = tuple(snapshot.totals.percentiles) or DEFAULT_PERCENTILES
        self._all_columns = endpoint_columns(trends, percentiles, compared=compared, over=over)
        by_endpoint: dict[str, dict[str, MetricValues]] = {}
        for row in snapshot.metrics:
            if row.kind == "trend" and row.endpoint is not None:
                by_endpoint.setdefault(row.endpoint, {})[row.name] = row.whole
        stage = snapshot.stages[snapshot.stage].name if snapshot.stage >= 0 else ""
        judged = reference is not None and reference.words is not None
        words = (reference.words if reference else None) or {}

        def entry(row: EndpointRow) -> EndpointEntry:
            key = f"{row.method} {row.name}" if row.method else row.name
            measured = row.measured
            return EndpointEntry(
                label=_label(row),
                figures=row.figures,
                rps=row.figures.rps if over else row.rps_now,
                change=reference.change(stage, key, "p95", measured.p95_ms, measured.requests or 0)
                if reference and measured
                else None,
                # With a run only what is not well is saved.
                word=words.get(key, "pass" if judged else ""),
                trends=by_endpoint.get(key, {}),
            )

        self._entries = [entry(row) for row in snapshot.endpoints]
        shown, measured = snapshot.totals if over else snapshot.now, snapshot.measured
        self._total = EndpointEntry(
            label="total",
            figures=snapshot.totals,
            rps=shown.rps,
            change=reference.change(stage, TOTAL, "p95", measured.p95_ms, measured.requests or 0)
            if reference and measured
            else None,
            word=words.get(TOTAL, ""),
            trends={row.name: row.whole for row in trends},
            style="strong",
        )
        self.redraw()

    def sort(self) -> None:
        """Order by the next column, after the last one in the run's own order."""
        heads = ["", *(column.head for column in self._columns(self.content_size.width))]
        at = heads.index(self._order) if self._order in heads else 0
        self._order_by(heads[(at + 1) % len(heads)])

    def reverse(self) -> None:
        """Smallest first, or largest first again."""
        self._reverse = not self._reverse
        self.redraw()

    def next_columns(self) -> None:
        """Show those columns that had no room."""
        self._page += 1
        self.redraw()

    @property
    def filter(self) -> str:
        return " ".join(self._filter)

    def only(self, words: str) -> None:
        """Show the endpoints that hold all these words, whatever their case; none: all."""
        self._filter = words.lower().split()
        self._top = 0
        self.redraw()

    def scroll(self, step: Literal["line", "page"], direction: int) -> None:
        """Move the rows by one or by what is visible."""
        rows = self._visible(self.content_size.height)
        self._top += direction * (1 if step == "line" else max(1, rows - 1))
        self.redraw()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._top += _WHEEL
        self.redraw()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._top -= _WHEEL
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        """A click on a head orders by it, a second one turns the order around."""
        event.stop()
        if event.y:
            return
        head = next((head for end, head in self._heads if event.x < end), None)
        if head is not None and head == self._order:
            self.reverse()
        elif head is not None:
            self._order_by(head)

    def draw(self, width: int, height: int) -> list[Line]:
        shown_columns = self._columns(width)
        rows = self._ordered()
        visible = self._visible(height)
        self._top = max(0, min(self._top, len(rows) - visible))
        shown = rows[self._top : self._top + visible]
        if not rows or self._total is None:
            head = self._head(shown_columns, self._widths(shown_columns, []), width, "")
            return [head, [(f" {self._nothing()}", "dim")]]
        values = [[column.write(entry) for column in shown_columns] for entry in shown]
        total = [column.write(self._total) for column in shown_columns]
        widths = self._widths(shown_columns, [*values, total])
        lines: list[Line] = [
            self._head(shown_columns, widths, width, self._more(len(rows), len(shown)))
        ]
        for entry, texts in zip(shown, values, strict=True):
            lines.append(_line(entry, texts, widths, width))
        if height > 3:
            lines.append(_line(self._total, total, widths, width))
        return lines

    def _nothing(self) -> str:
        if self._entries and self._filter:
            return f"no endpoint holds “{self.filter}”; / changes the filter"
        return "no request has finished yet"

    def _columns(self, width: int) -> list[EndpointColumn]:
        # A third of a wide table is for the names, and enough of a narrow one to tell them apart.
        room = width - 1 - max(22, min(60, width * 3 // 10))
        sets = column_pages(self._all_columns, room)
        if not sets:
            return []
        self._page %= len(sets)
        return sets[self._page]

    def _visible(self, height: int) -> int:
        return max(1, height - 2) if height > 3 else max(1, height - 1)

    def _order_by(self, head: str) -> None:
        self._order, self._reverse, self._top = head, False, 0
        self.redraw()

    def _ordered(self) -> list[EndpointEntry]:
        shown = [
            entry
            for entry in self._entries
            if all(word in entry.label.lower() for word in self._filter)
        ]
        column = next((column for column in self._all_columns if column.head == self._order), None)
        if column is None:
            return shown[::-1] if self._reverse else shown

        def key(entry: EndpointEntry) -> tuple[bool, float]:
            value = column.order(entry)
            # What has no value comes last either way.
            return value is None, 0.0 if value is None else value * (1 if self._reverse else -1)

        return sorted(shown, key=key)

    def _more(self, rows: int, shown: int) -> str:
        out = f"  / {self.filter}" if self._filter else ""
        if shown < rows:
            out += f"  {self._top + 1}-{self._top + shown} of {rows}"
        return out

    def _widths(self, shown: Sequence[EndpointColumn], rows: Sequence[Sequence[Span]]) -> list[int]:
        """Cells of each column.  They only grow, so that the table stands still."""
        for at, column in enumerate(shown):
            longest = max((cell_len(row[at][0]) for row in rows), default=0)
            least = self._grown.get(column.head, max(column.width, len(column.head) + 2))
            self._grown[column.head] = max(least, longest + 2)
        return [self._grown[column.head] for column in shown]

    def _head(
        self, shown: Sequence[EndpointColumn], widths: Sequence[int], width: int, more: str
    ) -> list[Span]:
        room = width - sum(widths)
        arrow = "▴" if self._reverse else "▾"
        name = f" endpoint {arrow}" if self._reverse and not self._order else " endpoint"
        out: list[Span] = [(fit_width(f"{name}{more}", room), "dim")]
        self._heads = [(room, "")]
        for column, cells in zip(shown, widths, strict=True):
            by = column.head == self._order
            head = f"{column.head} {arrow}" if by else column.head
            out.append((fit_width(head, cells, "right"), "strong" if by else "dim"))
            self._heads.append((self._heads[-1][0] + cells, column.head))
        return out


def _line(entry: EndpointEntry, texts: Sequence[Span], widths: Sequence[int], width: int) -> Line:
    room = width - sum(widths) - 1
    out: list[Span] = [(" ", "text"), (fit_middle(entry.label, room), entry.style)]
    for (text, style), cells in zip(texts, widths, strict=True):
        out.append((fit_width(text, cells, "right"), style))
    return out


def _label(row: EndpointRow) -> str:
    name = one_line(row.name)
    return f"{one_line(row.method):<4} {name}" if row.method else name
