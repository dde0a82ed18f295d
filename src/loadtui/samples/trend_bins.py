"""Bins of the values of a Trend, whatever their size: 128 to each power of two.

A bin is at most 0.79 % wide and holds one whole number below 256.  With the smallest and the
largest value of each bin beside its count, a value is read with an error of at most half a bin, and
exactly where all values of the bin are the same, as of whole numbers below 256.
"""

from __future__ import annotations

import math
import sys
from typing import NamedTuple

from loadtui.samples.bins import MANTISSA_BITS, bin_midpoint

_FIRST = 1 << 12
"""Lower numbers are bins of round(1000 * value), as earlier versions wrote them."""
_ZERO = _FIRST - 1
_LEAST_EXPONENT = -1073
"""Of the smallest float, as math.frexp gives it."""
_OLD_STEPS = 1000
MAX_TREND_BIN = _FIRST + ((sys.float_info.max_exp - _LEAST_EXPONENT + 1) << MANTISSA_BITS) - 1
"""The bin of the largest float."""


class TrendSums(NamedTuple):
    """Values of a bin added up."""

    total: float
    least: float
    most: float


def trend_bin_of(value: float) -> int:
    """Bin of a finite value; bins ascend with it, and all values of 0 or below share one."""
    if value <= 0:
        return _ZERO
    mantissa, exponent = math.frexp(value)
    steps = int(mantissa * (2 << MANTISSA_BITS)) - (1 << MANTISSA_BITS)
    return _FIRST + ((exponent - _LEAST_EXPONENT) << MANTISSA_BITS) + steps


def value_of_bin(least: float, most: float) -> float:
    """The value that stands for those of a bin between these two: their middle, rounded down to a
    whole number where both are whole, which is never further off than half a bin."""
    middle = least + (most - least) / 2
    return float(math.floor(middle)) if least.is_integer() and most.is_integer() else middle


def sums_of_old_bin(bin_: int, count: int) -> TrendSums:
    """What so many values of a bin were, of an earlier version's that says no more of them."""
    value = bin_midpoint(bin_) / _OLD_STEPS if bin_ else 0.0
    return TrendSums(value * count, value, value)
