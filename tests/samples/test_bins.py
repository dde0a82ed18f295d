"""The numbers are those of the method's own reference computation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.samples.bins import MAX_US, bin_midpoint, bin_of

LATENCIES = st.one_of(
    st.integers(0, MAX_US), st.integers(0, 31).map(lambda bits: 1 << bits), st.integers(0, 4096)
)


@pytest.mark.parametrize(
    ("us", "bin_"),
    [(0, 0), (1, 1), (255, 255), (256, 256), (257, 256), (1000, 506), (MAX_US, 3327)],
)
def test_bin_of_known_latencies(us: int, bin_: int) -> None:
    assert bin_of(us) == bin_


@pytest.mark.parametrize(
    ("bin_", "us"), [(0, 0.5), (1, 1.0), (255, 255.0), (256, 256.5), (506, 1001.5)]
)
def test_midpoint_of_known_bins(bin_: int, us: float) -> None:
    assert bin_midpoint(bin_) == us


def test_what_no_bin_can_hold_is_clamped() -> None:
    assert bin_of(-1) == 0
    assert bin_of(MAX_US + 1) == bin_of(2**80) == 3327


@given(LATENCIES)
def test_midpoint_is_within_0_39_percent(us: int) -> None:
    allowed = 0.5 if us == 0 else us / 2**8
    assert abs(bin_midpoint(bin_of(us)) - us) <= allowed


@given(LATENCIES, LATENCIES)
def test_a_longer_latency_never_has_a_lower_bin(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert bin_of(low) <= bin_of(high)


@given(st.integers(0, 3326))
def test_midpoints_rise_and_lie_in_their_own_bin(bin_: int) -> None:
    assert bin_midpoint(bin_) < bin_midpoint(bin_ + 1)
    if bin_:
        assert bin_of(int(bin_midpoint(bin_))) == bin_
