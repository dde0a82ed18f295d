"""JMeter's results as CSV, with or without a head, row by row.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.importing.files import numerals
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.files.sheet import head_row, line_of_row, row_batches
from loadtui.importing.files.text_file import clean_text
from loadtui.importing.jmeter.jtl import JtlResults, error_of, transaction_size
from loadtui.importing.jmeter.jtl_columns import (
    ELAPSED_DIGITS,
    MOST_DIGITS,
    JtlColumns,
    clean_texts,
    plain_numbers,
)
from loadtui.importing.jmeter.jtl_samples import JtlSample
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.source import ImportSource

_NAME = "JMeter JTL (CSV)"
_NEEDED = ("timeStamp", "elapsed", "label", "success")
_FRONT = (
    "timeStamp",
    "elapsed",
    "label",
    "responseCode",
    "responseMessage",
    "threadName",
    "dataType",
    "success",
)
"""What every version writes first, when nothing is changed in its settings."""
_HEADLESS: Mapping[int, tuple[str, ...]] = {
    10: (*_FRONT, "bytes", "Latency"),
    12: (*_FRONT, "bytes", "grpThreads", "allThreads", "Latency"),
    16: (
        *_FRONT, "failureMessage", "bytes", "sentBytes", "grpThreads", "allThreads", "Latency",
        "IdleTime", "Connect",
    ),
    17: (
        *_FRONT, "failureMessage", "bytes", "sentBytes", "grpThreads", "allThreads", "URL",
        "Latency", "IdleTime", "Connect",
    ),
}  # fmt: skip
"""Columns of a file without a head, by their number: those of JMeter 2, 2.13, 3 and 5."""
_SUCCESS = {"true": True, "false": False}


def _is_jtl_csv(file: ResultFile) -> bool:
    """Whether a first row is that of a results file: its head, or its first sample."""
    return set(_NEEDED[:2]) <= set(file.head) or _is_sample(file.head)


def read_jtl_csv(path: Path) -> list[ImportSource]:
    """The runs that a results file tells of.

    Raises UsageError for columns that are not there, rows that are cut off, and numbers that cannot
    be.
    """
    head, delimiter = head_row(path)
    headless = _is_sample(head)
    names = _HEADLESS.get(len(head), _FRONT) if headless else tuple(head)
    columns = {name: at for at, name in enumerate(names)}
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        raise UsageError(
            f"{path} has no column {missing[0]!r}, without which a sample says too little; have "
            f"JMeter write it (jmeter.save.saveservice.*)"
        )
    rows = _Rows(path, delimiter, head, _Reader(columns), headless=headless)
    results = rows.results
    for batch in row_batches(path, delimiter):
        rows.take(batch)
    if headless:
        results.remarks.append(
            f"it has no header; {len(head)} columns were read as JMeter's own order"
        )
    results.coarse = rows.reader.coarse
    if rows.reader.zoneless:
        results.remarks.append("its times have no time zone and were read as UTC")
    return results.sources()


class _Rows:
    """Takes in the rows of a file, as a whole where they are of ordinary shape."""

    def __init__(
        self, path: Path, delimiter: str, head: Sequence[str], reader: _Reader, *, headless: bool
    ) -> None:
        self.results = JtlResults(path, _NAME, flat=True)
        self.reader = reader
        self._path = path
        self._delimiter = delimiter
        self._head = head
        self._headless = headless
        self._taken = 0

    def take(self, rows: Sequence[Sequence[str]]) -> None:
        """Raises UsageError for the first row that makes no sense."""
        first = 1 if not self._headless and not self._taken else 0
        ordinary = {*map(len, rows[first:])} == {len(self._head)}
        columns = self.reader.columns(rows[first:]) if ordinary else None
        if columns is not None:
            self.results.add_all(columns)
        else:
            for at, cells in enumerate(rows[first:], self._taken + first):
                try:
                    self._take_row(cells)
                except ValueError as error:
                    line = line_of_row(self._path, self._delimiter, at)
                    raise UsageError(f"{self._path} line {line}: {error}") from None
        self._taken += len(rows)

    def _take_row(self, cells: Sequence[str]) -> None:
        if not self._headless and cells[0] == self._head[0] and cells == self._head:
            self.results.next_head()
            return
        columns = len(self._head)
        if len(cells) != columns:
            cut = "; the file is cut off" if len(cells) < columns else ""
            raise ValueError(f"it has {len(cells)} of {columns} columns{cut}")
        self.results.add(self.reader.sample(cells))


class _Reader:
    """Makes a sample of a row."""

    def __init__(self, columns: Mapping[str, int]) -> None:
        self.zoneless = False
        self.coarse = False
        """Whether a time is written out without a fraction of its second."""
        self._start, self._elapsed, self._label, self._ok = (columns[name] for name in _NEEDED)
        self._columns = columns
        self._thread = columns.get("threadName")
        self._message = columns.get("responseMessage")
        self._size = columns.get("bytes")
        self._users = columns.get("allThreads")
        self._inside = columns.get("SampleCount")

    def text(self, cells: Sequence[str], column: str) -> str:
        at = self._columns.get(column)
        return "" if at is None else cells[at]

    def sample(self, cells: Sequence[str]) -> JtlSample:
        """Raises ValueError for a row that makes no sense."""
        if self._inside is not None and cells[self._inside] not in ("", "1"):
            raise ValueError("it sums up several samples, so single ones are not in the file")
        label = cells[self._label]
        ok = _SUCCESS.get(cells[self._ok])
        if ok is None:
            ok = _SUCCESS.get(cells[self._ok].strip().lower())
        if ok is None:
            raise ValueError(f"success is {cells[self._ok]!r}, expected true or false")
        return JtlSample(
            self._time(cells[self._start]),
            _count(cells[self._elapsed], "elapsed"),
            label if label.isascii() else clean_text(label),
            ok,
            "" if self._thread is None else cells[self._thread],
            None if self._size is None else _optional(cells[self._size]),
            None if self._users is None else _optional(cells[self._users]),
            "" if ok else clean_text(self._error(cells)),
            None if self._message is None else transaction_size(cells[self._message]),
        )

    def columns(self, rows: Sequence[Sequence[str]]) -> JtlColumns | None:
        """The same samples as `sample` makes of each; None where not all is plain."""
        cells = list(zip(*rows, strict=True))
        stamps = plain_numbers(cells[self._start])
        elapsed = plain_numbers(cells[self._elapsed], ELAPSED_DIGITS)
        if stamps is None or elapsed is None or not {*cells[self._ok]} <= _SUCCESS.keys():
            return None
        if self._inside is not None and not {*cells[self._inside]} <= {"", "1"}:
            return None
        ok = [text == "true" for text in cells[self._ok]]
        inside = None
        if self._message is not None:
            sizes = {message: transaction_size(message) for message in {*cells[self._message]}}
            if any(size is not None for size in sizes.values()):
                inside = [sizes[message] for message in cells[self._message]]
        return JtlColumns(
            stamps,
            elapsed,
            clean_texts(cells[self._label]),
            ok,
            None if self._thread is None else cells[self._thread],
            None if self._size is None else _optional_numbers(cells[self._size]),
            None if self._users is None else _optional_numbers(cells[self._users]),
            {at: clean_text(self._error(rows[at])) for at, met in enumerate(ok) if not met},
            inside,
        )

    def _time(self, text: str) -> int:
        if text.isdecimal() and len(text) <= MOST_DIGITS:
            return int(text)
        try:
            when = datetime.fromisoformat(text.strip().replace("/", "-"))
        except ValueError:
            raise ValueError(
                f"timeStamp is {text!r}, expected milliseconds or yyyy/MM/dd HH:mm:ss.SSS"
            ) from None
        if "." not in text and "," not in text:
            self.coarse = True
        if when.tzinfo is None:
            self.zoneless = True
            when = when.replace(tzinfo=UTC)
        if when.timestamp() < 0:
            raise ValueError(f"timeStamp is {text!r}, a time before 1970")
        return round(when.timestamp() * 1000)

    def _error(self, cells: Sequence[str]) -> str:
        columns = ("responseCode", "responseMessage", "failureMessage")
        return error_of(*(self.text(cells, column) for column in columns))


def _is_sample(cells: Sequence[str]) -> bool:
    """Whether a row without a head above it is a sample in JMeter's own order."""
    if len(cells) < len(_FRONT):
        return False
    time, elapsed, success = cells[0], cells[1], cells[7].strip().lower()
    return time[:4].isdecimal() and elapsed.isdecimal() and success in _SUCCESS


def _count(text: str, name: str) -> int:
    if text.isdecimal() and len(text) <= ELAPSED_DIGITS:
        return int(text)
    try:
        count = numerals.parse_count(text)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    if count is None:
        raise ValueError(f"{name} holds no number")
    return count


def _optional(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def _optional_numbers(texts: Sequence[str]) -> Sequence[int | None]:
    numbers = plain_numbers(texts)
    return [_optional(text) for text in texts] if numbers is None else numbers


JTL_CSV = Reader(_NAME, _is_jtl_csv, of_one(lambda file: read_jtl_csv(file.path)))
