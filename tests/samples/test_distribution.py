from __future__ import annotations

import math

import pytest

from loadtui.samples.bins import bin_midpoint, bin_of
from loadtui.samples.distribution import distribution_of


def test_counts_are_what_it_was_made_of() -> None:
    values = distribution_of([3, 900, 901], [1, 4, 2], [7] + [0] * 19, [2] + [0] * 19)
    assert values.counts() == [1, 4, 2]
    assert values.total == 7


def test_coarse_bins_are_as_exact_as_they_say() -> None:
    for us in (1, 200, 255, 256, 263, 300, 1_000, 54_321, 10**7, 2**32 - 1):
        fine = distribution_of([bin_of(us)], [5], [5] + [0] * 19, [0] * 20)
        coarse = fine.coarse()
        error = bin_midpoint(coarse.bins[0]) / bin_midpoint(fine.bins[0]) - 1
        assert abs(error) <= coarse.relative, us
        assert (coarse.total, coarse.blocks) == (5, fine.blocks)


def test_coarse_bins_are_an_eighth() -> None:
    bins = list(range(1000, 1800))
    coarse = distribution_of(bins, [2] * 800, [80] * 20, [40] * 20).coarse()
    assert len(coarse.bins) == 100
    assert coarse.counts() == [16] * 100


def test_rounding_is_spread_evenly() -> None:
    values = distribution_of([506], [1], [1] + [0] * 19, [0] * 20, relative=0.02, fixed_us=500)
    assert values.rounding(math.log(10_000)) == pytest.approx((0.02 + 0.05) / math.sqrt(3))
