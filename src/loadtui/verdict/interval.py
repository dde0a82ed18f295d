"""How far two sets of runs lie apart, with an interval: the statistics of a single metric.

Two runs of the same build differ by more than their own noise: caches, neighbours and the order of
things change from run to run.  That run-to-run deviation is assumed by a prior and corrected by
the runs themselves, in the way of a moderated t-test.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple

from loadtui.samples.estimate import BLOCKS, Estimate, Scale
from loadtui.verdict.students_t import quantile, two_sided_p

CONFIDENCE = 0.95
POWER = 0.90
MAX_RUNS_ASKED = 10
"""Runs that are ever asked for on either side."""
_UPPER = 1 - (1 - CONFIDENCE) / 2


class Prior(NamedTuple):
    """The run-to-run standard deviation that is assumed: log points, or a share of a rate."""

    tau: float
    df: float = 4.0
    """Degrees of freedom it counts for."""
    cap: float = 12.0
    """Most degrees of freedom that prior and noise may count for together."""


DEFAULT_PRIORS: dict[Scale, Prior] = {"log": Prior(0.05), "fraction": Prior(0.10)}
RATE_TAU_FLOOR = 1e-6
CALIBRATED_TAU_FLOOR = 0.01


@dataclass(frozen=True, slots=True)
class Interval:
    """A change with its 95 % interval on the working scale, turned so that positive is worse."""

    change: float
    low: float
    high: float
    se: float
    df: float
    p: float
    """Of no change, two-sided."""
    run_variance: float
    """Variance of one run's value about what its build really does."""
    base_runs: int
    runs: int

    @property
    def t_interval(self) -> float:
        return quantile(_UPPER, self.df)

    @property
    def t_power(self) -> float:
        return quantile(POWER, self.df)


def change_interval(
    base: Sequence[Estimate], current: Sequence[Estimate], prior: Prior
) -> Interval:
    """Compare the estimates of one metric in two sets of one or more runs each."""
    one_run, df = _run_variance(base, current, prior)
    between = one_run * (1 / len(base) + 1 / len(current))
    own = _mean_variance(base) + _mean_variance(current)
    se = math.sqrt(max(between, own))  # a noisy side keeps its own noise
    worse = base[0].quantity.worse
    change = worse * (fmean(e.y for e in current) - fmean(e.y for e in base))
    reach = quantile(_UPPER, df) * se
    return Interval(
        change=change,
        low=change - reach,
        high=change + reach,
        se=se,
        df=df,
        p=two_sided_p(change / se, df),
        run_variance=one_run,
        base_runs=len(base),
        runs=len(current),
    )


def smallest_found(interval: Interval, warn: float, scale: Scale, worse: int) -> float:
    """MDE90: the smallest true change for the worse that would be found nine times in ten.

    Written like a tolerance: 0.34 is +34 %, -0.28 is -28 % (where less is worse), 0.004 is 0.4 pp.
    """
    least = max(warn, interval.t_interval * interval.se) + interval.t_power * interval.se
    return math.expm1(worse * least) if scale == "log" else least


def further_runs(interval: Interval, fail: float) -> int | None:
    """How many more current runs would decide whether the change reaches `fail`; None when more
    than MAX_RUNS_ASKED in all would be needed."""
    for total in range(interval.runs + 1, MAX_RUNS_ASKED + 1):
        if _reach(interval, interval.base_runs, total) <= fail:
            return total - interval.runs
    return None


def further_base_runs(interval: Interval, fail: float) -> int | None:
    """How many more baseline runs would decide, with the current runs as they are; None as above.

    Asked when no number of current runs would do.
    """
    for total in range(interval.base_runs + 1, MAX_RUNS_ASKED + 1):
        if _reach(interval, total, interval.runs) <= fail:
            return total - interval.base_runs
    return None


def calibrated(runs: Sequence[Estimate]) -> Prior:
    """The prior that two or more runs of the same build show: their variance less what is noise
    within each, at least 0.01 squared; for rates relative to their mean."""
    quantity = runs[0].quantity
    unit = 1.0 if quantity.scale == "log" else fmean(e.y for e in runs)
    if unit == 0:
        return DEFAULT_PRIORS["fraction"]
    df = len(runs) - 1
    excess = (_squares(runs) / df - fmean(e.sigma**2 for e in runs)) / unit**2
    return Prior(math.sqrt(max(excess, CALIBRATED_TAU_FLOOR**2)), df, df)


def _reach(interval: Interval, base_runs: int, runs: int) -> float:
    """Width within which `runs` against `base_runs` runs decide nothing."""
    se = math.sqrt(interval.run_variance * (1 / base_runs + 1 / runs))
    return (interval.t_interval + interval.t_power) * se


def _run_variance(
    base: Sequence[Estimate], current: Sequence[Estimate], prior: Prior
) -> tuple[float, float]:
    """Variance of one run's value and its degrees of freedom: prior and noise (added by
    Satterthwaite 1946, Biometrics 2:110), moderated by the spread seen (Smyth 2004, SAGMB 3:3)."""
    both = [*base, *current]
    tau = prior.tau
    if base[0].quantity.scale == "fraction":
        largest = max(fmean(e.y for e in base), fmean(e.y for e in current))
        tau = max(tau * largest, RATE_TAU_FLOOR)
    within = fmean(e.sigma**2 for e in both)
    prior_variance = tau**2 + within
    prior_df = min(
        prior_variance**2 / (tau**4 / prior.df + within**2 / ((BLOCKS - 1) * len(both))),
        prior.cap,
    )
    df = prior_df + len(both) - 2
    pooled = (prior_df * prior_variance + _squares(base) + _squares(current)) / df
    return max(pooled, within), df


def _squares(values: Sequence[Estimate]) -> float:
    """Sum of squares about the set's own mean, 0 for a single run."""
    centre = fmean(e.y for e in values)
    return math.fsum((e.y - centre) ** 2 for e in values)


def _mean_variance(values: Sequence[Estimate]) -> float:
    """Variance of the mean by each run's own noise."""
    return sum(e.sigma**2 for e in values) / len(values) ** 2
