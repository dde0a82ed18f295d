"""The endpoint table: every endpoint with its counts and latencies over the whole run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from loadtui.report.numbers import count, millis, percent_points, rate, size
from loadtui.samples.figures import Figures
from loadtui.tui.text import Line, Span, clean, fit, fit_middle
from loadtui.tui.widgets.lines import Lines
from loadtui.wire.messages import EndpointRow, Snapshot


@dataclass(frozen=True)
class _Column:
    head: str
    width: int
    read: Callable[[Figures, float], Any]
    write: Callable[[Any], str]
    style: str = "text"
    from_width: int = 0
    """Shown when the table has at least so many cells."""


def _mean_size(figures: Figures, _: float) -> float | None:
    return figures.bytes / figures.requests if figures.requests else None


_COLUMNS = (
    _Column("reqs", 10, lambda f, _: f.requests, count),
    _Column("rps", 8, lambda _, now: now, rate),
    _Column("err %", 7, lambda f, _: f.error_rate, percent_points),
    _Column("p50", 8, lambda f, _: f.p50_ms, millis),
    _Column("p95", 8, lambda f, _: f.p95_ms, millis),
    _Column("p99", 8, lambda f, _: f.p99_ms, millis),
    _Column("max", 9, lambda f, _: f.max_ms, millis, from_width=80),
    _Column("mean", 8, lambda f, _: f.mean_ms, millis, from_width=150),
    _Column("fails", 9, lambda f, _: f.failures, count, from_width=150),
    _Column("size", 10, _mean_size, size, from_width=110),
)


class Endpoints(Lines):
    """Rows scroll and can be ordered by a column, largest first; a total closes the table."""

    def __init__(self) -> None:
        super().__init__()
        self._rows_shown: list[EndpointRow] = []
        self._total: tuple[Figures, float] | None = None
        self._top = 0
        self._sort: _Column | None = None

    def show(self, snapshot: Snapshot) -> None:
        self._rows_shown = snapshot.endpoints
        self._total = (snapshot.totals, snapshot.now.rps)
        self.redraw()

    def sort(self) -> str:
        """Order by the next column; returns its name, empty for the run's own order."""
        columns: list[_Column | None] = [None, *self._columns(self.content_size.width)]
        at = columns.index(self._sort) if self._sort in columns else 0
        self._sort = columns[(at + 1) % len(columns)]
        self._top = 0
        self.redraw()
        return self._sort.head if self._sort else ""

    def scroll(self, step: Literal["line", "page"], direction: int) -> None:
        """Move the rows by one or by what is visible."""
        rows = self._visible(self.content_size.height)
        self._top += direction * (1 if step == "line" else max(1, rows - 1))
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        columns = self._columns(width)
        name_width = width - 1 - sum(column.width for column in columns)
        rows = self._ordered()
        visible = self._visible(height)
        self._top = max(0, min(self._top, len(rows) - visible))
        shown = rows[self._top : self._top + visible]
        lines: list[Line] = [self._head(columns, name_width, len(rows), len(shown))]
        lines += [
            self._row(_label(row), row.figures, row.rps_now, columns, name_width) for row in shown
        ]
        if not rows:
            lines.append([(" no request has finished yet", "dim")])
        elif self._total is not None and height > 3:
            figures, now = self._total
            lines.append(self._row("total", figures, now, columns, name_width, style="strong"))
        return lines

    def _columns(self, width: int) -> list[_Column]:
        return [column for column in _COLUMNS if width >= column.from_width]

    def _visible(self, height: int) -> int:
        return max(1, height - 2) if height > 3 else max(1, height - 1)

    def _ordered(self) -> list[EndpointRow]:
        column = self._sort
        if column is None:
            return self._rows_shown

        def key(row: EndpointRow) -> float:
            value = column.read(row.figures, row.rps_now)
            return -1.0 if value is None else float(value)

        return sorted(self._rows_shown, key=key, reverse=True)

    def _head(self, columns: list[_Column], name_width: int, rows: int, shown: int) -> Line:
        name = " endpoint"
        if shown < rows:
            name += f"  {self._top + 1}-{self._top + shown} of {rows}"
        out: list[Span] = [(fit(name, name_width + 1), "dim")]
        for column in columns:
            sorted_by = column is self._sort
            head = f"{column.head} ▾" if sorted_by else column.head
            out.append((fit(head, column.width, "right"), "strong" if sorted_by else "dim"))
        return out

    def _row(
        self,
        name: str,
        figures: Figures,
        now: float,
        columns: list[_Column],
        name_width: int,
        style: str = "text",
    ) -> Line:
        out: list[Span] = [(" ", "text"), (fit_middle(name, name_width), style)]
        for column in columns:
            text = column.write(column.read(figures, now))
            column_style = style
            if column.head in {"err %", "fails"}:
                column_style = "bad" if figures.failures else "dim"
                if figures.failures and column.head == "err %":
                    text = "!" + text
            out.append((fit(text, column.width, "right"), column_style))
        return out


def _label(row: EndpointRow) -> str:
    name = clean(row.name)
    return f"{clean(row.method):<4} {name}" if row.method else name
