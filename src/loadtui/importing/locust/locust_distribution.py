"""Locust's `_distribution.csv`, which up to 0.13.0 held the percentiles of `_requests.csv`.

Its rows are named by method and name together (`StatsEntry.percentile` in locust/stats.py of
these versions), up to 0.8 that of all requests `None Total`.  Import this module where it is
used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from loadtui.errors import UsageError
from loadtui.importing.files.sheet import CsvSheet
from loadtui.importing.locust.locust_columns import LOCUST_TOTAL, OLD_LOCUST_TOTAL, percentiles_of
from loadtui.importing.source import ImportSource
from loadtui.samples.source_figures import SourceFigureTable

_APART_TOTAL = f"None {OLD_LOCUST_TOTAL}"
_TOTALS = frozenset({LOCUST_TOTAL, f"None {LOCUST_TOTAL}", OLD_LOCUST_TOTAL, _APART_TOTAL})
_ALL = ""


class LocustDistribution:
    """The percentiles in a file; UsageError when it is damaged."""

    def __init__(self, sheet: CsvSheet) -> None:
        self.path = sheet.path
        self.apart = False
        """Whether a version wrote it that counts failures beside the requests."""
        self._counts: dict[str, int] = {}
        self._percentiles: dict[str, dict[str, float]] = {}
        for row in sheet.rows():
            name = row.text("Name")
            self.apart |= name == _APART_TOTAL
            name = _ALL if name in _TOTALS else name
            if count := row.needed("Request Count"):
                self._counts[name] = count
                self._percentiles[name] = percentiles_of(row, sheet.columns)

    def fill(self, source: ImportSource, timed: Mapping[str, int], beside: Path) -> None:
        """Give the figures of a source their percentiles.  `timed` has of each row, empty for all
        requests, how many had a latency; `beside` is the file that says so.

        Raises UsageError when the two files are of different runs.
        """
        assert source.figures is not None
        for name, count in self._counts.items():
            if timed.get(name) != count:
                shown = name or "all requests"
                raise UsageError(
                    f"{beside} and {self.path} are of different runs: {shown!r} has "
                    f"{timed.get(name, 'no')} requests in one, {count} in the other; import each "
                    "run with its own files"
                )
        names = [" ".join(filter(None, entry)) for entry in source.record.endpoints.entries]
        total, endpoints = source.figures.total, source.figures.endpoints
        everything = {**total.percentiles, **self._percentiles.get(_ALL, {})}
        source.figures = SourceFigureTable(
            msgspec.structs.replace(total, percentiles=everything),
            [
                msgspec.structs.replace(
                    one, percentiles={**one.percentiles, **self._percentiles.get(name, {})}
                )
                for name, one in zip(names, endpoints, strict=True)
            ],
        )
