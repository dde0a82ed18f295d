"""Steps of the charts over a run's time: what one is made of, and a bounded number of them."""

from __future__ import annotations

from loadtui.samples.packed_metric import PackedMetric
from loadtui.samples.packed_tally import PackedTally
from loadtui.samples.tallies import MetricTally
from loadtui.samples.tally import Tally
from loadtui.wire.messages import Point, TrendPoint

CAPACITY = 1024
"""Steps a run holds; when they are full, neighbours are merged and every step is twice as long."""


class ChartStep:
    """Some seconds of a run as sums, which make a `Point`."""

    __slots__ = ("_tally", "_trends", "completed", "second", "span", "stage", "users")

    def __init__(
        self,
        second: int,
        users: int,
        stage: int,
        tally: Tally,
        trends: dict[str, MetricTally] | None = None,
        *,
        completed: int | None = None,
        span: int = 1,
    ) -> None:
        """`span` seconds from `second` on; users and stage are those of the last of them.

        `completed` is how many requests ended in them, where `tally` is of those that started in
        them; without it they are the same.  The tallies become the step's own.
        """
        self.second = second
        self.span = span
        self.users = users
        self.stage = stage
        self._tally: Tally | PackedTally = tally
        self.completed = tally.requests if completed is None else completed
        self._trends: dict[str, MetricTally] | dict[str, PackedMetric] = trends or {}

    @property
    def tally(self) -> Tally:
        """Of a step that was packed a copy."""
        return self._tally.unpacked() if isinstance(self._tally, PackedTally) else self._tally

    @property
    def trends(self) -> dict[str, MetricTally]:
        """The same."""
        return {
            name: tally.unpacked() if isinstance(tally, PackedMetric) else tally
            for name, tally in self._trends.items()
        }

    def pack(self) -> None:
        """Hold the tallies in as little memory as they need, which is a tenth; they can be read and
        added to as before."""
        if not isinstance(self._tally, PackedTally):
            self._tally = PackedTally.of(self._tally)
            self._trends = {name: PackedMetric.of(tally) for name, tally in self.trends.items()}

    def absorb(self, other: ChartStep) -> None:
        """Take in the step that follows.  A step that was packed is so no longer."""
        self.span += other.span
        self.users, self.stage = other.users, other.stage
        self.completed += other.completed
        self._tally = self.tally
        self._tally.merge(other.tally)
        mine = self.trends
        for name, tally in other.trends.items():
            if name in mine:
                mine[name].merge(tally)
            else:
                mine[name] = tally
        self._trends = mine

    def point(self) -> Point:
        tally = self.tally
        figures = tally.figures(self.span)
        return Point(
            second=self.second,
            span=self.span,
            users=self.users,
            stage=self.stage,
            rps=self.completed / self.span,
            failures=tally.failures / self.span,
            bytes=tally.bytes / self.span,
            p50_ms=figures.p50_ms,
            p95_ms=figures.p95_ms,
            p99_ms=figures.p99_ms,
            trends={name: _trend_point(tally) for name, tally in self.trends.items()},
        )


class ChartSteps:
    """Steps of equal length but for the last, which is still filling."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._span = 1
        self._steps: list[ChartStep] = []

    def add(
        self,
        second: int,
        users: int,
        stage: int,
        completed: Tally,
        trends: dict[str, MetricTally] | None = None,
    ) -> Point:
        """A second has passed; returns its own point.  The tallies are held, not copied."""
        step = ChartStep(second, users, stage, completed, trends)
        point = step.point()
        last = self._steps[-1] if self._steps else None
        if last is not None and second < last.second + self._span and self._span > 1:
            last.absorb(step)
        else:
            if last is not None:
                last.pack()
            self._steps.append(step)
        if len(self._steps) > self._capacity:
            self._coarsen()
        return point

    def points(self) -> list[Point]:
        return [step.point() for step in self._steps]

    def _coarsen(self) -> None:
        self._span *= 2
        merged: list[ChartStep] = []
        for step in self._steps:
            if merged and step.second < merged[-1].second + self._span:
                merged[-1].absorb(step)
                merged[-1].pack()
            else:
                merged.append(step)
        self._steps = merged


def step_span(length_s: int, capacity: int = CAPACITY) -> int:
    """How many seconds each step of a run of this length covers in the end."""
    span = 1
    while length_s > span * capacity:
        span *= 2
    return span


def _trend_point(tally: MetricTally) -> TrendPoint:
    p50, p95 = tally.percentiles((0.50, 0.95))
    return TrendPoint(tally.count, p50, p95)
