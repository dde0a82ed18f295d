"""Percentiles with standard errors, of many groups at once, read from bins by block of time.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from loadtui.percentile_names import percentile_share
from loadtui.samples.bins import MANTISSA_BITS
from loadtui.samples.distribution import Distribution
from loadtui.samples.estimate import BLOCKS
from loadtui.samples.percentile import NOT_KNOWN, position_at, read_bin
from loadtui.verdict.blocks import block_spread

MEDIAN = 0.5
BIN_SIGMA = 2.0 ** -(MANTISSA_BITS + 1) / math.sqrt(3)
"""Nothing is known better than its bin, an error spread evenly over the bin's half width."""


class Percentile(NamedTuple):
    group: int
    stat: str
    """Its name, such as `p95`."""
    y: float
    """Natural logarithm of the value."""
    sigma: float
    distribution: Distribution
    """What it was read from."""


class _Histogram(NamedTuple):
    """Ascending bins of one group and how many values lie in each of them or below."""

    bins: list[int]
    running: list[int]

    def bin_at(self, share: float) -> int:
        return self.bins[position_at(self.running, share)]


def percentiles(
    folded: pl.DataFrame,
    names: Sequence[str],
    extremes: Mapping[int, tuple[int, int]] | None = None,
    relative: float = 0.0,
    fixed_us: float = 0.0,
) -> Iterator[Percentile]:
    """The percentiles of these names of every group in a frame of `group, block, bin, count`.

    `extremes` are the exact smallest and largest value of the groups of which they are known.
    `relative` and `fixed_us` say how far values were rounded, as in a Distribution; it is no part
    of `sigma`.

    The standard error is Woodruff's (1952, J. Am. Stat. Assoc. 47:635): that of the share of values
    beyond the percentile, from the spread between blocks, carried over to the values by reading the
    bins one such error to either side.
    """
    shares = {name: percentile_share(name) or MEDIAN for name in names}
    histograms = _histograms(folded)
    chosen = {
        group: [histogram.bin_at(p) for p in (MEDIAN, *shares.values())]
        for group, histogram in histograms.items()
    }
    for group, (whole, above_median, *beyond) in _by_block(folded, chosen).items():
        histogram = histograms[group]
        total = histogram.running[-1]
        limits = (extremes or {}).get(group, (NOT_KNOWN, NOT_KNOWN))
        values = Distribution(*histogram, whole, above_median, relative, fixed_us)
        percentile_bins = chosen[group][1:]
        for (stat, p), bin_, above in zip(shares.items(), percentile_bins, beyond, strict=True):
            share_se = block_spread(above, whole) / total
            lower = math.log(read_bin(histogram.bin_at(p - share_se), *limits))
            upper = math.log(read_bin(histogram.bin_at(p + share_se), *limits))
            sigma = max((upper - lower) / 2, BIN_SIGMA)
            yield Percentile(group, stat, math.log(read_bin(bin_, *limits)), sigma, values)


def _histograms(folded: pl.DataFrame) -> dict[int, _Histogram]:
    pooled = (
        folded.lazy()
        .group_by("group", "bin")
        .agg(pl.col("count").sum())
        .sort("group", "bin")
        .group_by("group", maintain_order=True)
        .agg(pl.col("bin"), pl.col("count").cum_sum())
        .collect()
    )
    return {group: _Histogram(bins, running) for group, bins, running in pooled.iter_rows()}


def _by_block(
    folded: pl.DataFrame, chosen: dict[int, list[int]]
) -> dict[int, tuple[list[int], ...]]:
    """Group -> by block: all values, and those above each of its chosen bins."""
    names = [f"limit {at}" for at in range(len(next(iter(chosen.values()), [])))]
    limits = pl.DataFrame(
        {
            "group": list(chosen),
            **{name: [bins[at] for bins in chosen.values()] for at, name in enumerate(names)},
        },
        schema={"group": folded.schema["group"], **dict.fromkeys(names, pl.UInt16)},
    )
    counted = (
        folded.lazy()
        .join(limits.lazy(), on="group")
        .group_by("group", "block")
        .agg(
            pl.col("count").sum(),
            *(
                pl.col("count").filter(pl.col("bin") > pl.col(name)).sum().alias(f"above {name}")
                for name in names
            ),
        )
        .collect()
    )
    return by_block(counted, ["count", *(f"above {name}" for name in names)])


def by_block(counted: pl.DataFrame, columns: Sequence[str]) -> dict[int, tuple[list[int], ...]]:
    """Group -> for each of the columns its numbers by block, 0 where a block has no row."""
    numbers_of: dict[int, tuple[list[int], ...]] = {}
    for group, block, *values in counted.select("group", "block", *columns).iter_rows():
        blocks = numbers_of.get(group)
        if blocks is None:
            blocks = numbers_of[group] = tuple([0] * BLOCKS for _ in columns)
        for numbers, value in zip(blocks, values, strict=True):
            numbers[block] = value
    return numbers_of
