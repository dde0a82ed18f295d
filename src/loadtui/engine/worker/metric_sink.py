"""Where a worker's custom metrics go until they are shipped."""

from __future__ import annotations

import operator
import time
from collections.abc import Callable

from loadtui.engine.worker.recorder import Recorder
from loadtui.metrics import Trend
from loadtui.samples.bins import bin_of
from loadtui.samples.delta import CounterAdd, RateAdd, TrendAdd, TrendInfo


class MetricSink:
    """Sums observations per metric, endpoint and second of observation."""

    def __init__(self, recorder: Recorder, is_late: Callable[[], bool] = bool) -> None:
        """`is_late` says of whoever calls that its requests no longer belong to the run."""
        self._recorder = recorder
        self._is_late = is_late
        self._counters: dict[tuple[str, str, int], int] = {}
        self._rates: dict[tuple[str, str, int], list[int]] = {}
        self._trends: dict[tuple[str, str, int, int], int] = {}
        self._known: set[str] = set()
        self._new: list[TrendInfo] = []

    def counter(self, name: str, endpoint: str, amount: int) -> None:
        """TypeError for an amount that is no whole number: it could not be sent."""
        amount = operator.index(amount)
        if self._is_late():
            return
        key = (name, endpoint or "", self._second())
        self._counters[key] = self._counters.get(key, 0) + amount

    def rate(self, name: str, endpoint: str, hit: bool) -> None:
        if self._is_late():
            return
        row = self._rates.setdefault((name, endpoint or "", self._second()), [0, 0])
        row[0] += bool(hit)
        row[1] += 1

    def trend(self, metric: Trend, endpoint: str, value: float) -> None:
        if self._is_late():
            return
        if metric.name not in self._known:
            self._known.add(metric.name)
            self._new.append(TrendInfo(metric.name, metric.unit, metric.better))
        key = (metric.name, endpoint or "", self._second(), bin_of(round(1000 * value)))
        self._trends[key] = self._trends.get(key, 0) + 1

    def take(self) -> tuple[list[CounterAdd], list[RateAdd], list[TrendAdd], list[TrendInfo]]:
        """Everything since the last call, in the layout of a Delta."""
        counters = [CounterAdd(*key, amount) for key, amount in self._counters.items()]
        rates = [RateAdd(*key, *row) for key, row in self._rates.items()]
        trends = [TrendAdd(*key, count) for key, count in self._trends.items()]
        new, self._new = self._new, []
        self._counters.clear()
        self._rates.clear()
        self._trends.clear()
        return counters, rates, trends, new

    def _second(self) -> int:
        elapsed = time.time() - self._recorder.epoch0
        return int(elapsed) if elapsed > 0 else 0
