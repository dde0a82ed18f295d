"""A baseline: what counts as normal for a plan, as it lies in `baselines/<name>.json`.

It holds a set of runs, and of each run every metric with its standard error and, for percentiles of
few values, what they were read from: enough for a verdict without the runs themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from loadtui.percentile_names import after_metric
from loadtui.plan.fingerprint_parts import FingerprintParts
from loadtui.plan.model import Users
from loadtui.samples.distribution import Distribution
from loadtui.samples.estimate import (
    COUNTER,
    RATE,
    Estimate,
    Key,
    Quantity,
    builtin_quantity,
    subject,
    trend_quantity,
)
from loadtui.samples.tallies import MetricKind
from loadtui.store.baseline_distribution import (
    BaselineDistribution,
    baseline_distributions,
    distribution_name,
    read_distributions,
)
from loadtui.store.manifest import Git, ProvenanceKind

BASELINE_FORMAT = 1
"""Grows when the file changes its meaning; newer ones are refused by name."""
MAX_BASELINE_RUNS = 10
_LARGEST = 1e150
"""More than anything that is measured, and small enough to be squared."""
_MOST = 2**63
"""More than is ever counted."""


class BaselineFigure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A metric of one endpoint: one line of the file."""

    value: float
    """ms for latencies, a Trend's own unit, requests a second, a fraction, or a count."""
    se: float | None
    """Standard error: relative for latencies, Trends and requests a second; a fraction for rates;
    0 for counters; null where it is not known, as for figures imported without samples."""
    n: int
    """Requests or observations behind it."""


class BaselineStage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    name: str
    users: Users
    lead: int
    """Seconds of it before the measured part, which lasts to its end."""
    seconds: int
    """Length of the measured part."""
    endpoints: dict[str, dict[str, BaselineFigure]]
    """Endpoint -> metric -> figure; `(total)` is all requests, "" no endpoint."""
    distributions: dict[str, dict[str, BaselineDistribution]] = {}
    """Endpoint -> "" for its latencies, or a Trend's name -> what its percentiles were read from;
    files of older versions have none."""


class BaselineRun(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    run: str
    started: str
    """RFC 3339, UTC."""
    promoted: str
    """When it was made part of the baseline."""
    stages: list[BaselineStage]
    git: Git | None = None
    target: str = ""
    """Base URL, `several`, or empty where only the locustfile knew."""
    machine: dict[str, Any] = {}
    versions: dict[str, str] = {}
    workers: int = 0
    made_of: list[str] = []
    """Of an imported run what `same_import.import_keys` says of its files."""


class CustomMetric(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    kind: MetricKind
    unit: str = ""
    better: str = "lower"


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    format: int
    name: str
    """The file's name without `.json`."""
    plan: str
    provenance: ProvenanceKind
    fingerprint: str
    runs: list[BaselineRun]
    """In the order they were promoted; 1 to MAX_BASELINE_RUNS."""
    metrics: dict[str, CustomMetric] = {}
    """Custom metrics by name."""
    plan_file: str = ""
    """The plan's file, relative to its project; empty: not known."""
    fingerprint_parts: FingerprintParts | None = None
    """What the fingerprint was made of; None: not known."""
    drawing: str = ""
    """Hex digest (sha256) of the drawing beside it; empty: there is none, or nobody noted it."""

    def estimates(self) -> list[dict[Key, Estimate]]:
        """The estimates of each run.  ValueError for a figure that its metric cannot have, or a
        metric that is neither known nor among `metrics`."""
        return [self._of_run(run) for run in self.runs]

    def _of_run(self, run: BaselineRun) -> dict[Key, Estimate]:
        estimates = {}
        for stage in run.stages:
            distributions = read_distributions(stage.distributions)
            for endpoint, figures in stage.endpoints.items():
                for metric, figure in figures.items():
                    key = Key(stage.name, endpoint, metric)
                    values = distributions.get((endpoint, distribution_name(metric)))
                    estimates[key] = _estimate(key, figure, self.metrics, stage.seconds, values)
        return estimates


def baseline_stages(
    names: Sequence[str],
    users: Sequence[Users],
    lead: Sequence[int],
    seconds: Sequence[int],
    estimates: Mapping[Key, Estimate],
) -> list[BaselineStage]:
    """The stages of a run to keep in a baseline, everything in a stable order."""
    stages = []
    for name, its_users, before, length in zip(names, users, lead, seconds, strict=True):
        endpoints: dict[str, dict[str, BaselineFigure]] = {}
        for key in sorted(key for key in estimates if key.stage == name):
            figure = _figure(estimates[key])
            endpoints.setdefault(key.endpoint, {})[key.metric] = figure
        distributions = baseline_distributions(estimates, name)
        stages.append(BaselineStage(name, its_users, before, length, endpoints, distributions))
    return stages


def custom_metrics(estimates: Mapping[Key, Estimate]) -> dict[str, CustomMetric]:
    """What the file has to say of the custom metrics among these, by name."""
    metrics = {}
    for key in sorted(estimates):
        quantity = estimates[key].quantity
        if quantity.custom is not None:
            trend = quantity.custom == "trend"
            name = subject(key.metric) if trend else key.metric
            better = "higher" if quantity.worse < 0 else "lower"
            metrics[name] = CustomMetric(quantity.custom, quantity.unit, better)
    return metrics


def _figure(estimate: Estimate) -> BaselineFigure:
    value = float(estimate.quantity.natural(estimate.y))
    if estimate.quantity.scale != "count":
        # Far more digits than are known, but not those that only floating point made.
        value = float(f"{value:.12g}")
    se = float(f"{estimate.sigma:.6g}") if estimate.error_known else None
    return BaselineFigure(value, se, estimate.count)


def _estimate(
    key: Key,
    figure: BaselineFigure,
    metrics: Mapping[str, CustomMetric],
    seconds: int,
    distribution: Distribution | None,
) -> Estimate:
    quantity = _quantity(key.metric, metrics)
    where = f"{key.metric} of {key.endpoint or 'no endpoint'} in stage {key.stage}"
    if quantity is None:
        raise ValueError(f"{where}: there is no such metric among `metrics`")
    se = figure.se or 0.0
    if figure.n < 0 or se < 0:
        raise ValueError(f"{where}: se and n must not be below 0")
    if max(abs(figure.value), se) > _LARGEST or figure.n > _MOST:
        raise ValueError(f"{where}: there is no number as large as that")
    # A Counter may have counted down.
    negative = figure.value < 0 and quantity.scale != "count"
    if negative or (figure.value == 0 and quantity.scale == "log"):
        raise ValueError(f"{where}: value {figure.value:g} is too small")
    if quantity.scale == "fraction" and figure.value > 1:
        raise ValueError(f"{where}: value {figure.value:g} is above 1")
    return Estimate(
        quantity.working(figure.value),
        se,
        figure.n,
        quantity,
        seconds,
        figure.se is not None,
        distribution if quantity.percentile is not None else None,
    )


def _quantity(metric: str, metrics: Mapping[str, CustomMetric]) -> Quantity | None:
    known = builtin_quantity(metric)
    if known is not None:
        return known
    custom = metrics.get(metric)
    if custom is not None and custom.kind != "trend":
        return RATE if custom.kind == "rate" else COUNTER
    split = after_metric(metric)
    custom = None if split is None else metrics.get(split[0])
    if split is None or custom is None or custom.kind != "trend":
        return None
    return trend_quantity(split[1], custom.unit, custom.better)
