"""The meaning of a tolerance: how far a metric may move against the baseline."""

from __future__ import annotations

from loadtui.plan.model import Tolerance
from loadtui.plan.threshold_check import parse_measure
from loadtui.plan.units import WrittenChange, parse_change

COMPARED = ("p50", "p95", "p99", "error_rate", "rps")
"""Statistics of requests that are compared with a baseline."""
TREND_STATS = ("p50", "p95", "p99")

DEFAULTS: dict[str, tuple[WrittenChange, WrittenChange]] = {
    "p50": (WrittenChange(0.25), WrittenChange(0.50)),
    "p95": (WrittenChange(0.25), WrittenChange(0.50)),
    "p99": (WrittenChange(0.25), WrittenChange(0.50)),
    "error_rate": (WrittenChange(0.0025, points=True), WrittenChange(0.005, points=True)),
    "rps": (WrittenChange(-0.15), WrittenChange(-0.30)),
}
"""Metric -> how far it may move before there is a warning, and before it fails."""


_TOWARDS_WORSE = {metric: fail.amount for metric, (_, fail) in DEFAULTS.items()}


def tolerance_changes(tolerance: Tolerance) -> tuple[WrittenChange, WrittenChange] | None:
    """The changes at which a tolerance warns and fails.

    What is not written is the metric's default; a warning without one is given at half of what
    fails.  None: nothing fails, so that the metric is shown and not judged (a custom metric with a
    `warn` alone).  Raises ValueError, the end of a sentence, for what makes no sense.
    """
    default = DEFAULTS.get(tolerance.metric)
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


def _check(metric: str, warn: WrittenChange, fail: WrittenChange) -> None:
    measure = parse_measure(metric)
    stats = COMPARED if measure.metric is None else (*TREND_STATS, "value")
    if measure.stat not in stats:
        raise ValueError(
            f"{metric} is not compared with a baseline, expected one of {', '.join(COMPARED)}"
        )
    if warn.points != fail.points:
        raise ValueError(f"warn is {warn} and fail is {fail}, expected both in % or both in pp")
    if fail.points and (measure.stat in (*TREND_STATS, "rps")):
        raise ValueError(f'found "{fail}", expected a share of {metric} such as "+50%"')
    if not fail.points and measure.stat == "error_rate":
        raise ValueError(f'found "{fail}", expected percentage points such as "+0.5pp"')
    if measure.metric is None and fail.amount * _TOWARDS_WORSE[metric] <= 0:
        raise ValueError(
            f'found "{fail}", expected a change for the worse such as "{DEFAULTS[metric][1]}"'
        )
    if warn.amount * fail.amount < 0 or abs(warn.amount) > abs(fail.amount):
        raise ValueError(f"warn is {warn} and fail is {fail}, expected to be warned first")
    if fail.amount == -1:
        raise ValueError(f'found "{fail}", expected less than all of it')
