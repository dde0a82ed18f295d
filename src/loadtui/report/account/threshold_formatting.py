"""The values of thresholds as people read them."""

from __future__ import annotations

import math

from loadtui.plan.threshold_check import parse_check
from loadtui.report.account import formatting
from loadtui.store.manifest import ThresholdResult


def threshold_value(result: ThresholdResult) -> str:
    """A threshold's value in the unit of its check; one that is no number reads as a dash."""
    if result.value is None or not math.isfinite(result.value):
        return formatting.NOTHING
    try:
        unit = parse_check(result.check).unit
    except ValueError:  # A default promise, about a share of requests.
        unit = "fraction"
    if unit == "ms":
        return formatting.latency(result.value)
    if unit == "fraction":
        return formatting.percent(result.value)
    if unit == "rps":
        return f"{formatting.rate(result.value)}/s"
    return formatting.plain_number(result.value)
