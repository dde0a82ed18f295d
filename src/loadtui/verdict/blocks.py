"""Standard errors from blocks of time.

Requests that follow each other are alike, so a run of n requests knows less than n draws would.
The spread between blocks of its time keeps that: it grows with whatever lasts for a while.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from loadtui.samples.estimate import BLOCKS, Estimate, Quantity


def block_spread(part: Sequence[float], whole: Sequence[float]) -> float:
    """Standard error of sum(part), given `whole`, both by block; sum(whole) is above 0.

    That of a ratio estimator (Cochran 1977, Sampling Techniques, 6.4):
    sqrt(20/19 * sum (part_b - ratio * whole_b)^2).
    """
    ratio = sum(part) / sum(whole)
    squares = sum((x - ratio * n) ** 2 for x, n in zip(part, whole, strict=True))
    return math.sqrt(BLOCKS / (BLOCKS - 1) * squares)


def block_lengths(seconds: int) -> list[int]:
    """Seconds in each block of a measured part; second s is in block s * 20 // seconds."""
    starts = [-(-block * seconds // BLOCKS) for block in range(BLOCKS + 1)]
    return [after - start for start, after in pairwise(starts)]


def rps_estimate(started: Sequence[int], seconds: int, quantity: Quantity) -> Estimate:
    """Requests a second, from those started in each block; at least one was."""
    total = sum(started)
    sigma = block_spread(started, block_lengths(seconds)) / total
    return Estimate(math.log(total / seconds), sigma, total, quantity, seconds)


def rate_estimate(
    hits: Sequence[int], trials: Sequence[int], seconds: int, quantity: Quantity
) -> Estimate:
    """A share of hits, by block; there is at least one trial.

    Its standard error is at least the binomial one of a share moved half a trial away from 0 and 1,
    so that a run without a single error does not claim to know the rate exactly.
    """
    total = sum(trials)
    share = (sum(hits) + 0.5) / (total + 1)
    binomial = math.sqrt(share * (1 - share) / total)
    sigma = max(block_spread(hits, trials) / total, binomial)
    return Estimate(sum(hits) / total, sigma, total, quantity, seconds)
