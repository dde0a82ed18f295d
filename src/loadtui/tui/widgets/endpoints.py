"""The endpoint table: every endpoint with its counts and latencies over the whole run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from rich.cells import cell_len

from loadtui.report.numbers import count, millis, percent_points, rate, size
from loadtui.samples.figures import Figures
from loadtui.tui.text import Line, Span, clean, fit, fit_middle
from loadtui.tui.widgets.lines import Lines
from loadtui.wire.messages import EndpointRow, Snapshot


@dataclass(frozen=True)
class _Column:
    head: str
    read: Callable[[Figures, float], Any]
    write: Callable[[Any], str]
    from_width: int = 0
    """Shown when the table has at least so many cells."""


def _mean_size(figures: Figures, _: float) -> float | None:
    return (figures.bytes or 0) / figures.requests if figures.requests else None


_ERRORS = "err %"
_FAILURES = "fails"
_COLUMNS = (
    _Column("reqs", lambda f, _: f.requests, count),
    _Column("rps", lambda _, now: now, rate),
    _Column(_ERRORS, lambda f, _: f.error_rate, percent_points),
    _Column("p50", lambda f, _: f.p50_ms, millis),
    _Column("p95", lambda f, _: f.p95_ms, millis),
    _Column("p99", lambda f, _: f.p99_ms, millis),
    _Column("max", lambda f, _: f.max_ms, millis, from_width=80),
    _Column("mean", lambda f, _: f.mean_ms, millis, from_width=150),
    _Column(_FAILURES, lambda f, _: f.failures, count, from_width=150),
    _Column("size", _mean_size, size, from_width=110),
)


class Endpoints(Lines):
    """Rows scroll and can be ordered by a column, largest first; a total closes the table.

    rps is that of the last seconds, and of the whole run once it is over.
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows_shown: list[tuple[EndpointRow, float]] = []
        self._total: tuple[Figures, float] | None = None
        self._top = 0
        self._sort: _Column | None = None
        self._grown: dict[str, int] = {}

    def show(self, snapshot: Snapshot) -> None:
        over = snapshot.exit_code is not None
        self._rows_shown = [
            (row, (row.figures.rps or 0.0) if over else row.rps_now) for row in snapshot.endpoints
        ]
        shown = snapshot.totals if over else snapshot.now
        self._total = (snapshot.totals, shown.rps or 0.0)
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
        rows = self._ordered()
        visible = self._visible(height)
        self._top = max(0, min(self._top, len(rows) - visible))
        shown = rows[self._top : self._top + visible]
        if not rows or self._total is None:
            head = self._head(columns, self._widths(columns, []), width, "")
            return [head, [(" no request has finished yet", "dim")]]
        values = [self._values(row.figures, rps, columns) for row, rps in shown]
        total = self._values(*self._total, columns)
        widths = self._widths(columns, [*values, total])
        more = f"  {self._top + 1}-{self._top + len(shown)} of {len(rows)}"
        lines = [self._head(columns, widths, width, more if len(shown) < len(rows) else "")]
        for (row, _), texts in zip(shown, values, strict=True):
            failed = bool(row.figures.failures)
            lines.append(self._line(_label(row), texts, failed, columns, widths, width, "text"))
        if height > 3:
            failed = bool(self._total[0].failures)
            lines.append(self._line("total", total, failed, columns, widths, width, "strong"))
        return lines

    def _columns(self, width: int) -> list[_Column]:
        return [column for column in _COLUMNS if width >= column.from_width]

    def _visible(self, height: int) -> int:
        return max(1, height - 2) if height > 3 else max(1, height - 1)

    def _ordered(self) -> list[tuple[EndpointRow, float]]:
        column = self._sort
        if column is None:
            return self._rows_shown

        def key(shown: tuple[EndpointRow, float]) -> float:
            value = column.read(shown[0].figures, shown[1])
            return -1.0 if value is None else float(value)

        return sorted(self._rows_shown, key=key, reverse=True)

    def _values(self, figures: Figures, now: float, columns: list[_Column]) -> list[str]:
        texts = [column.write(column.read(figures, now)) for column in columns]
        if figures.failures:
            at = next(at for at, column in enumerate(columns) if column.head == _ERRORS)
            texts[at] = "!" + texts[at]
        return texts

    def _widths(self, columns: list[_Column], rows: list[list[str]]) -> list[int]:
        """Cells of each column.  They only grow, so that the table stands still."""
        for at, column in enumerate(columns):
            longest = max((cell_len(row[at]) for row in rows), default=0)
            least = self._grown.get(column.head, len(column.head) + 4)
            self._grown[column.head] = max(least, longest + 2)
        return [self._grown[column.head] for column in columns]

    def _head(self, columns: list[_Column], widths: list[int], width: int, more: str) -> Line:
        out: list[Span] = [(fit(f" endpoint{more}", width - sum(widths)), "dim")]
        for column, cells in zip(columns, widths, strict=True):
            by = column is self._sort
            head = f"{column.head} ▾" if by else column.head
            out.append((fit(head, cells, "right"), "strong" if by else "dim"))
        return out

    def _line(
        self,
        name: str,
        texts: list[str],
        failed: bool,
        columns: list[_Column],
        widths: list[int],
        width: int,
        style: str,
    ) -> Line:
        room = width - sum(widths) - 1
        out: list[Span] = [(" ", "text"), (fit_middle(name, room), style)]
        for column, text, cells in zip(columns, texts, widths, strict=True):
            alarming = column.head in {_ERRORS, _FAILURES}
            # Zeroes look like the rest: a style of their own would double the bytes of a row.
            look = "bad" if alarming and failed else style
            out.append((fit(text, cells, "right"), look))
        return out


def _label(row: EndpointRow) -> str:
    name = clean(row.name)
    return f"{clean(row.method):<4} {name}" if row.method else name
