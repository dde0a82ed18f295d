"""The rule by which a percentile is read."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.samples.bins import MAX_US, bin_midpoint, bin_of
from loadtui.samples.percentile import percentiles_of_bins, position_at, read_bin


@pytest.mark.parametrize(
    ("share", "position"), [(-0.1, 0), (0.0, 0), (0.5, 1), (0.95, 1), (0.9501, 2), (1.1, 2)]
)
def test_the_first_count_that_reaches_a_share(share: float, position: int) -> None:
    # 400 * 0.95 is 380 in the mind and may be 379.99999999999994 in a float; rank 380 is meant.
    assert position_at([100, 380, 400], share) == position


def test_a_bin_reads_as_its_midpoint_within_the_extremes() -> None:
    bin_ = bin_of(12_801)
    assert read_bin(bin_) == bin_midpoint(bin_) == 12_831.5
    assert read_bin(bin_, 12_801, 12_801) == 12_801
    assert read_bin(bin_, 12_800, 12_810) == 12_810
    assert read_bin(bin_, 12_850, 12_860) == 12_850
    assert read_bin(bin_, 5, 70_000) == 12_831.5
    assert read_bin(bin_of(MAX_US + 9), 1, MAX_US + 9) == bin_midpoint(bin_of(MAX_US))


def test_latencies_of_0_are_not_read_as_more() -> None:
    assert read_bin(0, 0, 0) == 0.0
    assert read_bin(0) == 0.5


def test_nothing_has_no_percentiles() -> None:
    assert percentiles_of_bins({}, (0.5,)) == []


@given(
    st.lists(st.integers(0, 10_000_000), min_size=1, max_size=200),
    st.lists(st.floats(0, 1), min_size=1, max_size=5),
)
def test_of_known_latencies(latencies: list[int], shares: list[float]) -> None:
    """Each is the latency of the nearest rank, to the width of its bin, and within the extremes."""
    counts = Counter(map(bin_of, latencies))
    ordered = sorted(latencies)
    values = percentiles_of_bins(counts, shares, ordered[0], ordered[-1])
    for share, value in zip(shares, values, strict=True):
        rank = max(math.ceil(share * len(ordered) - 1e-6), 1)
        assert value == pytest.approx(ordered[rank - 1], rel=0.0079, abs=0.5)
        assert ordered[0] <= value <= ordered[-1]
