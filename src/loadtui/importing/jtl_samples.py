"""The samples of a JMeter results file, gathered in little memory however many there are.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import polars as pl

from loadtui.errors import UsageError
from loadtui.importing.seconds import LONGEST_S, check_span
from loadtui.importing.source import ImportSource
from loadtui.samples.bins import MAX_US, bin_of
from loadtui.store.journal import TimelineRow
from loadtui.store.journal_contents import JournalContents

ROUNDING_MS = 1.0
"""A time is the difference of two clocks cut to whole milliseconds."""
_AT_ONCE = 100_000
"""Cells gathered before they are packed."""
_FIRST = 10_000
"""Samples among which the earliest start is looked for."""
_ROOM_S = LONGEST_S
"""Seconds before it that may still turn up."""
_LONGEST_MESSAGE = 500


class JtlSample(NamedTuple):
    """One request."""

    start_ms: int
    """Since 1970."""
    elapsed_ms: int
    label: str
    ok: bool
    bytes: int | None = None
    users: int | None = None
    """Active threads when it ended."""
    error: str = ""


class JtlSamples:
    """Counts samples by second and bin.

    A second is one from the start of the run, and which sample began first is known only at the
    end, since samples are written when they end.  So the first of many is taken for it, and when
    an earlier one follows, whole seconds are added before it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._record = JournalContents()
        self._waiting: list[JtlSample] | None = []
        """The first samples, until it is known where to count from."""
        self._origin_ms = 0
        self._cells: dict[tuple[int, bool, int, int], int] = {}
        self._windows: dict[tuple[int, bool, int], list[int]] = {}
        self._ended: dict[int, list[int]] = {}
        self._users: dict[int, int] = {}
        self._first_ms: int | None = None
        self._last_ms = 0
        self.sized = False
        """Whether any sample gave its size."""

    def add(self, sample: JtlSample) -> None:
        if self._waiting is None:
            self._count(sample)
            return
        self._waiting.append(sample)
        if len(self._waiting) >= _FIRST:
            self._begin()

    def _begin(self) -> None:
        """Count what waited, from the earliest start among it."""
        waiting, self._waiting = self._waiting or [], None
        if waiting:
            earliest = min(sample.start_ms for sample in waiting)
            self._origin_ms = earliest - _ROOM_S * 1000
        for sample in waiting:
            self._count(sample)

    def _count(self, sample: JtlSample) -> None:
        start, elapsed, label, ok, size, users, error = sample
        if self._first_ms is None or start < self._first_ms:
            self._first_ms = start
        end = start + elapsed
        self._last_ms = max(self._last_ms, end)
        number = self._record.endpoints.add("", label)
        second, us = self._second(start), min(elapsed * 1000, MAX_US)
        cell = number, ok, second, bin_of(us)
        self._cells[cell] = self._cells.get(cell, 0) + 1
        window = self._windows.get(cell[:3])
        if window is None:
            window = self._windows[cell[:3]] = [0, 0, us, us, 0]
        window[0] += 1
        window[1] += us
        window[2] = min(window[2], us)
        window[3] = max(window[3], us)
        if size is not None:
            window[4] += size
            self.sized = True
        ended = self._ended.setdefault(self._second(end), [0, 0])
        ended[0] += 1
        if not ok:
            ended[1] += 1
            self._record.errors.add(
                ("", label, error[:_LONGEST_MESSAGE]), 1, start / 1000, start / 1000
            )
        if users is not None:
            self._users[second] = max(users, self._users.get(second, 0))
        if len(self._cells) >= _AT_ONCE:
            self._pack()

    def _second(self, ms: int) -> int:
        """Never below 0: a run has no times that far apart, see `check_span`."""
        return max((ms - self._origin_ms) // 1000, 0)

    def fill(self, source: ImportSource) -> None:
        """Give the source all that was counted.  Raises UsageError when that is nothing, and when
        the times are not those of one run."""
        if self._waiting is not None:
            self._begin()
        if self._first_ms is None:
            raise UsageError(f"{self._path} holds no sample; there is nothing to import")
        self._pack()
        first = self._second(self._first_ms)
        began = self._first_ms / 1000
        record, counted = JournalContents(), self._record
        # Nothing of it is needed twice, and of a long run it is large.
        source.record, self._record = record, JournalContents()
        record.endpoints, record.errors = counted.endpoints, counted.errors
        for kind in record.errors.kept.values():
            kind.first = None if kind.first is None else kind.first - began
            kind.last = None if kind.last is None else kind.last - began
        since = pl.col("second") - first
        record.windows.put(counted.windows.frame().with_columns(since))
        cells = counted.cells.frame()
        del counted
        record.cells.put(cells.with_columns(since))
        source.started = began
        source.duration_s = (self._last_ms - self._first_ms) / 1000
        source.users = max(self._users.values(), default=None)
        source.resolution_ms = ROUNDING_MS
        users = 0
        for second in range(first, self._second(self._last_ms) + 1):
            users = self._users.get(second, users)
            done, failed = self._ended.get(second, (0, 0))
            record.seconds[second - first] = TimelineRow(
                second - first, 0, users, done, failed, 0, []
            )

    def _pack(self) -> None:
        check_span(self._path, (self._first_ms or 0) / 1000, self._last_ms / 1000)
        self._record.cells.extend(
            [part for (*key, bin_), count in self._cells.items() for part in (*key, bin_, count)]
        )
        self._record.windows.extend(
            [part for key, sums in self._windows.items() for part in (*key, *sums)]
        )
        self._cells.clear()
        self._windows.clear()
