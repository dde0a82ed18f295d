"""Locust's history of its statistics: a row a second, of all requests and perhaps each endpoint.

The counts are running totals, so that what happened in a second is the difference of two rows; it
counts requests when they end.  Before 1.0 it tells of no users.  Import this module where it is
used: it loads polars.
"""

from __future__ import annotations

from loadtui.errors import UsageError
from loadtui.importing.files.sheet import CsvRow, CsvSheet
from loadtui.importing.locust.locust_columns import LOCUST_TOTAL, is_total_row, source_figures_of
from loadtui.importing.seconds import SecondCounts
from loadtui.importing.source import ImportSource
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable
from loadtui.store.journal_contents import JournalContents

EntryName = tuple[str, str]
"""Method and name."""
_ALL: EntryName = ("", LOCUST_TOTAL)
_BEFORE = "Total "
_UP_TO_1_1 = "99.999%"
"""A column of each history of before 1.2; of later ones where a locustfile asks for it."""


class LocustHistory:
    """The history in a file; UsageError when it is damaged or holds no row of all requests."""

    def __init__(self, sheet: CsvSheet) -> None:
        self._columns = list(sheet.columns)
        self._seconds = SecondCounts(sheet.path)
        self._last: dict[EntryName, CsvRow] = {}
        self._before: dict[EntryName, tuple[int, int]] = {}
        self._resets = 0
        self.has_users = "User Count" in sheet.columns
        self.largest_step = 0
        """Most requests that ended between two rows of all requests."""
        for row in sheet.rows():
            self._add(row)
        if _ALL not in self._last:
            raise UsageError(
                f"{sheet.path} has no row of {LOCUST_TOTAL}; there is nothing to import"
            )

    @property
    def full(self) -> bool:
        """Whether there are rows of each endpoint, as with `--csv-full-history`."""
        return len(self._last) > 1

    def fill(self, source: ImportSource) -> None:
        """Give the source what happened second by second."""
        self._seconds.fill(source)
        if self._resets:
            source.remarks.append(
                "Locust reset its statistics while it ran: the figures are of the requests after "
                "that, the counts by second of all"
            )

    def figures(self, record: JournalContents) -> SourceFigureTable:
        """The last word of the history, where there are no statistics beside it."""
        # With a full history, and before 1.2, the percentiles are those of the last ten seconds.
        current = self.full or _UP_TO_1_1 in self._columns
        figures_by_entry = {
            entry: source_figures_of(row, self._columns, before=_BEFORE, current=current)
            for entry, row in self._last.items()
        }
        total = figures_by_entry.pop(_ALL)
        endpoints = {
            record.endpoints.add(*entry): figures for entry, figures in figures_by_entry.items()
        }
        return SourceFigureTable(
            total,
            [endpoints.get(at, SourceFigures()) for at in range(len(record.endpoints.entries))],
        )

    def last_figures(self) -> tuple[dict[EntryName, SourceFigures], SourceFigures]:
        """Those of its last rows by entry, and of all requests."""
        by_entry = {
            entry: source_figures_of(row, self._columns, before=_BEFORE, current=True)
            for entry, row in self._last.items()
        }
        total = by_entry.pop(_ALL)
        return by_entry, total

    def _add(self, row: CsvRow) -> None:
        entry = _ALL if is_total_row(row) else (row.text("Type"), row.text("Name"))
        requests = row.needed("Total Request Count")
        failures = row.count("Total Failure Count") or 0
        before = self._before.get(entry, (0, 0))
        if requests < before[0]:
            self._resets += entry == _ALL
            before = 0, 0
        self._before[entry] = requests, failures
        self._last[entry] = row
        at = row.needed("Timestamp")
        counts = requests - before[0], max(failures - before[1], 0)
        if entry == _ALL:
            if self.has_users:
                self._seconds.add_users(at, row.count("User Count") or 0)
            self._seconds.add_all(at, *counts)
            self.largest_step = max(self.largest_step, counts[0])
        else:
            self._seconds.add(at, entry, *counts)
