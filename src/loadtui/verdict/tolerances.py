"""The plan's thresholds and tolerances, worked out for the metrics that there are to compare."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.plan.model import Plan, Threshold, Tolerance
from loadtui.plan.name_pattern import fits_pattern
from loadtui.plan.threshold_check import Measure, ThresholdCheck, parse_check, parse_measure
from loadtui.plan.tolerance import DEFAULTS, tolerance_changes
from loadtui.plan.units import WrittenChange
from loadtui.samples.estimate import TOTAL, Estimate, Key, Quantity
from loadtui.verdict.metric_limits import MetricLimits

Written = tuple[WrittenChange, WrittenChange]


def limits_of(
    plan: Plan, metrics: Mapping[Key, Quantity], base_counts: Mapping[Key, float]
) -> dict[Key, MetricLimits]:
    """Limits of every metric that is to be judged; others are shown only.

    Of the tolerances that fit a metric's name, endpoint and stage the last one counts; where none
    does, the default.  A counter's tolerance is a share of the most it counted in the base
    (`base_counts`), without which it has no limit.  Raises UsageError naming the tolerance that
    does not go with what its metric turned out to be.
    """
    written = [changes_of(plan, index) for index in range(len(plan.tolerances))]
    limits_by_key = {}
    for key, quantity in metrics.items():
        at = next(
            (i for i in reversed(range(len(written))) if _fits(plan.tolerances[i], key)), None
        )
        change = DEFAULTS.get(key.metric) if at is None else written[at]
        if change is None:
            continue
        try:
            limits = _limits(quantity, change, base_counts.get(key))
        except ValueError as error:
            raise _wrong(plan, at, error) from None
        if limits is not None:
            limits_by_key[key] = limits
    return limits_by_key


def changes_of(plan: Plan, index: int) -> Written | None:
    """What a tolerance of the plan means; UsageError when it makes no sense."""
    try:
        return tolerance_changes(plan.tolerances[index])
    except ValueError as error:
        raise _wrong(plan, index, error) from None


def named_in(plan: Plan, endpoints: Iterable[str]) -> frozenset[str]:
    """Endpoints and custom metrics that a threshold or tolerance of the plan names: its globs, but
    for those that fit just anything."""
    patterns = {
        *(threshold.endpoint for threshold in plan.thresholds),
        *(tolerance.endpoint for tolerance in plan.tolerances),
    }
    globs = [pattern for pattern in patterns if pattern and pattern.strip("*")]
    checks = [parse_check(threshold.check).metric for threshold in plan.thresholds]
    measures = [parse_measure(tolerance.metric).metric for tolerance in plan.tolerances]
    return frozenset(
        {endpoint for endpoint in endpoints if any(fits_pattern(endpoint, glob) for glob in globs)}
        | {metric for metric in (*checks, *measures) if metric is not None}
    )


def metrics_named_in(plan: Plan, keys: Iterable[Key]) -> frozenset[Key]:
    """Those of the metrics that a threshold or a tolerance names.

    A tolerance without an endpoint names a metric of every endpoint, a threshold on requests
    without one that of the total.
    """
    checks = [(threshold, parse_check(threshold.check)) for threshold in plan.thresholds]
    return frozenset(
        key
        for key in keys
        if (key.endpoint != TOTAL and any(_fits(tolerance, key) for tolerance in plan.tolerances))
        or any(_checks(threshold, check, key) for threshold, check in checks)
    )


def undecided_fails(plan: Plan, keys: Iterable[Key]) -> frozenset[Key]:
    """Those of the metrics that fail when they cannot be decided: the last tolerance that fits them
    says so."""
    last_first = plan.tolerances[::-1]
    return frozenset(
        key
        for key in keys
        if next((t.undecided for t in last_first if _fits(t, key)), "warn") == "fail"
    )


def _checks(threshold: Threshold, check: ThresholdCheck, key: Key) -> bool:
    if Measure(check.metric, check.stat).name != key.metric:
        return False
    if threshold.stage is not None and not fits_pattern(key.stage, threshold.stage):
        return False
    if threshold.endpoint is None:
        return check.metric is not None or key.endpoint == TOTAL
    return fits_pattern(key.endpoint, threshold.endpoint)


def most_counted(runs: Iterable[Mapping[Key, Estimate]]) -> dict[Key, float]:
    """Of every counter the most that any of these runs counted."""
    most: dict[Key, float] = {}
    for run in runs:
        for key, estimate in run.items():
            if estimate.quantity.scale == "count":
                most[key] = max(estimate.y, most.get(key, 0.0))
    return most


def _fits(tolerance: Tolerance, key: Key) -> bool:
    return (
        parse_measure(tolerance.metric).name == key.metric
        and (tolerance.endpoint is None or fits_pattern(key.endpoint, tolerance.endpoint))
        and (tolerance.stage is None or fits_pattern(key.stage, tolerance.stage))
    )


def _limits(quantity: Quantity, written: Written, base_count: float | None) -> MetricLimits | None:
    warn, fail = written
    if quantity.scale == "count":
        if fail.points:
            raise ValueError(f'found "{fail}" for a counter, expected a share such as "+10%"')
        if base_count is None:
            return None
        return MetricLimits(base_count * (1 + warn.amount), base_count * (1 + fail.amount))
    if quantity.scale == "fraction":
        if not fail.points or fail.amount <= 0:
            raise ValueError(f'found "{fail}" for a rate, expected points such as "+0.5pp"')
        return MetricLimits(warn.amount, fail.amount)
    if fail.points or quantity.worse * fail.amount <= 0:
        example = "+50%" if quantity.worse > 0 else "-30%"
        raise ValueError(f'found "{fail}", expected a change for the worse such as "{example}"')
    return MetricLimits(*(quantity.worse * math.log1p(change.amount) for change in (warn, fail)))


def _wrong(plan: Plan, index: int | None, error: ValueError) -> UsageError:
    where = Path(plan.source).name if plan.source else plan.name
    at = "" if index is None else f"tolerance[{index}] ({plan.tolerances[index].metric}): "
    return UsageError(f"{where}: {at}{error}")
