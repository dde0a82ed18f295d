"""Prints a run as `locust --headless` does: its log, and a table of requests every two seconds."""

from __future__ import annotations

import os
import sys
from collections import deque
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from loadtui.cli.locust.locust_log import LocustLog
from loadtui.cli.notices import say
from loadtui.errors import UsageError
from loadtui.report.locust_csv.locust_tables import LocustRow, name_width, request_table
from loadtui.samples.figures import Figures
from loadtui.store.manifest_file import read_manifest
from loadtui.wire.messages import Snapshot

TABLE_EVERY_S = 2.0
WINDOW_S = 10.0
"""Of the rates in a table."""

_Label = tuple[str, str]
_TOTAL = ("", "Aggregated")


class LocustPrinter:
    """A RunPrinter; tables are printed unless there are to be none until the end."""

    def __init__(self, log: LocustLog, *, tables: bool) -> None:
        self._log = log
        self._tables = tables and not log.silent
        self._next_s = 0.0
        self._every_s: float | None = None
        self._failures: deque[tuple[float, dict[_Label, int]]] = deque()

    def show(self, snapshot: Snapshot) -> None:
        self._log.forward(Path(snapshot.folder))
        if not self._tables or snapshot.exit_code is not None:
            return
        self._note_failures(snapshot)
        if snapshot.elapsed_s >= self._next_s:
            if self._every_s is None:
                self._every_s = _table_every_s(Path(snapshot.folder))
            # Snapshots come once a second, a little earlier or later.
            self._next_s = snapshot.elapsed_s + self._every_s - 0.5
            print_lines(self._table(snapshot))

    def say(self, text: str) -> None:
        say(f"loadtui: {text}")

    def making_room(self) -> AbstractContextManager[None]:
        """Only whole lines are printed."""
        return nullcontext()

    def done(self) -> None:
        """Nothing is left open."""

    def _note_failures(self, snapshot: Snapshot) -> None:
        counts = {(row.method, row.name): row.figures.failures or 0 for row in snapshot.endpoints}
        counts[_TOTAL] = snapshot.totals.failures or 0
        self._failures.append((snapshot.elapsed_s, counts))
        while len(self._failures) > 1 and self._failures[1][0] <= snapshot.elapsed_s - WINDOW_S:
            self._failures.popleft()

    def _table(self, snapshot: Snapshot) -> list[str]:
        rows = [
            self._row((e.method, e.name), e.figures, e.min_ms, e.rps_now)
            for e in snapshot.endpoints
        ]
        shortest = min((row.min_ms for row in rows if row.requests), default=0.0)
        total = self._row(_TOTAL, snapshot.totals, shortest, snapshot.now.rps or 0.0)
        return request_table(rows, total, name_width(terminal_columns()))

    def _row(self, label: _Label, figures: Figures, min_ms: float | None, rps: float) -> LocustRow:
        (first_s, first), (last_s, last) = self._failures[0], self._failures[-1]
        span = last_s - first_s
        return LocustRow(
            *label,
            figures.requests or 0,
            figures.failures or 0,
            figures.mean_ms or 0.0,
            min_ms or 0.0,
            figures.max_ms or 0.0,
            figures.p50_ms or 0.0,
            rps,
            (last.get(label, 0) - first.get(label, 0)) / span if span > 0 else 0.0,
        )


def _table_every_s(folder: Path) -> float:
    """As the locustfile of the run wants it."""
    try:
        statistics = read_manifest(folder).locust_statistics
    except UsageError:
        return TABLE_EVERY_S
    every = statistics.table_every_s if statistics is not None else None
    return TABLE_EVERY_S if every is None else every


def print_lines(lines: list[str]) -> None:
    """Tables are lines of Locust's log that go to stderr, whatever the log file."""
    print("\n".join(lines), file=sys.stderr, flush=True)


def terminal_columns() -> int | None:
    """Of the terminal that standard output is; None: it is none."""
    try:
        return os.get_terminal_size().columns
    except OSError:
        return None
