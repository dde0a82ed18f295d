"""Standard errors from blocks of time."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.samples.estimate import ERROR_RATE, RPS
from loadtui.verdict.blocks import block_lengths, block_spread, rate_estimate, rps_estimate


@given(st.integers(0, 5000))
def test_every_second_is_in_the_block_of_the_formula(seconds: int) -> None:
    lengths = [0] * 20
    for second in range(seconds):
        lengths[second * 20 // seconds] += 1
    assert block_lengths(seconds) == lengths


def test_steady_is_certain() -> None:
    assert block_spread([5] * 20, [50] * 20) == pytest.approx(0.0)


def test_alternating() -> None:
    # Every block is 1 off: 20/19 * 20 * 1
    assert block_spread([4, 6] * 10, [50] * 20) == pytest.approx(math.sqrt(20 / 19 * 20))


def test_requests_a_second() -> None:
    estimate = rps_estimate([30] * 20, 60, RPS)
    assert estimate.quantity.natural(estimate.y) == pytest.approx(10)
    assert estimate.sigma == pytest.approx(0)
    assert (estimate.count, estimate.seconds) == (600, 60)


def test_a_rate_without_a_hit_is_not_known_exactly() -> None:
    estimate = rate_estimate([0] * 20, [50] * 20, 60, ERROR_RATE)
    assert estimate.y == 0
    share = 0.5 / 1001
    assert estimate.sigma == pytest.approx(math.sqrt(share * (1 - share) / 1000))


def test_errors_in_bursts_are_less_certain_than_spread_ones() -> None:
    burst = rate_estimate([100] + [0] * 19, [100] * 20, 60, ERROR_RATE)
    spread = rate_estimate([5] * 20, [100] * 20, 60, ERROR_RATE)
    assert burst.y == spread.y
    assert burst.sigma > 5 * spread.sigma
