"""The meaning of a tolerance: how far a metric may move against the baseline."""

from __future__ import annotations

from loadtui.percentile_names import DEFAULT_PERCENTILES, canonical_percentile
from loadtui.plan.model import Tolerance
from loadtui.plan.threshold_check import parse_measure
from loadtui.plan.units import WrittenChange, parse_change

_LATENCY = (WrittenChange(0.25), WrittenChange(0.50))
_OTHERS: dict[str, tuple[WrittenChange, WrittenChange]] = {
    "error_rate": (WrittenChange(0.0025, points=True), WrittenChange(0.005, points=True)),
    "rps": (WrittenChange(-0.15), WrittenChange(-0.30)),
}
DEFAULTS: dict[str, tuple[WrittenChange, WrittenChange]] = {
    **dict.fromkeys(DEFAULT_PERCENTILES, _LATENCY),
    **_OTHERS,
}
"""Metric -> how far it may move before there is a warning, and before it fails; what is judged of
every endpoint without being named in a plan."""
_COMPARED = f"a percentile such as p95, {', '.join(_OTHERS)}"


def tolerance_changes(tolerance: Tolerance) -> tuple[WrittenChange, WrittenChange] | None:
    """The changes at which a tolerance warns and fails.

    What is not written is the metric's default; a warning without one is given at half of what
    fails.  None: nothing fails, so that the metric is shown and not judged (a custom metric with a
    `warn` alone).  Raises ValueError, the end of a sentence, for what makes no sense.
    """
    default = _default(tolerance.metric)
    fail = parse_change(tolerance.fail) if tolerance.fail is not None else None
    warn = parse_change(tolerance.warn) if tolerance.warn is not None else None
    if fail is None and default is not None:
        fail = default[1]
    if fail is None:
        return None
    if warn is None:
        warn = WrittenChange(fail.amount / 2, fail.points)
    _check(tolerance.metric, warn, fail)
    return warn, fail


def has_default(metric: str) -> bool:
    """Whether there are limits for it where a plan writes none."""
    return _default(metric) is not None


def _default(metric: str) -> tuple[WrittenChange, WrittenChange] | None:
    """Of any percentile of requests what holds for p95; None for a custom metric."""
    return _LATENCY if canonical_percentile(metric) else _OTHERS.get(metric)


def _check(metric: str, warn: WrittenChange, fail: WrittenChange) -> None:
    measure = parse_measure(metric)
    percentile = canonical_percentile(measure.stat) is not None
    known = measure.stat in _OTHERS if measure.metric is None else measure.stat == "value"
    if not (percentile or known):
        raise ValueError(
            f"{metric} is not compared with a baseline, expected one of {_COMPARED}, "
            f"or a custom metric"
        )
    if warn.points != fail.points:
        raise ValueError(f"warn is {warn} and fail is {fail}, expected both in % or both in pp")
    if fail.points and (percentile or measure.stat == "rps"):
        raise ValueError(f'found "{fail}", expected a share of {metric} such as "+50%"')
    if not fail.points and measure.stat == "error_rate":
        raise ValueError(f'found "{fail}", expected percentage points such as "+0.5pp"')
    default = _default(measure.stat) if measure.metric is None else None
    if default is not None and fail.amount * default[1].amount <= 0:
        raise ValueError(f'found "{fail}", expected a change for the worse such as "{default[1]}"')
    if warn.amount * fail.amount < 0 or abs(warn.amount) > abs(fail.amount):
        raise ValueError(f"warn is {warn} and fail is {fail}, expected to be warned first")
    if fail.amount == -1:
        raise ValueError(f'found "{fail}", expected less than all of it')
