"""How far two sets of runs lie apart."""

from __future__ import annotations

import math

import pytest

from loadtui.samples.estimate import COUNTER, ERROR_RATE, RPS, Estimate, Quantity, builtin_quantity
from loadtui.verdict.interval import (
    DEFAULT_PRIORS,
    Prior,
    calibrated,
    change_interval,
    further_base_runs,
    further_runs,
    smallest_found,
)

P95 = builtin_quantity("p95") or COUNTER
PRIOR = DEFAULT_PRIORS["log"]


def runs(*ys: float, sigma: float = 0.02, quantity: Quantity = P95) -> list[Estimate]:
    return [Estimate(y, sigma, 1000, quantity, 60) for y in ys]


def test_one_run_against_one() -> None:
    interval = change_interval(runs(1.0), runs(1.0 + math.log(1.5)), PRIOR)
    # V0 = 0.05^2 + 0.02^2; df0 = V0^2 / (0.05^4 / 4 + 0.02^4 / 38)
    variance = 0.0029
    df = variance**2 / (0.05**4 / 4 + 0.02**4 / 38)
    assert interval.df == pytest.approx(df)
    assert interval.se == pytest.approx(math.sqrt(2 * variance))
    assert interval.change == pytest.approx(math.log(1.5))
    assert interval.low < interval.change < interval.high
    assert interval.high - interval.change == pytest.approx(interval.t_interval * interval.se)
    assert interval.p < 0.01


def test_less_is_worse() -> None:
    interval = change_interval(runs(1.0, quantity=RPS), runs(0.5, quantity=RPS), PRIOR)
    assert interval.change == pytest.approx(0.5)


def test_more_runs_make_it_narrower() -> None:
    one = change_interval(runs(1.0), runs(1.1), PRIOR)
    many = change_interval(runs(1.0, 1.01, 0.99), runs(1.1, 1.09, 1.11), PRIOR)
    assert many.se < one.se
    assert many.df > one.df


def test_runs_that_disagree_make_it_wider() -> None:
    calm = change_interval(runs(1.0, 1.0, 1.0), runs(1.1), PRIOR)
    wild = change_interval(runs(0.5, 1.0, 1.5), runs(1.1), PRIOR)
    assert wild.se > 2 * calm.se


def test_a_noisy_side_keeps_its_own_noise() -> None:
    interval = change_interval(runs(1.0, 1.0, 1.0, 1.0, sigma=0.01), runs(1.0, sigma=0.5), PRIOR)
    assert interval.se >= 0.5


def test_a_rate_of_zero_on_both_sides() -> None:
    interval = change_interval(
        runs(0.0, sigma=1e-4, quantity=ERROR_RATE),
        runs(0.0, sigma=1e-4, quantity=ERROR_RATE),
        DEFAULT_PRIORS["fraction"],
    )
    assert (interval.change, interval.p) == (0.0, 1.0)
    assert 0 < interval.se < 1e-3


def test_what_would_be_found() -> None:
    interval = change_interval(runs(1.0), runs(1.0), PRIOR)
    least = interval.t_interval * interval.se + interval.t_power * interval.se
    assert smallest_found(interval, 0.0, "log", 1) == pytest.approx(math.expm1(least))
    assert smallest_found(interval, 0.0, "log", -1) == pytest.approx(math.expm1(-least))
    assert smallest_found(interval, 0.5, "fraction", 1) == pytest.approx(
        0.5 + interval.t_power * interval.se
    )


def test_how_many_more_runs_would_decide() -> None:
    interval = change_interval(runs(1.0, sigma=0.1), runs(1.2, sigma=0.1), PRIOR)
    reach = (interval.t_interval + interval.t_power) * math.sqrt(interval.run_variance)
    limit = reach * math.sqrt(1 + 1 / 4)
    assert further_runs(interval, limit + 1e-12) == 3
    assert further_runs(interval, limit - 1e-12) == 4
    assert further_runs(interval, reach * 0.9) is None  # one baseline run is not enough for that
    assert further_base_runs(interval, reach * math.sqrt(1 + 1 / 3) + 1e-12) == 2
    assert further_base_runs(interval, reach * 0.9) is None


class TestCalibrated:
    def test_what_the_noise_within_does_not_explain(self) -> None:
        interval = calibrated(runs(1.0, 1.2, 1.1, sigma=0.05))
        assert interval == Prior(pytest.approx(math.sqrt(0.01 - 0.05**2)), 2, 2)

    def test_no_less_than_a_hundredth(self) -> None:
        assert calibrated(runs(1.0, 1.0, sigma=0.05)).tau == 0.01

    def test_rates_are_relative_to_their_mean(self) -> None:
        interval = calibrated(runs(0.02, 0.04, sigma=0.001, quantity=ERROR_RATE))
        assert interval.tau == pytest.approx(math.sqrt((0.0002 - 1e-6) / 0.03**2))

    def test_a_rate_that_was_never_there_says_nothing(self) -> None:
        assert calibrated(runs(0.0, 0.0, quantity=ERROR_RATE)) == DEFAULT_PRIORS["fraction"]
