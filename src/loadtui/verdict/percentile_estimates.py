"""Percentiles with standard errors, of many groups at once, read from bins by block of time.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import polars as pl

from loadtui.percentile_names import percentile_share
from loadtui.samples.bins import MANTISSA_BITS
from loadtui.samples.distribution import Distribution
from loadtui.samples.estimate import BLOCKS
from loadtui.samples.percentile import position_at
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


class Rounding(NamedTuple):
    """How far values were rounded at most, as in a Distribution."""

    relative: float = 0.0
    fixed_us: float = 0.0


EXACT = Rounding()


def percentiles(
    folded: pl.DataFrame,
    names: Sequence[str],
    read: Callable[[int, int], float],
    *,
    distribution_bin: Callable[[int, int], int] | None = None,
    rounding: Rounding = EXACT,
) -> Iterator[Percentile]:
    """The percentiles of these names of every group in a frame of `group, block, bin, count`.

    `read` gives the value, above 0, that a bin of a group stands for, and `distribution_bin` that
    in which a Distribution has it, where that is another one.  What `rounding` adds is no part of
    `sigma`.

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
        values = Distribution(
            *_in_bins(histogram, group, distribution_bin), whole, above_median, *rounding
        )
        percentile_bins = chosen[group][1:]
        for (stat, p), bin_, above in zip(shares.items(), percentile_bins, beyond, strict=True):
            share_se = block_spread(above, whole) / total
            lower = math.log(read(group, histogram.bin_at(p - share_se)))
            upper = math.log(read(group, histogram.bin_at(p + share_se)))
            sigma = max((upper - lower) / 2, BIN_SIGMA)
            yield Percentile(group, stat, math.log(read(group, bin_)), sigma, values)


def _in_bins(
    histogram: _Histogram, group: int, bin_of: Callable[[int, int], int] | None
) -> tuple[list[int], list[int]]:
    """Ascending bins and running counts of a group in the bins of a Distribution."""
    if bin_of is None:
        return histogram.bins, histogram.running
    running: dict[int, int] = {}
    for bin_, so_far in zip(histogram.bins, histogram.running, strict=True):
        running[bin_of(group, bin_)] = so_far  # The last of those that share a bin counts.
    return list(running), list(running.values())


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
        schema={
            "group": folded.schema["group"],
            **dict.fromkeys(names, folded.schema["bin"]),
        },
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
