"""Percentiles of few values: bounds that assume nothing of how the values are distributed.

Block standard errors need some twenty values beyond a percentile.  Order statistics need no more
than there is: the k-th smallest of n values lies above the p-quantile with the probability
P(Bin(n, p) < k) (David and Nagaraja 2003, Order Statistics, 7.1).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from statistics import NormalDist

from loadtui.samples.bins import bin_midpoint
from loadtui.samples.distribution import Distribution
from loadtui.samples.percentile import RANK_SLACK, position_at
from loadtui.verdict.students_t import incomplete_beta

ALPHA = 0.05
"""One minus the confidence of an interval."""
UNKNOWN_EFFECT = 2.0
"""The design effect of values that are too few to see it."""
_FEWEST_VALUES, _FEWEST_BLOCKS = 40, 5
_SMALLEST_P = 1e-9
_STEPS = 40
"""Of the bisection for p: 12 digits."""


def design_effect(above_median: Sequence[int], blocks: Sequence[int]) -> float:
    """How much values of one block resemble each other: the variance of their share above the
    median, where there are values enough to see it, over that of independent values (Kish 1965,
    Survey Sampling, 8.2), at least 1.  Both sequences are by block; of fewer than 40 values or 5
    blocks with any it is taken to be 2."""
    used = [(above, count) for above, count in zip(above_median, blocks, strict=True) if count]
    total = sum(count for _, count in used)
    if len(used) < _FEWEST_BLOCKS or total < _FEWEST_VALUES:
        return UNKNOWN_EFFECT
    share = sum(above for above, _ in used) / total
    squares = sum((above - share * count) ** 2 for above, count in used)
    variance = len(used) / (len(used) - 1) * squares / total**2
    return max(1.0, variance / max(share * (1 - share) / total, 1e-12))


@dataclass(frozen=True, slots=True)
class PooledValues:
    """The values of all runs of one side, taken together."""

    bins: Sequence[int]
    """Ascending; not empty."""
    running: Sequence[int]
    """How many values lie in each of these bins or below."""
    effect: float
    """Their design effect."""
    runs: int
    rounding: float = 0.0
    """Standard deviation, in log points, that the rounding of values adds to one run's
    percentile; only imported values have any."""

    @property
    def total(self) -> int:
        return self.running[-1]

    @property
    def independent(self) -> int:
        """The number of independent values that would say as much."""
        return max(int(self.total / self.effect), 1)

    def quantile(self, p: float) -> float:
        """Logarithm of the p-quantile, in microseconds or thousandths of a Trend's unit."""
        return math.log(bin_midpoint(self.bins[position_at(self.running, p)]))

    def bounds(self, p: float, alpha: float) -> tuple[float, float]:
        """Logarithms of a lower and an upper bound of the p-quantile, each of them missed with a
        probability of at most alpha / 2; infinite where the values do not reach as far."""
        n = self.independent
        ranks = range(1, n + 1)
        # P(Bin >= k) falls with k, from the first k where it is small enough to the last where
        # what is left is.
        low_rank = bisect_left(ranks, True, key=lambda k: 1 - _at_least(n, p, k) > alpha / 2)
        high_rank = 1 + bisect_left(ranks, True, key=lambda k: _at_least(n, p, k) <= alpha / 2)
        low = self._ranked(low_rank, n) if low_rank else -math.inf
        return low, self._ranked(high_rank, n) if high_rank <= n else math.inf

    def _ranked(self, rank: int, n: int) -> float:
        """Logarithm of the value whose rank among all is that of `rank` among `n`."""
        at = bisect_left(self.running, rank * self.total / n - RANK_SLACK)
        return math.log(bin_midpoint(self.bins[min(at, len(self.bins) - 1)]))


def pooled(distributions: Sequence[Distribution], p: float) -> PooledValues:
    """The values of one or more runs together, of which the p-quantile is looked for."""
    counts: Counter[int] = Counter()
    for values in distributions:
        counts.update(dict(zip(values.bins, values.counts(), strict=True)))
    bins = sorted(counts)
    side = PooledValues(
        bins,
        list(accumulate(counts[bin_] for bin_ in bins)),
        design_effect(
            [count for values in distributions for count in values.above_median],
            [count for values in distributions for count in values.blocks],
        ),
        len(distributions),
    )
    y = side.quantile(p)
    squares = math.fsum(values.rounding(y) ** 2 for values in distributions)
    return PooledValues(
        bins, side.running, side.effect, side.runs, math.sqrt(squares / len(distributions))
    )


@dataclass(frozen=True, slots=True)
class OrderedChange:
    """How far a percentile lies from that of the base, in log points; positive is more."""

    base: PooledValues
    current: PooledValues
    percentile: float
    tau: float
    """Deviation from run to run, in log points."""

    @property
    def change(self) -> float:
        return self.current.quantile(self.percentile) - self.base.quantile(self.percentile)

    def interval(self, alpha: float = ALPHA) -> tuple[float, float]:
        """Bounds of the change, both together missed with a probability of at most `alpha`;
        infinite where the values do not reach as far."""
        base = self.base.bounds(self.percentile, alpha / 2)
        current = self.current.bounds(self.percentile, alpha / 2)
        variance = sum(
            (self.tau**2 + side.rounding**2) / side.runs for side in (self.base, self.current)
        )
        between_runs = -NormalDist().inv_cdf(alpha / 2) * math.sqrt(variance)
        return current[0] - base[1] - between_runs, current[1] - base[0] + between_runs

    def p(self) -> float:
        """The smallest alpha whose interval leaves 0 out, not below 1e-9; two-sided."""
        small, large = _SMALLEST_P, 1.0
        for _ in range(_STEPS):
            middle = math.sqrt(small * large)
            low, high = self.interval(middle)
            if low > 0 or high < 0:
                large = middle
            else:
                small = middle
        return large


def fewest_bounded(p: float, effect: float, alpha: float = ALPHA) -> int:
    """How many values with this design effect bound the p-quantile of one of two sides from
    above and from below."""
    rarest = max(p, 1 - p)
    independent = math.ceil(math.log(alpha / 4) / math.log(rarest))
    return math.ceil(independent * effect)


@lru_cache(maxsize=1 << 16)
def _at_least(n: int, p: float, k: int) -> float:
    """P(Bin(n, p) >= k) for 1 <= k <= n (Abramowitz and Stegun, 26.5.24)."""
    return incomplete_beta(k, n - k + 1, p)
