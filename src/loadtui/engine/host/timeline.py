"""Once a second: the timeline row, the point for the charts, and whether the second was bad."""

from __future__ import annotations

from collections import deque

import msgspec

from loadtui.engine.host.collector import Arrivals, Collector
from loadtui.samples.tally import Tally
from loadtui.store.journal import SECOND_FRAME, TimelineRow, WorkerSecond
from loadtui.verdict.validity import BadSeconds, is_measured
from loadtui.wire.chart_steps import ChartSteps
from loadtui.wire.messages import Point
from loadtui.wire.metric_observations import Observations
from loadtui.wire.moments import NOW_S, RecentSeconds

HEALTH_LATE_S = 2
"""Seconds to wait for a worker's health of a second; a worker that is later was starved."""
STARVED = (0.0, 1.0, 1000.0)
"""cpu, wait, lag of a second in which a worker did not get to measure itself."""


class _Passed(msgspec.Struct):
    """A second that has passed, waiting for the workers' health."""

    second: int
    stage: int
    completed: int
    failed: int
    expected: list[int]


class Timeline:
    """Counts the seconds of the run as the host sees them pass."""

    def __init__(self, collector: Collector) -> None:
        self._collector = collector
        self.chart_steps = ChartSteps()
        self.bad = BadSeconds()
        """Of the measured seconds."""
        self.bad_overall = BadSeconds()
        """Of all seconds."""
        self.users_max = 0
        self.point: Point | None = None
        self._waiting: deque[_Passed] = deque()
        self._recent: deque[Arrivals] = deque(maxlen=NOW_S)
        self._end: int | None = None

    def tick(self, second: int, stage: int, users: int, running: list[int]) -> None:
        """This second has passed, with so many users, and these workers running through it."""
        self.users_max = max(self.users_max, users)
        arrivals = self._collector.take_arrivals()
        total = arrivals.total
        if self._end is None or second < self._end:
            self._recent.append(arrivals)
            copy = Tally()
            copy.merge(total)
            self.point = self.chart_steps.add(second, users, stage, copy, arrivals.metrics.trends())
        self._waiting.append(_Passed(second, stage, total.requests, total.failures, running))
        while self._waiting and self._waiting[0].second <= second - HEALTH_LATE_S:
            self._settle(self._waiting.popleft())

    def end(self, second: int) -> None:
        """The load ended: what completes from this second on is noted, but in no chart or rate."""
        self._end = second

    def finish(self) -> None:
        """Nothing more will arrive: settle the seconds that still wait."""
        while self._waiting:
            self._settle(self._waiting.popleft())

    def recent(self) -> RecentSeconds:
        """What completed in the last seconds."""
        total, metrics = Tally(), Observations()
        requests: dict[int, int] = {}
        for arrivals in self._recent:
            total.merge(arrivals.total)
            metrics.merge(arrivals.metrics)
            for endpoint, count in arrivals.by_endpoint.items():
                requests[endpoint] = requests.get(endpoint, 0) + count
        return RecentSeconds(max(len(self._recent), 1), total, requests, metrics)

    def _settle(self, passed: _Passed) -> None:
        workers, users, in_flight = [], 0, 0
        known = self._collector.workers
        for index in sorted({*known, *passed.expected}):
            seconds = known[index].health_by_second if index in known else {}
            health = seconds.pop(passed.second, None)
            for old in [s for s in seconds if s < passed.second]:
                del seconds[old]
            if health is not None:
                workers.append(WorkerSecond(index, health.cpu, health.wait, health.lag_ms))
                users += health.users
                in_flight += health.in_flight
            elif index in passed.expected:
                workers.append(WorkerSecond(index, *STARVED))
        row = TimelineRow(
            passed.second, passed.stage, users, passed.completed, passed.failed, in_flight, workers
        )
        self._collector.write(SECOND_FRAME, msgspec.msgpack.encode(row))
        p50 = self._median_ms(passed.stage)
        self.bad_overall.add(workers, p50)
        if is_measured(passed.second, self._collector.stages):
            self.bad.add(workers, p50)

    def _median_ms(self, stage: int) -> float | None:
        us = self._collector.tallies.merged(stage=stage).percentile_us(0.5)
        return None if us is None else us / 1000
