from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from loadtui.samples.percentile import position_at
from loadtui.samples.tallies import MetricTally
from loadtui.samples.trend_bins import TrendSums, sums_of_old_bin, trend_bin_of, value_of_bin

HALF_A_BIN = 1 / 256
SHARES = (0.0, 0.01, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
anything = st.floats(0, allow_nan=False, allow_infinity=False)
readable = st.floats(1e-9, 1e12)
mixed = st.one_of(st.integers(0, 2000).map(float), st.floats(0, 2000), readable)


def tally_of(values: list[float]) -> MetricTally:
    tally = MetricTally()
    for value in values:
        tally.add(1, bin_=trend_bin_of(value), values=TrendSums(value, value, value))
    return tally


def ranked(values: list[float]) -> list[float]:
    ordered = sorted(values)
    running = list(range(1, len(ordered) + 1))
    return [ordered[position_at(running, share)] for share in SHARES]


@given(anything, anything)
def test_bins_ascend_with_their_values(one: float, other: float) -> None:
    assert (trend_bin_of(one) <= trend_bin_of(other)) or one > other


@given(st.floats(1e-300, 1e300))
def test_a_bin_is_narrow(value: float) -> None:
    """128 of them to a power of two; those of earlier versions are all below."""
    assert trend_bin_of(value) > 4095
    assert trend_bin_of(value * (1 + 1 / 127)) > trend_bin_of(value)
    assert trend_bin_of(2 * value) == trend_bin_of(value) + 128


def test_whole_numbers_below_256_have_a_bin_each() -> None:
    assert len({trend_bin_of(float(number)) for number in range(256)}) == 256


@given(st.lists(st.integers(0, 255).map(float), min_size=1, max_size=40))
def test_percentiles_of_whole_numbers_below_256_are_exact(values: list[float]) -> None:
    assert tally_of(values).percentiles(SHARES) == ranked(values)


@given(st.lists(st.integers(0, 10**9).map(float), min_size=1, max_size=40))
def test_percentiles_of_whole_numbers_are_whole_and_near(values: list[float]) -> None:
    for read, exact in zip(tally_of(values).percentiles(SHARES), ranked(values), strict=True):
        assert read is not None
        assert read.is_integer()
        assert abs(read - exact) <= exact * HALF_A_BIN


@given(st.lists(mixed, min_size=1, max_size=40))
def test_percentiles_of_anything_are_near_and_never_beyond_the_extremes(
    values: list[float],
) -> None:
    tally = tally_of(values)
    assert (tally.least(), tally.most()) == (min(values), max(values))
    for read, exact in zip(tally.percentiles(SHARES), ranked(values), strict=True):
        assert read is not None
        assert min(values) <= read <= max(values)
        assert abs(read - exact) <= exact * HALF_A_BIN * (1 + 1e-12)


@given(st.lists(mixed, min_size=1, max_size=40))
def test_the_mean_is_exact(values: list[float]) -> None:
    mean = tally_of(values).mean()
    assert mean is not None
    assert min(values) <= mean <= max(values)
    assert math.isclose(mean, math.fsum(values) / len(values), rel_tol=1e-11)


def test_what_is_alike_has_no_other_mean() -> None:
    """Adding 0.1 ten times gives less than 1."""
    assert tally_of([0.1] * 10).mean() == 0.1
    assert tally_of([8.0] * 3).mean() == 8.0
    assert tally_of([1e308] * 3).mean() == 1e308


@given(st.lists(mixed, max_size=20), st.lists(mixed, max_size=20))
def test_two_workers_say_what_one_would_have_said(one: list[float], other: list[float]) -> None:
    merged = tally_of(one)
    merged.merge(tally_of(other))
    whole = tally_of([*one, *other])
    assert merged.count == whole.count
    assert merged.percentiles(SHARES) == whole.percentiles(SHARES)
    assert (merged.least(), merged.most()) == (whole.least(), whole.most())


@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_a_bin_reads_as_something_between_its_values(one: float, other: float) -> None:
    least, most = sorted((one, other))
    assert least <= value_of_bin(least, most) <= most


def test_a_bin_of_an_earlier_version_is_its_middle() -> None:
    assert sums_of_old_bin(200, 3) == (0.6000000000000001, 0.2, 0.2)
    assert sums_of_old_bin(0, 3) == (0.0, 0.0, 0.0)


def test_nothing_has_no_figures() -> None:
    tally = MetricTally()
    assert (tally.mean(), tally.least(), tally.most()) == (None, None, None)
    assert tally.percentiles(SHARES) == [None] * len(SHARES)
