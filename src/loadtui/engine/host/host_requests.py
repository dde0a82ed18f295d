"""Requests that the locustfile makes in the host: in listeners of init, test_start, test_stop.

They are recorded as if a worker HOST had made them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from locust.event import EventHook

from loadtui.engine.encodable import shortened
from loadtui.engine.host.collector import Collector
from loadtui.engine.host.live_run import LiveRun
from loadtui.engine.recorded_stats import RecordedStats
from loadtui.engine.request_event import RequestEvent, malformed_remark, read_event
from loadtui.engine.untrusted import attempted, shown_name
from loadtui.engine.wall_clock import epoch_of
from loadtui.samples.bins import bin_of
from loadtui.samples.delta import (
    HOST,
    NO_BIN,
    Delta,
    ErrorCount,
    LateCount,
    encode_delta,
)
from loadtui.samples.endpoint_table import MAX_ENDPOINTS, MAX_NAME, EndpointTable


class HostRequests(EventHook):
    """Takes the place of `events.request` in the host.

    What is fired before second 0 belongs to it, and waits until the first stage has begun; from
    then on each event is counted at once, so that listeners find it in Locust's statistics.
    """

    def __init__(self) -> None:
        super().__init__()
        self._live: LiveRun | None = None
        self._collector: Collector | None = None
        self._take: Callable[[bytes], object]
        self._stats: RecordedStats | None = None
        self._endpoints = EndpointTable(MAX_ENDPOINTS)
        self._announced = 0
        self._recorded = 0
        self._cells: list[int] = []
        self._windows: list[int] = []
        self._errors: list[ErrorCount] = []
        self._late: list[LateCount] = []
        self._malformed = 0
        self._remark = ""

    def attach(
        self,
        live: LiveRun,
        collector: Collector,
        take: Callable[[bytes], object],
        stats: RecordedStats,
    ) -> None:
        """`take` is given deltas as they come over the wire."""
        self._live, self._collector, self._take, self._stats = live, collector, take, stats

    def fire(self, /, *, reverse: bool = False, **kwargs: Any) -> None:
        self.note(kwargs, time.time())
        if self._handlers:
            super().fire(reverse=bool(attempted(bool, reverse)), **kwargs)

    def note(self, given: dict[str, Any], now: float) -> None:
        """Record an event of any content, which ended at `now` in epoch seconds."""
        t0, ended_at = (self._live.t0, self._live.ended_at) if self._live else (None, None)
        epoch0 = float("inf") if t0 is None else epoch_of(t0)
        event = read_event(given, now, epoch0)
        if t0 is not None and ended_at is not None and event.start - epoch0 >= ended_at - t0:
            self._late.append(LateCount(self._number(event), int(event.failure is None), 1))
        else:
            second = int(event.start - epoch0) if event.start > epoch0 else 0
            self._add(event, second, max(now - epoch0, 0.0))
        if event.flaw:
            self._remark = self._remark or malformed_remark(event)
            self._malformed += 1
        if self._collector is not None and self._collector.stages:
            self._send()

    def ship(self, *, final: bool = False) -> None:
        """Hand over what waits; to be called about once a second, and at the end."""
        if self._stats is not None:
            self._stats.settle(final=final)
        self._send()

    def _add(self, event: RequestEvent, second: int, at: float) -> None:
        number, ok = self._number(event), int(event.failure is None)
        if event.response_time is None:
            self._cells += (number, ok, second, NO_BIN, 1)
            self._windows += (number, ok, second, 1, 0, -1, -1, event.size)
        else:
            us = int(event.response_time * 1000 + 0.5)
            self._cells += (number, ok, second, bin_of(us), 1)
            self._windows += (number, ok, second, 1, us, us, us, event.size)
        self._recorded += 1
        if event.failure is not None:
            endpoint = self._endpoints.entries[number]
            self._errors.append(ErrorCount(*endpoint, event.failure, 1, at, at))

    def _number(self, event: RequestEvent) -> int:
        return self._endpoints.add(shortened(event.method, MAX_NAME), shown_name(event.name))

    def _send(self) -> None:
        if not (self._windows or self._late) or self._collector is None:
            return
        entries = self._endpoints.entries
        delta = Delta(
            worker=HOST,
            seq=self._collector.next_of_host,
            total=self._recorded,
            endpoints=[
                (number, *entries[number]) for number in range(self._announced, len(entries))
            ],
            cells=self._cells,
            windows=self._windows,
            errors=self._errors,
            late=self._late,
        )
        self._announced = len(entries)
        self._cells, self._windows, self._errors, self._late = [], [], [], []
        self._take(encode_delta(delta))
        if self._malformed:
            self._collector.add_remark(self._remark, self._malformed)
            self._malformed = 0
