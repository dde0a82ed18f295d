"""Percentiles of few values, drawn from a seed: two sides of runs, and what is asked of them."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from loadtui.samples.bins import bin_of
from loadtui.samples.distribution import Distribution, distribution_of
from loadtui.samples.estimate import BLOCKS
from tests.support.imaginary_target import FACTORS, Draws


@dataclass
class ThinCase:
    base: list[Distribution]
    current: list[Distribution]
    percentile: float
    tau: float


def thin_case(seed: int) -> ThinCase:
    """The same seed gives the same case with every version of Python."""
    draws = Draws(seed)
    middle = math.exp(draws.between(0, 13))
    shift = draws.of((1, 1, 1, 1.2, 1.6, 3, 20, 0.5))
    most = draws.of((30, 100, 320, 700, 1200))
    likeness = draws.of((0, 0, 0.1, 0.3))
    sides = [
        [
            _values(draws, middle * factor, 3 + draws.below(most), likeness)
            for _ in range(draws.of((1, 1, 2, 3, 5)))
        ]
        for factor in (1.0, shift)
    ]
    percentile = draws.of((0.5, 0.75, 0.9, 0.95, 0.95, 0.95, 0.99, 0.999))
    return ThinCase(*sides, percentile, draws.of((0.01, 0.05, 0.05, 0.12)))


def _values(draws: Draws, middle: float, count: int, likeness: float) -> Distribution:
    """Of one run: some blocks are slower than others, some have none."""
    used = draws.sample(range(BLOCKS), draws.of((4, 10, 20, 20)))
    pace = {block: math.exp(draws.normal(0, likeness)) for block in used}
    slow = draws.of((0, 0.04, 0.1))
    drawn = []
    for _ in range(count):
        block = draws.of(used)
        factor = draws.of(FACTORS) * (18 if draws.share() < slow else 1)
        drawn.append((block, bin_of(round(middle * pace[block] * factor))))
    median = sorted(bin_ for _, bin_ in drawn)[(count - 1) // 2]
    counts = Counter(bin_ for _, bin_ in drawn)
    blocks = Counter(block for block, _ in drawn)
    above = Counter(block for block, bin_ in drawn if bin_ > median)
    bins = sorted(counts)
    return distribution_of(
        bins,
        [counts[bin_] for bin_ in bins],
        [blocks[block] for block in range(BLOCKS)],
        [above[block] for block in range(BLOCKS)],
    )


def histogram(runs: list[Distribution]) -> dict[int, int]:
    """Values of all runs by bin, ascending."""
    counts: Counter[int] = Counter()
    for run in runs:
        for bin_, count in zip(run.bins, run.counts(), strict=True):
            counts[bin_] += count
    return {bin_: counts[bin_] for bin_ in sorted(counts)}
