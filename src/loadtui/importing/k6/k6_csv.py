"""k6's points as CSV: `--out csv=FILE`, gzipped where FILE ends in .gz.

The columns are `metric_name`, `timestamp`, `metric_value`, one for each of the system tags that are
on, `extra_tags` and in newer versions `metadata`, as in k6's internal/output/csv/output.go; the
setting `timeFormat` makes the time whole seconds, or milli-, micro- or nanoseconds since 1970, or
RFC 3339.  Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.files.sheet import head_row, rows_of
from loadtui.importing.files.text_file import clean_text, plan_of
from loadtui.importing.k6.k6_points import PARTS, K6Points
from loadtui.importing.k6.k6_samples import SECOND_US, epoch_us
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.source import ImportSource

_NAME = "k6 points (CSV)"
_NEEDED = ("metric_name", "timestamp", "metric_value")
_TAGS = (
    "method", "name", "url", "status", "error", "error_code", "expected_response", "check", "group",
)  # fmt: skip
_UNITS = ((10**11, SECOND_US, 1), (10**14, 1000, 1), (10**17, 1, 1), (10**20, 1, 1000))
"""(below this, times, divided by): seconds, milli-, micro- and nanoseconds of a time after 1973."""


def _is_k6_csv(file: ResultFile) -> bool:
    return set(_NEEDED) <= set(file.head)


def read_k6_csv(path: Path) -> ImportSource:
    """The run that the points tell of.  Raises UsageError for rows that are not whole, but for the
    last, which is told, and for numbers that cannot be."""
    head, delimiter = head_row(path)
    source = ImportSource("k6", _NAME, [path], plan_of(path))
    points = K6Points(path)
    row = _Row(head)
    last = 1
    for line, cells in _rows(path, delimiter, head):
        last = line
        if cells is None:
            source.remarks.append(f"line {line}, the last, is cut off and was left out")
            break
        try:
            row.add_to(points, cells)
        except ValueError as error:
            raise UsageError(f"{path} line {line}: {error}") from None
    if last == 1:
        raise UsageError(f"{path} holds no point; there is nothing to import")
    points.fill(source)
    source.absent.append("k6's own thresholds")
    if row.in_seconds:
        source.remarks.append(
            "its times are whole seconds, so requests seem to begin up to a second early"
        )
    return source


def _rows(
    path: Path, delimiter: str, head: Sequence[str]
) -> Iterator[tuple[int, Sequence[str] | None]]:
    """The rows under the head; None for a last one that is not whole."""
    rows = rows_of(path, delimiter)
    next(rows)
    cut = 0
    for line, cells in rows:
        if cut:
            raise UsageError(f"{path} line {cut}: it has not the {len(head)} columns of the header")
        if len(cells) < len(head):
            cut = line
            continue
        if len(cells) > len(head):
            raise UsageError(f"{path} line {line}: it has {len(cells)} of {len(head)} columns")
        yield line, cells
    if cut:
        yield cut, None


class _Row:
    """Makes a point of a row."""

    def __init__(self, head: Sequence[str]) -> None:
        columns = {name: at for at, name in enumerate(head)}
        self._metric, self._time, self._value = (columns[name] for name in _NEEDED)
        self._tags = [(name, columns[name]) for name in _TAGS if name in columns]
        self._known: tuple[str, int] = "", 0
        self.in_seconds = False

    def add_to(self, points: K6Points, cells: Sequence[str]) -> None:
        """Raises ValueError for a row that makes no sense."""
        metric = cells[self._metric]
        if metric == _NEEDED[0]:
            raise ValueError("its header is there a second time; several runs were put together")
        tags = {}
        if metric not in PARTS:
            tags = {name: clean_text(cells[at]) for name, at in self._tags if cells[at]}
        points.add(
            clean_text(metric), self._us(cells[self._time]), _number(cells[self._value]), tags
        )

    def _us(self, text: str) -> int:
        if text == self._known[0]:
            return self._known[1]
        us = (
            self._number_us(int(text)) if text.isdecimal() and len(text) < 20 else _rfc3339_us(text)
        )
        self._known = text, us
        return us

    def _number_us(self, number: int) -> int:
        for below, times, divided in _UNITS:
            if number < below:
                self.in_seconds = self.in_seconds or times == SECOND_US
                return number * times // divided
        raise ValueError(f"timestamp is {number}, which is no time")


def _rfc3339_us(text: str) -> int:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"timestamp is {text[:40]!r}, expected a number or RFC 3339") from None
    if when.tzinfo is None:
        raise ValueError(f"timestamp is {text!r}, which has no time zone")
    return epoch_us(when)


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"metric_value is {text[:40]!r}, which is no number") from None
    if not abs(number) < 1e300:
        raise ValueError(f"metric_value is {text[:40]!r}, which cannot have been measured")
    return number


K6_CSV = Reader(_NAME, _is_k6_csv, of_one(lambda file: read_k6_csv(file.path)))
