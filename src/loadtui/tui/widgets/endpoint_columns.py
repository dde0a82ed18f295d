"""The columns of the endpoint table: what they read, how they write it, which ones have room."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from loadtui.report.account.formatting import (
    NOTHING,
    count,
    millis,
    percent_points,
    plain_number,
    rate,
    size,
)
from loadtui.samples.figures import Figures
from loadtui.tui.cells.change_cells import LEVEL_STYLES, LEVEL_WORDS, signed_change
from loadtui.tui.cells.text import Span, fit_width, one_line
from loadtui.tui.watched.reference import BaselineChange
from loadtui.tui.watched.trends import FIRST_TRENDS, stat_of
from loadtui.verdict.run_summary import MetricValues
from loadtui.wire.messages import MetricRow

MOST_TREND_COLUMNS = 6


@dataclass(frozen=True)
class EndpointEntry:
    """A row of the table: an endpoint, or all of them together."""

    label: str
    figures: Figures
    rps: float | None
    change: BaselineChange | None = None
    """Of the stage's p95 so far."""
    word: str = ""
    """The verdict's, once there is one."""
    trends: Mapping[str, MetricValues] = field(default_factory=dict)
    style: str = "text"


@dataclass(frozen=True)
class EndpointColumn:
    head: str
    order: Callable[[EndpointEntry], float | None]
    """What rows are ordered by, largest first."""
    write: Callable[[EndpointEntry], Span]
    rank: int
    """Of columns that do not all fit those of the lowest rank stay."""
    width: int = 0
    """Cells it takes at least, blanks before it included."""


def endpoint_columns(
    trends: Sequence[MetricRow], percentiles: Sequence[str], *, compared: bool, over: bool
) -> list[EndpointColumn]:
    """All there are, in order, with these percentiles by name."""
    columns = [
        _column("reqs", lambda e: e.figures.requests, count, 0, 8),
        _column("rps", lambda e: e.rps, rate, 0),
        EndpointColumn("err %", lambda e: e.figures.error_rate, _errors, 0, 9),
        *(_percentile(name) for name in percentiles),
        _column("max", lambda e: e.figures.max_ms, millis, 4),
    ]
    if compared and over:
        columns.append(EndpointColumn("verdict", _gravity, _word, 1, 16))
    elif compared:
        columns.append(EndpointColumn("Δ p95", _moved, _change, 1, 9))
        columns.append(EndpointColumn("so far", _gravity, _so_far, 3, 11))
    for at, trend in enumerate(trends[:MOST_TREND_COLUMNS]):
        columns.append(_trend(trend, 2 if at < len(FIRST_TRENDS) else 7))
    return [
        *columns,
        _column("size", _mean_size, size, 5, 9),
        _column("mean", lambda e: e.figures.mean_ms, millis, 6),
        EndpointColumn("fails", lambda e: e.figures.failures, _failures, 6, 8),
    ]


def short_name(trend: MetricRow) -> str:
    """Few cells for a Trend: its name, or its unit when that says it as well."""
    if len(trend.name) <= 8:
        return f"{one_line(trend.name)} {stat_of(trend)}"
    text = trend.unit if "/" in trend.unit else fit_width(trend.name, 12).rstrip()
    return one_line(text)


def column_pages(all_columns: Sequence[EndpointColumn], room: int) -> list[list[EndpointColumn]]:
    """The columns in sets that fit into so many cells: the most important ones, then the rest."""
    pages: list[list[EndpointColumn]] = []
    left = list(all_columns)
    while left:
        taken: list[EndpointColumn] = []
        used = 0
        for column in sorted(left, key=lambda column: column.rank):
            if used + column.width > room and taken:
                break
            taken.append(column)
            used += column.width
        pages.append([column for column in left if column in taken])
        left = [column for column in left if column not in taken]
    return pages


def _percentile(name: str) -> EndpointColumn:
    return _column(name, lambda e: e.figures.percentile_ms(name), millis, 0)


def _column(
    head: str,
    read: Callable[[EndpointEntry], float | None],
    write: Callable[[float], str],
    rank: int,
    width: int = 7,
) -> EndpointColumn:
    def written(entry: EndpointEntry) -> Span:
        value = read(entry)
        return (NOTHING if value is None else write(value)), entry.style

    return EndpointColumn(head, read, written, rank, width)


def _trend(trend: MetricRow, rank: int) -> EndpointColumn:
    stat, head = stat_of(trend), short_name(trend)
    write = millis if trend.unit == "ms" else plain_number

    def read(entry: EndpointEntry) -> float | None:
        values = entry.trends.get(trend.name)
        return None if values is None else getattr(values, stat)

    return _column(head, read, write, rank, max(8, len(head) + 2))


def _mean_size(entry: EndpointEntry) -> float | None:
    figures = entry.figures
    if not figures.requests or figures.bytes is None:
        return None
    return figures.bytes / figures.requests


def _errors(entry: EndpointEntry) -> Span:
    text = percent_points(entry.figures.error_rate)
    # Zeroes look like the rest: a style of their own would double the bytes of a row.
    return (f"!{text}", "bad") if entry.figures.failures else (text, entry.style)


def _failures(entry: EndpointEntry) -> Span:
    failures = entry.figures.failures
    if failures is None:
        return NOTHING, entry.style
    return count(failures), "bad" if failures else entry.style


def _moved(entry: EndpointEntry) -> float | None:
    return None if entry.change is None else entry.change.amount


def _change(entry: EndpointEntry) -> Span:
    return (NOTHING, "dim") if entry.change is None else signed_change(entry.change)


def _so_far(entry: EndpointEntry) -> Span:
    if entry.change is None:
        return NOTHING, "dim"
    return LEVEL_WORDS[entry.change.level], LEVEL_STYLES[entry.change.level]


_WORD_STYLES = {"regressed": "bad", "improved": "good", "unchanged": "dim"}


def _word(entry: EndpointEntry) -> Span:
    return entry.word or NOTHING, _WORD_STYLES.get(entry.word, "warn" if entry.word else "dim")


def _gravity(entry: EndpointEntry) -> float | None:
    if entry.word:
        return float(entry.word == "regressed")
    return None if entry.change is None else ("", "warn", "fail").index(entry.change.level)
