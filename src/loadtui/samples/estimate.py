"""An estimate: a metric of one run's stage as a number with its standard error.

Numbers are kept on the scale on which they are compared: the natural logarithm for percentiles and
requests a second, the fraction itself for rates, the count for counters.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from loadtui.percentile_names import after_metric, percentile_share
from loadtui.samples.distribution import Distribution
from loadtui.samples.tallies import MetricKind

Scale = Literal["log", "fraction", "count"]

BLOCKS = 20
"""The measured part of a stage is cut into so many blocks of equal time, whose spread gives the
standard error; also the fewest seconds that a verdict needs."""

TOTAL = "(total)"
"""Endpoint of all requests together."""
NO_ENDPOINT = ""
"""Endpoint of a custom metric that was added without one."""

_STEPS_PER_UNIT = 1000
"""The working scale counts microseconds of a latency in ms, thousandths of a Trend's unit."""
_NOTHING = 0.5
"""Stands for a Trend's value of 0, which has no logarithm."""


class Key(NamedTuple):
    """What an estimate is of; sorts by stage name, endpoint and metric."""

    stage: str
    endpoint: str
    """`METHOD name`, TOTAL or NO_ENDPOINT."""
    metric: str
    """`p95`, `error_rate`, `rps`, `ttft.p95`, or the name of a Rate or Counter."""


class Quantity(NamedTuple):
    """What sort of number a metric is."""

    scale: Scale
    worse: int = 1
    """+1 where more is worse, -1 where less is."""
    percentile: float | None = None
    unit: str = ""
    """Unit people read: `ms`, `/s`, a Trend's own; empty for fractions and counts."""
    custom: MetricKind | None = None
    """Kind of a custom metric, None for what is known of requests."""

    def natural(self, y: float) -> float:
        """The number people read, of one on the working scale: ms, a second, 0..1, a count."""
        if self.scale != "log":
            return y
        value = math.exp(y) / _STEPS_PER_UNIT if self.percentile is not None else math.exp(y)
        # Without the digits that only floating point made: 7 tokens are not 6.999999999999998.
        return float(f"{value:.12g}")

    def working(self, value: float) -> float:
        """The number on the working scale, of one that people read; ValueError when it has none,
        as the logarithm of 0."""
        if self.scale != "log":
            return value
        return math.log(value * _STEPS_PER_UNIT if self.percentile is not None else value)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and its standard error, both on the working scale of its quantity."""

    y: float
    sigma: float
    count: int
    """Requests or observations behind it."""
    quantity: Quantity
    seconds: int = BLOCKS
    """Length of the measured part of the stage."""
    error_known: bool = True
    """False: a figure that was given without samples, so that `sigma` means nothing; it is shown
    and never judged."""
    distribution: Distribution | None = None
    """Of a percentile: the values it was read from, where they are known; shared by the percentiles
    of one endpoint or Trend."""


Estimates = Mapping[Key, Estimate]

RPS = Quantity("log", worse=-1, unit="/s")
ERROR_RATE = Quantity("fraction")


def builtin_quantity(metric: str) -> Quantity | None:
    """Quantity of a metric of requests, None for a custom one."""
    share = percentile_share(metric)
    if share is not None:
        return Quantity("log", percentile=share, unit="ms")
    return {"rps": RPS, "error_rate": ERROR_RATE}.get(metric)


def trend_steps(value: float) -> float:
    """A Trend's value as the working scale takes the logarithm of it, above 0."""
    return value * _STEPS_PER_UNIT if value > 0 else _NOTHING


def trend_quantity(stat: str, unit: str, better: str) -> Quantity:
    """Quantity of a Trend's percentile, given by its name."""
    worse = -1 if better == "higher" else 1
    return Quantity("log", worse, percentile_share(stat), unit, "trend")


RATE = Quantity("fraction", custom="rate")
COUNTER = Quantity("count", custom="counter")


def subject(metric: str) -> str:
    """The metric without a Trend's percentile: `ttft` of `ttft.p95`, others as they are."""
    split = after_metric(metric)
    return split[0] if split is not None and split[0] else metric
