"""A CSV file with a head, read row by row: delimiters, quotes, and rows that were cut off."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TextIO, TypeVar

from loadtui.errors import UsageError
from loadtui.importing.files import numerals
from loadtui.importing.files.text_file import clean_text, open_text

DELIMITERS = ",;\t|"
_LOOKED_AT = 1000
"""Rows in which the decimal sign is looked for."""
_AT_ONCE = 1 << 16
"""Characters of a batch of rows, few enough for the processor's cache."""
_LONGEST_CELL = 16_000_000
"""Characters: a cell may hold an unexpected page, and not all of a file after a quote that is never
closed."""
Parsed = TypeVar("Parsed")


class CsvRow:
    """A row by the names of its columns; a column that the file does not have reads as None."""

    def __init__(self, sheet: CsvSheet, line: int, cells: Sequence[str]) -> None:
        self._sheet = sheet
        self.line = line
        self.cells = cells

    def text(self, column: str) -> str:
        at = self._sheet.columns.get(column)
        return "" if at is None else clean_text(self.cells[at])

    def number(self, column: str) -> float | None:
        """UsageError for a cell that holds no number and does not say so."""
        return self._parsed(column, numerals.parse_number)

    def count(self, column: str) -> int | None:
        """UsageError for a cell that holds no count and does not say so."""
        return self._parsed(column, numerals.parse_count)

    def needed(self, column: str) -> int:
        """A count that must be there."""
        count = self.count(column)
        if count is None:
            raise self.wrong(f"column {column!r} holds no number")
        return count

    def wrong(self, why: str) -> UsageError:
        return self._sheet.wrong(self.line, why)

    def _parsed(self, column: str, parse: Callable[[str, str], Parsed]) -> Parsed | None:
        at = self._sheet.columns.get(column)
        if at is None:
            return None
        try:
            return parse(self.cells[at], self._sheet.sign)
        except ValueError as error:
            raise self.wrong(f"column {column!r}: {error}") from None


class CsvSheet:
    """A CSV file whose first row names the columns."""

    def __init__(self, path: Path, head: Sequence[str], delimiter: str) -> None:
        self.path = path
        self.delimiter = delimiter
        self.head = list(head)
        self.columns: Mapping[str, int] = {name: at for at, name in enumerate(head)}
        self.sign = "."

    @classmethod
    def open(cls, path: Path, numbers: Callable[[str], bool]) -> CsvSheet:
        """The sheet in a file; `numbers` tells of a column whether it holds numbers.

        Raises UsageError for a file that cannot be read, and when the decimal sign of its numbers
        is not clear.
        """
        head, delimiter = head_row(path)
        sheet = cls(path, head, delimiter)
        if len(sheet.columns) < len(head):
            twice = next(name for name in head if head.count(name) > 1)
            raise sheet.wrong(1, f"there are two columns {twice!r}")
        places = [at for name, at in sheet.columns.items() if numbers(name)]
        looked_at = islice(sheet.rows(), _LOOKED_AT)
        try:
            sheet.sign = numerals.decimal_sign(row.cells[at] for row in looked_at for at in places)
        except ValueError as error:
            raise UsageError(f"{path}: {error}; save it with a point before the fraction") from None
        return sheet

    def rows(self) -> Iterator[CsvRow]:
        """The rows under the head.  Raises UsageError for one that is not whole."""
        for line, cells in islice(rows_of(self.path, self.delimiter), 1, None):
            if len(cells) != len(self.head):
                cut = "; the file is cut off" if len(cells) < len(self.head) else ""
                raise self.wrong(line, f"it has {len(cells)} of {len(self.head)} columns{cut}")
            yield CsvRow(self, line, cells)

    def wrong(self, line: int, why: str) -> UsageError:
        return UsageError(f"{self.path} line {line}: {why}")


def head_row(path: Path) -> tuple[list[str], str]:
    """The cells of the first row, and the delimiter that makes the most of them."""
    widest: tuple[list[str], str] = [], ","
    wrong: UsageError | None = None
    for delimiter in DELIMITERS:
        try:
            _, cells = next(rows_of(path, delimiter), (1, []))
        except UsageError as error:
            # Quoted cells of one delimiter are wrong quotes of another.
            wrong = wrong or error
            continue
        if len(cells) > len(widest[0]):
            widest = [cell.strip() for cell in cells], delimiter
    if not widest[0] and wrong is not None:
        raise wrong
    return widest


def rows_of(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of its last line; blank lines are left out.

    Memory does not grow with the file.  Raises UsageError for quotes that do not match.
    """
    csv.field_size_limit(_LONGEST_CELL)
    with open_text(path) as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                if _is_row(cells):
                    yield reader.line_num, cells
        except csv.Error as error:
            raise _wrong_quotes(path, reader.line_num, error) from None


def row_batches(path: Path, delimiter: str) -> Iterator[list[list[str]]]:
    """The rows of `rows_of` without their lines, some hundreds at a time, which is quicker.

    Memory is bounded by characters, not by rows.  Raises as `rows_of`, after the rows before.
    """
    csv.field_size_limit(_LONGEST_CELL)
    with open_text(path) as file:
        blocks = _Blocks(file)
        reader = csv.reader(chain.from_iterable(blocks), delimiter=delimiter, strict=True)
        rows: list[list[str]] = []
        wrong: UsageError | None = None
        block = 1
        try:
            for cells in reader:
                rows.append(cells)
                if blocks.number != block:
                    block = blocks.number
                    yield _without_blank(rows)
                    rows = []
        except csv.Error as error:
            wrong = _wrong_quotes(path, reader.line_num, error)
        yield _without_blank(rows)
        if wrong is not None:
            raise wrong


def line_of_row(path: Path, delimiter: str, row: int) -> int:
    """The number of the last line of a row, by its place in `rows_of`: reads all before it."""
    return next(islice(rows_of(path, delimiter), row, None))[0]


class _Blocks:
    """Lines of a file, many at a time."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.number = 0
        """Of the block that is being read, from 1."""

    def __iter__(self) -> Iterator[list[str]]:
        while lines := self._file.readlines(_AT_ONCE):
            self.number += 1
            yield lines


def _is_row(cells: Sequence[str]) -> bool:
    return len(cells) > 1 or bool(cells and cells[0].strip())


def _without_blank(rows: list[list[str]]) -> list[list[str]]:
    if min(map(len, rows), default=0) > 1:
        return rows
    return [cells for cells in rows if _is_row(cells)]


def _wrong_quotes(path: Path, line: int, error: csv.Error) -> UsageError:
    why = str(error)
    if "field larger" in why or "unexpected end" in why:
        why = "a quote is opened and never closed; the file is cut off or damaged"
    return UsageError(f"{path} line {line}: {why}")
