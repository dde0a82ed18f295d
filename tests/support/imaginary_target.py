"""Runs of targets that never were, as rows of the tables of a run, drawn from a seed.

The same seed gives the same rows with every version of Python.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")

FACTORS = [math.exp(0.4 * NormalDist().inv_cdf((at + 0.5) / 300)) for at in range(300)]
"""How latencies are spread about their middle."""


class Draws:
    """Random draws made of `random()` alone: Python promises the same numbers of that only."""

    def __init__(self, seed: int) -> None:
        self.share = random.Random(seed).random
        """A number of [0, 1)."""

    def below(self, end: int) -> int:
        return int(self.share() * end)

    def between(self, low: float, high: float) -> float:
        return low + self.share() * (high - low)

    def of(self, items: Sequence[Item]) -> Item:
        return items[self.below(len(items))]

    def sample(self, items: Sequence[Item], count: int) -> list[Item]:
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in range(count)]

    def normal(self, mean: float, deviation: float) -> float:
        return mean + deviation * NormalDist().inv_cdf((self.below(1 << 32) + 0.5) / (1 << 32))

    def rounded(self, mean: float) -> int:
        """A whole number that is `mean` on average."""
        return int(mean + self.share())


class Cell(NamedTuple):
    """Requests of one second with one response time; seconds count from the measured part."""

    stage: str
    endpoint: str
    ok: bool
    second: int
    bin: int
    count: int


class Window(NamedTuple):
    """Requests of one second."""

    stage: str
    endpoint: str
    ok: bool
    second: int
    count: int


class Added(NamedTuple):
    """What was added to a custom metric in one second."""

    kind: str
    name: str
    endpoint: str
    stage: str
    second: int
    bin: int | None
    """Of a Trend."""
    count: int
    hits: int = 0
    """Of a Rate."""


@dataclass
class ImaginaryRun:
    cells: list[Cell] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    metrics: list[Added] = field(default_factory=list)


class ImaginaryTarget:
    """A target before and after a change, and how it is loaded."""

    def __init__(self, seed: int, most_endpoints: int) -> None:
        self.draws = draws = Draws(seed)
        self.stages = ["L1", "L2"][: draws.of((1, 1, 2))]
        letters = "abcdef"[: min(most_endpoints, draws.of((1, 2, 3, 6)))]
        self.endpoints = [f"GET /{letter}" for letter in letters]
        self.seconds = {s: draws.of((12, 19, 20, 33, 33, 45, 45, 61)) for s in self.stages}
        self.rate = {e: draws.of((0.5, 5, 12, 50)) for e in self.endpoints}
        self.middle = {e: math.exp(draws.between(3, 12)) for e in self.endpoints}
        self.errors = {e: draws.of((0, 0, 0.01, 0.05, 0.7, 1)) for e in self.endpoints}
        self.has_metrics = draws.share() < 0.5
        self.shift = draws.of((1, 1, 1.15, 1.4, 2.5, 0.5, 0.5))
        self.load = draws.of((1, 1, 1, 0.8, 0.4))
        self.spread = draws.of((0, 0.02, 0.1))
        self.more_errors = draws.of((0, 0, 0.02, 0.1))
        self.base_runs, self.runs = draws.of((1, 1, 3, 5)), draws.of((1, 1, 2, 4))
        self.hit_rate = draws.of((0.02, 0.4))
        self.resolution = draws.of((0.0, 0.0, 0.048))
        """Relative, of its latencies."""

    def sides(self) -> list[list[ImaginaryRun]]:
        """The runs before the change, and those after it."""
        return [
            [self._run(after) for _ in range(count)]
            for after, count in ((False, self.base_runs), (True, self.runs))
        ]

    def _run(self, after: bool) -> ImaginaryRun:
        draws, run = self.draws, ImaginaryRun()
        shift = math.exp(draws.normal(0, self.spread)) * (self.shift if after else 1)
        missing = draws.of(self.endpoints) if draws.share() < 0.15 else None
        skipped = self.stages[-1] if draws.share() < 0.05 else None
        for stage in self.stages:
            if stage == skipped:
                continue
            for second in range(self.seconds[stage]):
                for endpoint in self.endpoints:
                    if endpoint != missing:
                        self._add_second(run, stage, second, endpoint, shift, after)
            began = any(window.stage == stage for window in run.windows)
            if began and self.has_metrics and draws.share() < 0.9:
                run.metrics += [
                    Added("counter", "bad", endpoint, stage, 0, None, draws.of((0, 0, 1, 9)))
                    for endpoint in ("", self.endpoints[0])
                ]
        return run

    def _add_second(
        self,
        run: ImaginaryRun,
        stage: str,
        second: int,
        endpoint: str,
        shift: float,
        after: bool,
    ) -> None:
        draws = self.draws
        mean = self.rate[endpoint] * (self.load if after else 1)
        few = mean < 10
        count = draws.rounded(mean) if few else max(0, round(draws.normal(mean, mean**0.5)))
        failing = min(1.0, self.errors[endpoint] + (self.more_errors if after else 0))
        failed = min(count, draws.rounded(count * failing))
        middle = self.middle[endpoint] * shift * (3 if second % 17 == 0 else 1)
        times = [_bin_of(round(middle * draws.of(FACTORS))) for _ in range(count)]
        bins = Counter((number >= failed, bin_) for number, bin_ in enumerate(times))
        for ok, requests in ((False, failed), (True, count - failed)):
            if requests:
                run.windows.append(Window(stage, endpoint, ok, second, requests))
        run.cells += [Cell(stage, endpoint, ok, second, b, n) for (ok, b), n in bins.items()]
        if self.has_metrics and count:
            hits = min(count, draws.rounded(count * self.hit_rate))
            run.metrics.append(Added("rate", "slow", "", stage, second, None, count, hits))
            for value in range(min(count, 2)):
                ms = 50 * shift * math.exp(draws.normal(0, 0.3)) + value
                for name, number in (("ttft", 1000 * ms), ("tokens", 1e6 / ms)):
                    bin_ = _bin_of(round(number))
                    run.metrics.append(Added("trend", name, endpoint, stage, second, bin_, 1))


def _bin_of(us: int) -> int:
    shift = us.bit_length() - 8
    return us if shift <= 0 else (shift << 7) + (us >> shift)
