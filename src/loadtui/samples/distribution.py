"""How the values of a metric are distributed in the measured part of one run's stage."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

_FINE_BELOW = 256
"""Bins below are a microsecond wide, and stay as they are."""
_MERGED = 8
"""Neighbouring bins that a coarse distribution has as one."""
_COARSE_ERROR = 2.0**-5
"""Relative, of the middle of so many bins."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """Counts by bin, and by block of time how many values there were and how many of them were
    above the median: what percentiles with few values are judged from."""

    bins: Sequence[int]
    """Ascending; not empty."""
    running: Sequence[int]
    """How many values lie in each of these bins or below."""
    blocks: Sequence[int]
    """Values of each of the BLOCKS."""
    above_median: Sequence[int]
    """Of each block, how many of them lie in bins above the median's."""
    relative: float = 0.0
    """Values were rounded by at most this share of them, as imported ones are ..."""
    fixed_us: float = 0.0
    """... and by at most so many microseconds, or thousandths of a Trend's unit."""

    @property
    def total(self) -> int:
        return self.running[-1]

    def counts(self) -> list[int]:
        """Values in each of the bins."""
        before = [0, *self.running[:-1]]
        return [now - then for now, then in zip(self.running, before, strict=True)]

    def rounding(self, y: float) -> float:
        """Standard deviation that rounding adds to the logarithm `y` of a value: it is spread
        evenly."""
        return (self.relative + self.fixed_us / math.exp(y)) / math.sqrt(3)

    def coarse(self) -> Distribution:
        """The same in wide bins, which take an eighth of the room; their error counts as
        rounding."""
        merged: dict[int, int] = {}
        for bin_, running in zip(self.bins, self.running, strict=True):
            wide = bin_ if bin_ < _FINE_BELOW else bin_ // _MERGED * _MERGED + _MERGED // 2
            merged[wide] = running
        return Distribution(
            list(merged),
            list(merged.values()),
            self.blocks,
            self.above_median,
            self.relative + _COARSE_ERROR,
            self.fixed_us,
        )


def distribution_of(
    bins: Sequence[int],
    counts: Sequence[int],
    blocks: Sequence[int],
    above_median: Sequence[int],
    relative: float = 0.0,
    fixed_us: float = 0.0,
) -> Distribution:
    """A distribution from the counts of its bins, which ascend."""
    return Distribution(bins, list(accumulate(counts)), blocks, above_median, relative, fixed_us)
