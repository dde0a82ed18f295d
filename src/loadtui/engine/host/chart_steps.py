"""The run so far as the charts need it: bounded, coarser the longer the run."""

from __future__ import annotations

from loadtui.engine.host.recent_metrics import trend_point
from loadtui.samples.tallies import MetricTally
from loadtui.samples.tally import Tally
from loadtui.wire.messages import Point

CAPACITY = 1024
"""Steps kept; when they are full, neighbours are merged and every step is twice as long."""


class _Step:
    __slots__ = ("second", "span", "stage", "tally", "trends", "users")

    def __init__(
        self, second: int, users: int, stage: int, tally: Tally, trends: dict[str, MetricTally]
    ) -> None:
        self.second = second
        self.span = 1
        self.users = users
        self.stage = stage
        self.tally = tally
        self.trends = trends

    def absorb(self, other: _Step) -> None:
        self.span += other.span
        self.users, self.stage = other.users, other.stage
        self.tally.merge(other.tally)
        for name, tally in other.trends.items():
            if name in self.trends:
                self.trends[name].merge(tally)
            else:
                self.trends[name] = tally

    def point(self) -> Point:
        f = self.tally.figures(self.span)
        return Point(
            second=self.second,
            span=self.span,
            users=self.users,
            stage=self.stage,
            rps=self.tally.requests / self.span,
            failures=self.tally.failures / self.span,
            bytes=self.tally.bytes / self.span,
            p50_ms=f.p50_ms,
            p95_ms=f.p95_ms,
            p99_ms=f.p99_ms,
            trends={name: trend_point(tally) for name, tally in self.trends.items()},
        )


class ChartSteps:
    """Steps of equal length but for the last, which is still filling."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._span = 1
        self._steps: list[_Step] = []

    def add(
        self,
        second: int,
        users: int,
        stage: int,
        completed: Tally,
        trends: dict[str, MetricTally] | None = None,
    ) -> Point:
        """A second has passed; returns its own point.  The tallies are kept, not copied."""
        step = _Step(second, users, stage, completed, trends or {})
        point = step.point()
        last = self._steps[-1] if self._steps else None
        if last is not None and second < last.second + self._span and self._span > 1:
            last.absorb(step)
        else:
            self._steps.append(step)
        if len(self._steps) > self._capacity:
            self._coarsen()
        return point

    def points(self) -> list[Point]:
        return [step.point() for step in self._steps]

    def _coarsen(self) -> None:
        self._span *= 2
        merged: list[_Step] = []
        for step in self._steps:
            if merged and step.second < merged[-1].second + self._span:
                merged[-1].absorb(step)
            else:
                merged.append(step)
        self._steps = merged
