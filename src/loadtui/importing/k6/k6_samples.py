"""The requests of a k6 run, gathered in little memory however many there are.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import polars as pl

from loadtui.errors import UsageError
from loadtui.importing.seconds import check_seconds, check_span
from loadtui.importing.source import ImportSource
from loadtui.samples.bins import MAX_US, bin_of
from loadtui.samples.endpoint_table import MAX_ENDPOINTS, EndpointTable
from loadtui.samples.metric_bounds import MetricBounds
from loadtui.samples.tallies import MetricInfo, MetricKind
from loadtui.samples.trend_bins import TrendSums, trend_bin_of
from loadtui.store.journal import TimelineRow
from loadtui.store.journal_contents import JournalContents

SECOND_US = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_AT_ONCE = 100_000
"""Cells gathered before they are packed."""
_FIRST = 10_000
"""Requests among which the earliest start is looked for."""
_LONGEST_MESSAGE = 500


def epoch_us(time: datetime) -> int:
    """Microseconds from the beginning of 1970 to a time with a time zone."""
    return (time - _EPOCH) // _MICROSECOND


class K6Request(NamedTuple):
    """One request; k6 notes when it ended, and its latency from sending on."""

    end_us: int
    """Since 1970."""
    elapsed_us: int
    endpoint: tuple[str, str]
    ok: bool
    error: str = ""


class _MetricCell(NamedTuple):
    kind: MetricKind
    name: str
    endpoint: str
    second: int
    bin: int | None


class K6Samples:
    """Counts requests, users and custom metrics by second.

    Seconds count from the start of the earliest request, whose fraction of a second is taken from
    the first that ended; should a later one have begun before, whole seconds are added.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._record = JournalContents()
        self._record.endpoints = EndpointTable(MAX_ENDPOINTS)
        self._bounds = MetricBounds(self._record.remarks)
        self._waiting: list[K6Request] | None = []
        self._phase_us = 0
        self._cells: dict[tuple[int, bool, int, int], int] = {}
        self._windows: dict[tuple[int, bool, int], list[int]] = {}
        self._ended: dict[int, list[int]] = {}
        self._users: dict[int, tuple[int, int]] = {}
        """By the second of the clock, with the time."""
        self._metrics: dict[_MetricCell, list[float]] = {}
        self._first_us: int | None = None
        self._last_us = 0
        self.requests = 0

    def add(self, request: K6Request) -> None:
        self.requests += 1
        if self._waiting is None:
            self._count(request)
            return
        self._waiting.append(request)
        if len(self._waiting) >= _FIRST:
            self._begin()

    def add_users(self, time_us: int, users: int) -> None:
        second = time_us // SECOND_US
        most = self._users.get(second)
        if most is None or users > most[0]:
            self._users[second] = users, time_us

    def most_users(self) -> int | None:
        return max((users for users, _ in self._users.values()), default=None)

    def add_metric(
        self, kind: MetricKind, name: str, endpoint: str, time_us: int, value: float
    ) -> None:
        """Count a point of a custom metric; of a counter its amount, which is a whole number."""
        admitted = self._bounds.admitted(kind, name, endpoint)
        if admitted is None:
            return
        bin_ = trend_bin_of(value) if kind == "trend" else None
        cell = _MetricCell(kind, name, admitted, time_us // SECOND_US, bin_)
        sums = self._metrics.get(cell)
        if sums is None:
            sums = self._metrics[cell] = [0, 0, 0.0, value, value]
        sums[0] += self._bounds.amount(name, int(value)) if kind == "counter" else 1
        sums[1] += value != 0
        sums[2] += value
        sums[3] = min(sums[3], value)
        sums[4] = max(sums[4], value)
        if len(self._metrics) >= _AT_ONCE:
            self._pack_metrics()

    def _begin(self) -> None:
        """Count what waited, by seconds of which one begins with the earliest of it."""
        waiting, self._waiting = self._waiting or [], None
        if waiting:
            self._phase_us = min(one.end_us - one.elapsed_us for one in waiting) % SECOND_US
        for request in waiting:
            self._count(request)

    def _count(self, request: K6Request) -> None:
        end, elapsed, endpoint, ok, error = request
        start = end - elapsed
        self._first_us = start if self._first_us is None else min(start, self._first_us)
        self._last_us = max(self._last_us, end)
        number = self._record.endpoints.add(*endpoint)
        second, us = self._second(start), min(elapsed, MAX_US)
        cell = number, ok, second, bin_of(us)
        self._cells[cell] = self._cells.get(cell, 0) + 1
        window = self._windows.setdefault(cell[:3], [0, 0, us, us, 0])
        window[0] += 1
        window[1] += elapsed
        window[2] = min(window[2], us)
        window[3] = max(window[3], us)
        ended = self._ended.setdefault(self._second(end), [0, 0])
        ended[0] += 1
        if not ok:
            ended[1] += 1
            at = start / SECOND_US
            known = self._record.endpoints.entries[number]
            self._record.errors.add((*known, error[:_LONGEST_MESSAGE]), 1, at, at)
        if len(self._cells) >= _AT_ONCE:
            self._pack()

    def _second(self, us: int) -> int:
        return max((us - self._phase_us) // SECOND_US, 0)

    def fill(self, source: ImportSource) -> None:
        """Give the source all that was counted.  Raises UsageError when that is nothing, and when
        the times are not those of one run."""
        if self._waiting is not None:
            self._begin()
        if self._first_us is None:
            raise UsageError(f"{self._path} holds no HTTP request; there is nothing to import")
        self._pack()
        self._pack_metrics()
        first, last = self._second(self._first_us), self._second(self._last_us)
        began = first + self._phase_us / SECOND_US
        record, counted = JournalContents(), self._record
        source.record = record
        record.endpoints, record.errors = counted.endpoints, counted.errors
        record.remarks, record.metrics = counted.remarks, counted.metrics
        record.metric_infos = counted.metric_infos
        for kind in record.errors.by_kind.values():
            kind.first = None if kind.first is None else max(kind.first - began, 0.0)
            kind.last = None if kind.last is None else max(kind.last - began, 0.0)
        since = pl.col("second") - first
        record.windows.put(counted.windows.frame().with_columns(since))
        record.cells.put(counted.cells.frame().with_columns(since))
        # Points of other metrics, by seconds of the clock, lie before the first request, as of a
        # setup, and after the last.
        within = pl.col("second").clip(first, last) - first
        record.metric_rows.put(counted.metric_rows.frame().with_columns(within))
        source.started = began
        source.duration_s = self._last_us / SECOND_US - began
        source.users = self.most_users()
        users, users_by_second = 0, self._users_within(first, last)
        check_seconds(self._path, {first, *self._ended, *users_by_second})
        for second in range(first, last + 1):
            users = users_by_second.get(second, users)
            done, failed = self._ended.get(second, (0, 0))
            record.seconds[second - first] = TimelineRow(
                second - first, 0, users, done, failed, 0, []
            )

    def _users_within(self, first: int, last: int) -> dict[int, int]:
        """Those of before the first request count in its second, and so of after the last."""
        most: dict[int, int] = {}
        for users, time_us in self._users.values():
            second = min(max(self._second(time_us), first), last)
            most[second] = max(users, most.get(second, 0))
        return most

    def name_unit(self, trend: str, unit: str) -> None:
        """Note what the values of a trend are."""
        self._record.metric_infos[trend] = MetricInfo(unit)

    def _pack(self) -> None:
        first = (self._first_us or 0) / SECOND_US
        check_span(self._path, first, self._last_us / SECOND_US)
        self._record.cells.extend(
            [part for (*key, bin_), count in self._cells.items() for part in (*key, bin_, count)]
        )
        self._record.windows.extend(
            [part for key, sums in self._windows.items() for part in (*key, *sums)]
        )
        self._cells.clear()
        self._windows.clear()

    def _pack_metrics(self) -> None:
        self._record.add_observations(
            (kind, name, endpoint, second, int(sums[0]), int(sums[1]), bin_,
             None if bin_ is None else TrendSums(*sums[2:]))
            for (kind, name, endpoint, second, bin_), sums in self._metrics.items()
        )  # fmt: skip
        self._metrics.clear()
