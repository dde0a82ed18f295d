"""The distribution of an endpoint's latencies, or of a Trend, as one line of a baseline's file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise

import msgspec

from loadtui.samples.distribution import Distribution, distribution_of
from loadtui.samples.estimate import BLOCKS, TOTAL, Estimate, Key, subject

EXACT_BELOW = 2_000
"""Of as many values the bins are coarse.  No percentile up to p99 is thin by itself then, so this
is only ever the denser of two sides, and its line stays at about 1 kB."""
LATENCY = ""
"""Name of the distribution of an endpoint's own percentiles; those of Trends have theirs."""
_END_OF_BINS = 1 << 16


class BaselineDistribution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A percentile with few values on either side is judged from this."""

    bins: list[int]
    """Two numbers for each bin with values: how far it is from the one before (the first: from
    bin 0), and how many values it has."""
    blocks: list[int]
    """Values of each of the BLOCKS."""
    above_median: list[int]
    """Of each block, how many of them lie in bins above the median's."""
    rounding: list[float]
    """How far values were rounded at most: a share of them, and microseconds or thousandths of a
    Trend's unit."""


Distributions = Mapping[str, Mapping[str, BaselineDistribution]]
"""Endpoint -> LATENCY or a Trend's name -> what its percentiles were read from."""


def baseline_distributions(
    estimates: Mapping[Key, Estimate], stage: str
) -> dict[str, dict[str, BaselineDistribution]]:
    """What the file keeps of the distributions of a stage, in a stable order; not that of the
    total, which is never tested."""
    kept: dict[str, dict[str, BaselineDistribution]] = {}
    for key in sorted(k for k in estimates if k.stage == stage and k.endpoint != TOTAL):
        values = estimates[key].distribution
        its = kept.setdefault(key.endpoint, {})
        name = distribution_name(key.metric)
        if values is not None and name not in its:
            its[name] = _written(values)
    return {endpoint: its for endpoint, its in kept.items() if its}


def read_distributions(
    written: Distributions,
) -> dict[tuple[str, str], Distribution]:
    """Endpoint and name of each distribution, and what it says.  ValueError for what cannot be."""
    return {
        (endpoint, name): _read(
            values, f"{name} distribution of {endpoint or 'no endpoint'}".strip()
        )
        for endpoint, its in written.items()
        for name, values in its.items()
    }


def distribution_name(metric: str) -> str:
    """Under which name the distribution lies that a percentile was read from."""
    name = subject(metric)
    return LATENCY if name == metric else name


def _written(values: Distribution) -> BaselineDistribution:
    if values.total >= EXACT_BELOW:
        values = values.coarse()
    steps = [after - before for before, after in pairwise([0, *values.bins])]
    return BaselineDistribution(
        [number for pair in zip(steps, values.counts(), strict=True) for number in pair],
        list(values.blocks),
        list(values.above_median),
        [values.relative, values.fixed_us],
    )


def _read(written: BaselineDistribution, where: str) -> Distribution:
    steps, counts = written.bins[::2], written.bins[1::2]
    bins = list(accumulate(steps))
    if not counts or len(steps) != len(counts):
        raise ValueError(f"{where}: bins are pairs of numbers")
    if min(counts) < 1 or min([1, *steps[1:]]) < 1 or steps[0] < 0 or bins[-1] >= _END_OF_BINS:
        raise ValueError(f"{where}: there are no such bins")
    if len(written.blocks) != BLOCKS or len(written.above_median) != BLOCKS:
        raise ValueError(f"{where}: there are {BLOCKS} blocks")
    if sum(written.blocks) != sum(counts) or not _within(written.above_median, written.blocks):
        raise ValueError(f"{where}: its blocks do not add up")
    if len(written.rounding) != 2 or not all(0 <= number < 1e9 for number in written.rounding):
        raise ValueError(f"{where}: rounding is a share and a number of microseconds")
    return distribution_of(bins, counts, written.blocks, written.above_median, *written.rounding)


def _within(part: Sequence[int], whole: Sequence[int]) -> bool:
    return all(0 <= some <= count for some, count in zip(part, whole, strict=True))
