"""The one rule by which a percentile is read, from bins or from any other ordered counts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import accumulate

from loadtui.samples.bins import bin_midpoint

RANK_SLACK = 1e-6
"""Keeps N * p = 379.99999999999994 on rank 380."""
NOT_KNOWN = -1
"""Stands for a shortest or longest latency that is not known."""


def position_at(running: Sequence[int], share: float) -> int:
    """Where the running counts, which rise, first reach this share of all; the last place if they
    never do, as for a share above 1.  There is at least one count."""
    at = bisect_left(running, share * running[-1] - RANK_SLACK)
    return min(at, len(running) - 1)


def read_bin(bin_: int, shortest_us: int = NOT_KNOWN, longest_us: int = NOT_KNOWN) -> float:
    """The latency that a bin stands for, in microseconds: its midpoint, or the nearest of the exact
    extremes of the requests, where they are known, when it lies beyond them."""
    us = bin_midpoint(bin_)
    if longest_us >= 0:
        us = min(us, float(longest_us))
    return max(us, float(shortest_us))


def percentiles_of_bins(
    counts: Mapping[int, int],
    shares: Sequence[float],
    shortest_us: int = NOT_KNOWN,
    longest_us: int = NOT_KNOWN,
) -> list[float]:
    """Microseconds at each share, 0..1, of requests counted by bin, with their exact extremes where
    these are known; empty when there is no request."""
    bins = sorted(counts)
    running = list(accumulate(counts[bin_] for bin_ in bins))
    if not running or not running[-1]:
        return []
    positions = [position_at(running, share) for share in shares]
    return [read_bin(bins[at], shortest_us, longest_us) for at in positions]
