"""Locust's statistics in a worker, for the locustfile's hooks that read them there.

They are made when somebody looks: keeping them up to date would cost more than recording does.
"""

from __future__ import annotations

from typing import Any

from locust.env import Environment

from loadtui.engine.locustfile.locust_stats import LocustStats
from loadtui.engine.recorded_stats import RecordedStats
from loadtui.engine.worker.request_hook import RequestHook
from loadtui.samples.delta import CELL_WIDTH, WINDOW_WIDTH, Delta, ErrorCount
from loadtui.samples.endpoint_table import EndpointTable
from loadtui.samples.error_kinds import MAX_KINDS


class WorkerStats(RecordedStats):
    """Of what this worker recorded in the whole run, where Locust's hold what it has not yet told
    the master."""

    def __init__(self, environment: Environment, hook: RequestHook) -> None:
        self._windows: dict[tuple[int, int], list[int]] = {}
        """(endpoint, ok) -> the rest of a WindowSums, since somebody looked."""
        self._cells: dict[tuple[int, int, int], int] = {}
        """(endpoint, ok, bin) -> count."""
        self._errors: list[ErrorCount] = []
        self._table = EndpointTable()
        self._worker = 0
        self._locust_stats = LocustStats(environment, self._table)
        super().__init__(hook.note)

    @property
    def total(self) -> Any:
        self._look()
        return self._total

    @total.setter
    def total(self, total: Any) -> None:
        self._total = total

    @property
    def entries(self) -> Any:
        self._look()
        return self._entries

    @entries.setter
    def entries(self, entries: Any) -> None:
        self._entries = entries

    @property
    def errors(self) -> Any:
        self._look()
        return self._seen_errors

    @errors.setter
    def errors(self, errors: Any) -> None:
        self._seen_errors = errors

    def begin(self, epoch0: float) -> None:
        self._locust_stats.begin(epoch0)

    def take(self, delta: Delta) -> None:
        """Take in what is about to be sent."""
        self._worker = delta.worker
        self._table.learn(delta.worker, delta.endpoints)
        flat = delta.windows
        for at in range(0, len(flat), WINDOW_WIDTH):
            endpoint, ok, second, count, sum_us, min_us, max_us, size = flat[at : at + WINDOW_WIDTH]
            sums = self._windows.setdefault((endpoint, ok), [0, 0, 0, -1, -1, 0])
            sums[0] = max(sums[0], second)
            sums[1] += count
            sums[2] += sum_us
            if min_us >= 0:
                sums[3] = min_us if sums[3] < 0 else min(sums[3], min_us)
            sums[4] = max(sums[4], max_us)
            sums[5] += size
        flat, cells = delta.cells, self._cells
        for at in range(0, len(flat), CELL_WIDTH):
            endpoint, ok, _, bin_, count = flat[at : at + CELL_WIDTH]
            cells[endpoint, ok, bin_] = cells.get((endpoint, ok, bin_), 0) + count
        if len(self._errors) < MAX_KINDS:
            self._errors += delta.errors

    def _look(self) -> None:
        """Bring the statistics up to date."""
        if not self._windows and not self._errors:
            return
        seconds = {key: sums[0] for key, sums in self._windows.items()}
        windows = [value for key, sums in self._windows.items() for value in (*key, *sums)]
        cells = [
            value
            for (endpoint, ok, bin_), count in self._cells.items()
            for value in (endpoint, ok, seconds[endpoint, ok], bin_, count)
        ]
        errors = self._errors
        self._windows, self._cells, self._errors = {}, {}, []
        delta = Delta(self._worker, 0, 0, cells=cells, windows=windows, errors=errors)
        self._locust_stats.fold(delta)
