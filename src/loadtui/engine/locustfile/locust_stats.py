"""Keeps Locust's own statistics true on the host, for the locustfile's hooks that read them."""

from __future__ import annotations

import time
from typing import Any

from locust.env import Environment
from locust.stats import StatsEntry, StatsError, bucket_response_time

from loadtui.samples.bins import bin_midpoint
from loadtui.samples.delta import CELL_WIDTH, NO_BIN, WINDOW_WIDTH, Delta
from loadtui.samples.endpoint_table import EndpointTable
from loadtui.samples.error_kinds import MAX_KINDS
from loadtui.samples.exception_message import message_of

KEEP_S = 60
"""Per-second counts older than this go: Locust itself keeps them all, and reads the last twelve."""


class LocustStats:
    """Fills `environment.stats` and `runner.exceptions` from deltas."""

    def __init__(self, environment: Environment, table: EndpointTable) -> None:
        self._environment = environment
        self._table = table
        self._epoch0 = self._since = time.time()
        self._pruned = 0.0
        environment.events.reset_stats.add_listener(self._reset)

    def begin(self, epoch0: float) -> None:
        self._epoch0 = self._since = epoch0

    def fold(self, delta: Delta) -> None:
        """Add a delta whose endpoints the table has learned."""
        stats = self._environment.stats
        entries: dict[int, StatsEntry] = {}
        flat = delta.windows
        for at in range(0, len(flat), WINDOW_WIDTH):
            self._add_window(entries, delta.worker, flat[at : at + WINDOW_WIDTH])
        flat = delta.cells
        for at in range(0, len(flat), CELL_WIDTH):
            local, _, _, bin_, count = flat[at : at + CELL_WIDTH]
            if bin_ != NO_BIN and local in entries:
                times = entries[local].response_times
                key = bucket_response_time(bin_midpoint(bin_) / 1000)
                times[key] = times.get(key, 0) + count
        for entry in entries.values():
            entry.num_none_requests = entry.num_requests - sum(entry.response_times.values())
            stats.entries[entry.name, entry.method].extend(entry)
            stats.total.extend(entry)
        self._add_errors(delta)
        self._prune()

    def _reset(self, **_: Any) -> None:
        """Rates are over the time since the statistics were reset."""
        self._since = time.time()

    def _add_window(self, entries: dict[int, StatsEntry], worker: int, row: list[int]) -> None:
        local, ok, second, count, sum_us, min_us, max_us, size = row
        entry = entries.get(local)
        if entry is None:
            method, name = self._table.entries[self._table.number(worker, local)]
            entry = entries[local] = StatsEntry(self._environment.stats, name, method)
            entry.last_request_timestamp = time.time()
            entry.start_time = self._since
        at = int(self._epoch0) + second
        entry.num_requests += count
        entry.num_reqs_per_sec[at] += count
        if not ok:
            entry.num_failures += count
            entry.num_fail_per_sec[at] += count
        entry.total_response_time += sum_us / 1000
        entry.total_content_length += size
        if max_us >= 0:
            entry.max_response_time = max(entry.max_response_time, max_us / 1000)
            least = entry.min_response_time
            entry.min_response_time = min_us / 1000 if least is None else min(least, min_us / 1000)

    def _add_errors(self, delta: Delta) -> None:
        errors = self._environment.stats.errors
        for error in delta.errors:
            key = StatsError.create_key(error.method, error.name, error.message)
            known = errors.get(key)
            if known is None:
                if len(errors) > MAX_KINDS:
                    continue
                known = errors[key] = StatsError(error.method, error.name, error.message)
            first, last = self._epoch0 + error.first, self._epoch0 + error.last
            known.occurrences += error.count
            known.first_seen = min(first, known.first_seen or first)
            known.last_seen = max(last, known.last_seen or last)
        runner: Any = self._environment.runner
        for exception in delta.exceptions:
            message = message_of(exception.message)
            for _ in range(min(exception.count, 1000)):
                runner.log_exception(str(delta.worker), message, exception.traceback)

    def _prune(self) -> None:
        now = time.time()
        if now - self._pruned < KEEP_S / 4:
            return
        self._pruned = now
        stats = self._environment.stats
        for entry in (stats.total, *stats.entries.values()):
            for seconds in (entry.num_reqs_per_sec, entry.num_fail_per_sec):
                for second in [s for s in seconds if s < now - KEEP_S]:
                    del seconds[second]
