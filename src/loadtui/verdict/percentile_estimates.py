"""Percentiles with standard errors, of many groups at once, read from bins by block of time.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import polars as pl

from loadtui.samples.bins import MANTISSA_BITS
from loadtui.samples.estimate import BLOCKS, PERCENTILES
from loadtui.samples.percentile import position_at
from loadtui.verdict.blocks import block_spread

BIN_SIGMA = 2.0 ** -(MANTISSA_BITS + 1) / math.sqrt(3)
"""Nothing is known better than its bin, an error spread evenly over the bin's half width."""


class Percentile(NamedTuple):
    group: int
    stat: str
    """`p50`, `p95` or `p99`."""
    y: float
    """Natural logarithm of the value."""
    sigma: float
    values: int
    """How many it was read from."""


class _Histogram(NamedTuple):
    """Ascending bins of one group and how many values lie in each of them or below."""

    bins: list[int]
    running: list[int]

    def bin_at(self, share: float) -> int:
        return self.bins[position_at(self.running, share)]


def percentiles(folded: pl.DataFrame, read: Callable[[int, int], float]) -> Iterator[Percentile]:
    """All PERCENTILES of every group in a frame of `group, block, bin, count`.

    `read` gives the value, above 0, that a bin of a group stands for.

    The standard error is Woodruff's (1952, J. Am. Stat. Assoc. 47:635): that of the share of values
    beyond the percentile, from the spread between blocks, carried over to the values by reading the
    bins one such error to either side.
    """
    histograms = _histograms(folded)
    chosen = {
        group: [histogram.bin_at(p) for p in PERCENTILES.values()]
        for group, histogram in histograms.items()
    }
    for group, (whole, *beyond) in _by_block(folded, chosen).items():
        histogram = histograms[group]
        total = histogram.running[-1]
        for (stat, p), bin_, above in zip(PERCENTILES.items(), chosen[group], beyond, strict=True):
            share_se = block_spread(above, whole) / total
            lower = math.log(read(group, histogram.bin_at(p - share_se)))
            upper = math.log(read(group, histogram.bin_at(p + share_se)))
            sigma = max((upper - lower) / 2, BIN_SIGMA)
            yield Percentile(group, stat, math.log(read(group, bin_)), sigma, total)


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
    """Group -> by block: all values, and those above the chosen bin of each percentile."""
    limits = pl.DataFrame(
        {
            "group": list(chosen),
            **{stat: [bins[at] for bins in chosen.values()] for at, stat in enumerate(PERCENTILES)},
        },
        schema={
            "group": folded.schema["group"],
            **dict.fromkeys(PERCENTILES, folded.schema["bin"]),
        },
    )
    counted = (
        folded.lazy()
        .join(limits.lazy(), on="group")
        .group_by("group", "block")
        .agg(
            pl.col("count").sum(),
            *(
                pl.col("count").filter(pl.col("bin") > pl.col(stat)).sum().alias(f"above {stat}")
                for stat in PERCENTILES
            ),
        )
        .collect()
    )
    return by_block(counted, ["count", *(f"above {stat}" for stat in PERCENTILES)])


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
