"""Percentiles with too few values, or too short a time, for standard errors from blocks of time.

They are judged by order statistics, from the values of all runs of a side together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from loadtui.percentile_names import percentile_name
from loadtui.plurals import counted, thousands
from loadtui.samples.estimate import BLOCKS, Estimate, Quantity
from loadtui.samples.percentile import RANK_SLACK
from loadtui.verdict.interval import MAX_RUNS_ASKED
from loadtui.verdict.metric_limits import MetricLimits
from loadtui.verdict.order_statistics import (
    ALPHA,
    OrderedChange,
    PooledValues,
    fewest_bounded,
    pooled,
)

MIN_BEYOND = 20
"""Values that must lie beyond a percentile for a standard error from blocks of time."""


def is_thin(runs: Sequence[Estimate]) -> bool:
    """Whether a percentile of any of these runs has too few values beyond it, or was measured for
    too short a time."""
    p = runs[0].quantity.percentile
    return p is not None and any(
        run.count * (1 - p) < MIN_BEYOND - RANK_SLACK or run.seconds < BLOCKS for run in runs
    )


class ThinSide(NamedTuple):
    """A thin percentile of all runs of a side."""

    values: PooledValues
    y: float
    """Of all runs together, on the working scale of the quantity, as exactly as it is known."""


class ThinPercentile:
    """A thin percentile of both sides; `change`, `low` and `high` are turned so that positive is
    worse, `p` is the two-sided one of no change."""

    def __init__(self, base: ThinSide, current: ThinSide, quantity: Quantity, tau: float) -> None:
        """`tau` is the deviation from run to run, in log points."""
        assert quantity.percentile is not None
        self.base, self.current = base, current
        self._quantity, self._tau, self._percentile = quantity, tau, quantity.percentile
        self._ordered = OrderedChange(base.values, current.values, self._percentile, tau)

    @cached_property
    def change(self) -> float:
        rounded = self.base.values.rounding or self.current.values.rounding
        change = self.current.y - self.base.y if rounded else self._ordered.change
        return self._quantity.worse * change

    @cached_property
    def low(self) -> float:
        """-inf where the values do not reach as far; `high` likewise inf."""
        return self._interval[0]

    @cached_property
    def high(self) -> float:
        return self._interval[1]

    @cached_property
    def p(self) -> float:
        return self._ordered.p()

    @property
    def bounded(self) -> bool:
        return math.isfinite(self.low) and math.isfinite(self.high)

    def unbounded_because(self) -> str:
        """What there was, and how much would bound the change."""
        p = self._percentile
        there, needed = [], []
        for where, (values, _) in (("base", self.base), (self._runs, self.current)):
            if not all(map(math.isfinite, values.bounds(p, ALPHA / 2))):
                there.append(f"{counted(values.total, self._noun)} in the {where}")
                needed.append(thousands(fewest_bounded(p, values.effect)))
        enough = " and ".join(dict.fromkeys(needed))
        return f"{' and '.join(there)}, {enough} would bound its {percentile_name(p)}"

    def undecided_because(self) -> str:
        """What there was, of a change that is bounded and not decided."""
        base, current = self.base.values.total, self.current.values.total
        there = (
            f"{counted(base, self._noun)} in the base and {thousands(current)} in the {self._runs}"
        )
        return f"the interval of {there} reaches the fail tolerance"

    def further_runs(self, limits: MetricLimits) -> int | None:
        """How many more current runs like these would decide it; None when more than
        MAX_RUNS_ASKED in all would be needed."""
        for more in range(1, MAX_RUNS_ASKED + 1 - self.current.values.runs):
            if self._decided_by(self.base, _with_more(self.current, more), limits):
                return more
        return None

    def further_base_runs(self, limits: MetricLimits) -> int | None:
        """How many more baseline runs like these would decide it, with the current runs as they
        are; None as above."""
        for more in range(1, MAX_RUNS_ASKED + 1 - self.base.values.runs):
            if self._decided_by(_with_more(self.base, more), self.current, limits):
                return more
        return None

    def _decided_by(self, base: ThinSide, current: ThinSide, limits: MetricLimits) -> bool:
        other = ThinPercentile(base, current, self._quantity, self._tau)
        if not other.bounded:
            return False
        return other.high < limits.fail or (other.low > 0 and other.change >= limits.warn)

    @property
    def _noun(self) -> str:
        return "value" if self._quantity.custom else "request"

    @property
    def _runs(self) -> str:
        return counted(self.current.values.runs, "run").partition(" ")[2]

    @cached_property
    def _interval(self) -> tuple[float, float]:
        low, high = self._ordered.interval()
        return (low, high) if self._quantity.worse > 0 else (-high, -low)


def thin_percentile(
    base: Sequence[Estimate], current: Sequence[Estimate], tau: float
) -> ThinPercentile | None:
    """The percentile by order statistics, from those runs whose distribution is known; None where
    one of the sides has no such run."""
    sides = [_thin_side(side) for side in (base, current)]
    if sides[0] is None or sides[1] is None:
        return None
    return ThinPercentile(sides[0], sides[1], current[0].quantity, tau)


def _thin_side(runs: Sequence[Estimate]) -> ThinSide | None:
    p = runs[0].quantity.percentile
    known = [(run.y, run.distribution) for run in runs if run.distribution is not None]
    if p is None or not known:
        return None
    values = pooled([distribution for _, distribution in known], p)
    # A percentile of all lies between those of the single runs, whose extremes are known exactly.
    ys = [y for y, _ in known]
    return ThinSide(values, min(max(values.quantile(p), min(ys)), max(ys)))


def _with_more(side: ThinSide, runs: int) -> ThinSide:
    """The side as it would be with so many runs more like those it has."""
    before = side.values.runs
    running = [round(count * (before + runs) / before) for count in side.values.running]
    return ThinSide(replace(side.values, running=running, runs=before + runs), side.y)
