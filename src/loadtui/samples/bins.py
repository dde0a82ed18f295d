"""Log-linear latency bins with 7 mantissa bits.

A value in whole microseconds maps to one of at most 3 328 bins; the worst error of a bin's
midpoint is 0.39 %.  Counts per bin add, so workers, seconds, stages and endpoints merge without
loss.  The layout is that of HdrHistogram (Gil Tene, hdrhistogram.org).
"""

MANTISSA_BITS = 7
_LINEAR = 1 << (MANTISSA_BITS + 1)
MAX_US = 2**32 - 1
"""Largest value a bin can hold (71 minutes); longer ones are clamped to it."""


def bin_of(us: int) -> int:
    """Bin of a latency in whole microseconds, clamped to 0..MAX_US."""
    if us < _LINEAR:
        return us if us > 0 else 0
    us = min(us, MAX_US)
    shift = us.bit_length() - MANTISSA_BITS - 1
    return (shift << MANTISSA_BITS) + (us >> shift)


def unbounded_bin_of(steps: int) -> int:
    """Bin of a whole number of any size, 0 for what is below; the layout goes on beyond MAX_US."""
    if steps < _LINEAR:
        return max(steps, 0)
    shift = steps.bit_length() - MANTISSA_BITS - 1
    return (shift << MANTISSA_BITS) + (steps >> shift)


def bin_midpoint(bin_: int) -> float:
    """Middle of a bin in microseconds; bin 0 reads as 0.5, bins below 256 are exact."""
    shift = (bin_ >> MANTISSA_BITS) - 1
    if shift <= 0:
        return float(bin_) if bin_ else 0.5
    lowest = (bin_ - (shift << MANTISSA_BITS)) << shift
    return lowest + ((1 << shift) - 1) / 2
