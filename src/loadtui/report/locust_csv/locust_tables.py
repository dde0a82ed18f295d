"""The tables that Locust prints of a run: requests, percentiles of response times, errors.

Widths and formats are those of locust.stats.  No polars here: the table of requests is printed
while a run is running, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

LOCUST_PERCENTILES = (0.50, 0.66, 0.75, 0.80, 0.90, 0.95, 0.98, 0.99, 0.999, 0.9999, 1.0)
_TYPE_WIDTH = 8
WIDEST_NAME = 80
"""Where the width of the terminal is not known."""


class LocustRow(NamedTuple):
    """Requests of an endpoint, or of all; times in ms, rates a second."""

    method: str
    name: str
    requests: int
    failures: int
    mean_ms: float
    min_ms: float
    max_ms: float
    median_ms: float
    rps: float
    failures_per_s: float
    percentiles_ms: Sequence[int] = ()
    """Those of the table's shares; empty when no request had a response time, or nobody asks."""


class LocustError(NamedTuple):
    """A kind of failure."""

    method: str
    name: str
    message: str
    occurrences: int


def percentile_heads(shares: Iterable[float]) -> list[str]:
    """Locust's names of percentiles: `99%`, `99.9%`."""
    percents = [100 * share for share in shares]
    return [f"{int(p) if p.is_integer() else round(p, 6)}%" for p in percents]


def name_width(columns: int | None) -> int:
    """Cells for names in a terminal of so many columns, None for no terminal."""
    return WIDEST_NAME if columns is None else max(min(columns - 80, 80), 0)


def request_table(rows: Iterable[LocustRow], total: LocustRow, width: int) -> list[str]:
    """Lines, an empty one at the end; `width` is that of `name_width`."""
    names = width - _TYPE_WIDTH + 4
    line = f"{'-' * _TYPE_WIDTH}|{'-' * names}|{'-' * 7}|{'-' * 13}|" + f"{'-' * 7}|" * 4
    line += f"{'-' * 8}|{'-' * 11}"
    head = (
        f"%-{_TYPE_WIDTH}s %-{max(names, 0)}s %7s %12s |%7s %7s %7s%7s | %7s %11s"
        % ("Type", "Name", "# reqs", "# fails", "Avg", "Min", "Max", "Med", "req/s", "failures/s")
    )  # fmt: skip
    body = [_request_line(row, names) for row in _sorted(rows)]
    return [head, line, *body, line, _request_line(total, names), ""]


def percentile_table(
    rows: Iterable[LocustRow],
    total: LocustRow,
    width: int,
    shares: Sequence[float] = LOCUST_PERCENTILES,
) -> list[str]:
    """Lines, an empty one at the end; rows have the percentiles of `shares`."""
    first, *rest = [*percentile_heads(shares), "# reqs"]
    heads = " ".join([f"{first:>8}", *(f"{head:>6}" for head in rest)])
    line = f"{'-' * _TYPE_WIDTH}|{'-' * width}|{'-' * 8}|"
    line += "|".join(["-" * 6] * len(shares))
    body = [_percentile_line(row, width) for row in _sorted(rows) if row.percentiles_ms]
    end = [_percentile_line(total, width)] if total.percentiles_ms else []
    return [
        "Response time percentiles (approximated)",
        f"{'Type':<{_TYPE_WIDTH}} {'Name':<{width}} {heads}",
        line,
        *body,
        line,
        *end,
        "",
    ]


def error_table(errors: Sequence[LocustError], width: int) -> list[str]:
    """Lines, an empty one at the end; none at all without errors."""
    if not errors:
        return []
    line = f"{'-' * 18}|{'-' * (61 + width)}"
    body = [f"{e.occurrences:<18} {f'{e.method} {e.name}: {e.message}':<100}" for e in errors]
    return ["Error report", f"{'# occurrences':18} {'Error':100}", line, *body, line, ""]


def _sorted(rows: Iterable[LocustRow]) -> list[LocustRow]:
    return sorted(rows, key=lambda row: (row.name, row.method))


def _request_line(row: LocustRow, names: int) -> str:
    share = row.failures / row.requests if row.requests else float(row.failures > 0)
    return (
        f"%-{_TYPE_WIDTH}s %-{max(names, 0)}s %7d %12s |%7d %7d %7d%7d | %7.2f %11.2f"
        % (
            f"{row.method} " if row.method else "",
            row.name,
            row.requests,
            f"{row.failures}({share * 100:.2f}%)",
            row.mean_ms,
            row.min_ms,
            row.max_ms,
            row.median_ms,
            row.rps,
            row.failures_per_s,
        )
    )  # fmt: skip


def _percentile_line(row: LocustRow, width: int) -> str:
    first, *rest = [*row.percentiles_ms, row.requests]
    cells = " ".join([f"{first:>8}", *(f"{value:>6}" for value in rest)])
    return f"{row.method:<{_TYPE_WIDTH}} {row.name:<{width}} {cells}"
