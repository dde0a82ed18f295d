from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.samples.bins import bin_midpoint, bin_of
from loadtui.samples.delta import NO_BIN
from loadtui.samples.tally import Tally

LATENCIES = st.lists(st.integers(0, 10_000_000), min_size=1, max_size=300)


def tally_of(latencies: list[int], ok: int = 1, size: int = 10) -> Tally:
    tally = Tally()
    for us in latencies:
        tally.add_cell(bin_of(us), 1)
        tally.add_window(ok, 1, us, us, us, size)
    return tally


def same(one: Tally, other: Tally) -> bool:
    return all(getattr(one, slot) == getattr(other, slot) for slot in Tally.__slots__)


@given(LATENCIES, st.sampled_from([0.01, 0.5, 0.9, 0.95, 0.99, 1.0]))
def test_percentile_is_the_bin_of_the_nearest_rank(latencies: list[int], p: float) -> None:
    rank = max(math.ceil(p * len(latencies) - 1e-6), 1)
    exact = sorted(latencies)[rank - 1]
    expected = max(min(bin_midpoint(bin_of(exact)), max(latencies)), min(latencies))
    assert tally_of(latencies).percentile_us(p) == expected


def test_no_percentile_is_above_the_exact_maximum() -> None:
    tally = tally_of([100, 4104])
    assert bin_midpoint(bin_of(4104)) > 4104
    assert tally.percentile_us(0.99) == 4104


def test_no_percentile_is_below_the_exact_minimum() -> None:
    tally = tally_of([4127, 9000])
    assert bin_midpoint(bin_of(4127)) < 4127
    assert tally.percentile_us(0.01) == 4127


@given(LATENCIES, LATENCIES)
def test_merging_is_adding(one: list[int], other: list[int]) -> None:
    merged = tally_of(one)
    merged.merge(tally_of(other, ok=0, size=7))
    together = tally_of(one)
    for us in other:
        together.add_cell(bin_of(us), 1)
        together.add_window(0, 1, us, us, us, 7)
    assert same(merged, together)


@given(LATENCIES)
def test_merging_with_nothing_changes_nothing(latencies: list[int]) -> None:
    merged = Tally()
    merged.merge(tally_of(latencies))
    merged.merge(Tally())
    assert same(merged, tally_of(latencies))


def test_several_percentiles_in_one_pass_are_those_one_by_one() -> None:
    tally = tally_of(list(range(1, 1001)))
    ps = (0.5, 0.95, 0.99)
    assert tally.percentiles_us(ps) == [tally.percentile_us(p) for p in ps]


def test_a_rank_is_not_missed_by_rounding() -> None:
    # 400 * 0.95 is 380 in the mind and may be 379.99999999999994 in a float; rank 380 is meant.
    tally = tally_of([1] * 379 + [2] + [3] * 20)
    assert tally.percentile_us(0.95) == 2


def test_figures_of_a_few_requests() -> None:
    tally = tally_of([1000, 2000, 3000])
    tally.add_window(0, 1, 6000, 6000, 6000, 70)
    tally.add_cell(bin_of(6000), 1)
    figures = tally.figures(2)
    assert (figures.requests, figures.failures, figures.error_rate) == (4, 1, 0.25)
    assert (figures.rps, figures.bytes) == (2.0, 100)
    assert (figures.mean_ms, figures.max_ms) == (3.0, 6.0)
    assert figures.p50_ms == bin_midpoint(bin_of(2000)) / 1000


def test_requests_without_a_response_time_count_but_have_no_latency() -> None:
    tally = Tally()
    tally.add_cell(NO_BIN, 5)
    tally.add_window(1, 5, 0, -1, -1, 0)
    figures = tally.figures(0)
    assert (figures.requests, figures.rps) == (5, 0.0)
    assert (figures.mean_ms, figures.p50_ms, figures.max_ms) == (None, None, None)


def test_the_mean_leaves_requests_without_a_response_time_out() -> None:
    tally = tally_of([4000])
    tally.add_window(1, 9, 0, -1, -1, 0)
    assert tally.figures(1).mean_ms == pytest.approx(4.0)
    assert tally.min_us == 4000
