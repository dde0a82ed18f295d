"""Which percentiles of a run are estimated and compared."""

from __future__ import annotations

from collections.abc import Iterable

from loadtui.percentile_names import DEFAULT_PERCENTILES, after_metric, ascending
from loadtui.samples.estimate import Key
from loadtui.store.manifest import Manifest


def percentiles_among(keys: Iterable[Key]) -> tuple[str, ...]:
    """Names of the percentiles among these estimates, of requests or of a Trend."""
    splits = (after_metric(metric) for metric in {key.metric for key in keys})
    return ascending(split[1] for split in splits if split is not None)


def compared_percentiles(manifests: Iterable[Manifest]) -> tuple[str, ...]:
    """Names of those of all these runs: the default ones, those that their reports show, and those
    that a tolerance of their plans names, of requests or of a Trend."""
    names = set(DEFAULT_PERCENTILES)
    for manifest in manifests:
        names.update(manifest.percentiles)
        for tolerance in manifest.plan.tolerances:
            if (split := after_metric(tolerance.metric)) is not None:
                names.add(split[1])
    return ascending(names)
