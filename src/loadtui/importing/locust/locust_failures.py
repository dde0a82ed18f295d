"""Locust's file of failures, each kind with how often it happened.

Up to 1.0 it writes quotes within a cell as they are, so that such a file is no proper CSV
(`failures_csv` in locust/stats.py of these versions): an error such as `Error("x")` ends at the
last quote that a count stands behind.  Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.importing.files.sheet import CsvRow, CsvSheet, head_row
from loadtui.importing.files.text_file import open_text
from loadtui.importing.source import ImportSource

_UNESCAPED_HEAD = ["Method", "Name", "Error", "Occurrences"]
_UNESCAPED = re.compile(r'"(?P<method>[^"]*)","(?P<name>.*?)","(?P<error>.*)",(?P<count>\d{1,15})')
_LONGEST_LINE = 1_000_000


def read_failures(path: Path, source: ImportSource) -> Counter[tuple[str, str]]:
    """Give the source its failures by kind, and count those of each endpoint.

    Raises UsageError for a damaged file, and for what is no count.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for row in _rows(path):
        endpoint, occurrences = (row.text("Method"), row.text("Name")), row.needed("Occurrences")
        counts[endpoint] += occurrences
        source.record.errors.add(
            (*endpoint, row.text("Error")),
            occurrences,
            _since_start(row.text("First Seen"), source),
            _since_start(row.text("Last Seen"), source),
        )
    return counts


def _rows(path: Path) -> Iterator[CsvRow]:
    """The rows of a file, looked at once before the first is given.  Raises UsageError for one that
    is damaged."""
    try:
        sheet = CsvSheet.open(path, lambda column: column == "Occurrences")
        for _ in sheet.rows():
            pass
    except UsageError:
        if all(_unescaped_rows(path)):
            return (row for row in _unescaped_rows(path) if row)
        raise
    return sheet.rows()


def _unescaped_rows(path: Path) -> Iterator[CsvRow | None]:
    """The rows of a file that writes quotes as they are; None for one that does not."""
    sheet = CsvSheet(path, *head_row(path))
    if sheet.head != _UNESCAPED_HEAD:
        yield None
        return
    with open_text(path) as file:
        next(file, "")
        number = 1
        while line := file.readline(_LONGEST_LINE):
            number += 1
            match = _UNESCAPED.fullmatch(line.rstrip("\r\n"))
            yield None if match is None else CsvRow(sheet, number, match.groups())


def _since_start(text: str, source: ImportSource) -> float | None:
    """Seconds from the run's start, None where either of the two is not known."""
    if not text or source.started is None:
        return None
    try:
        return max(datetime.fromisoformat(text).timestamp() - source.started, 0.0)
    except (ValueError, OverflowError):
        return None
