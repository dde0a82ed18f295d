"""What a plan asks of a comparison, worked out for the metrics that there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from loadtui.samples.estimate import Key, Quantity, subject
from loadtui.verdict.interval import DEFAULT_PRIORS, Prior

if TYPE_CHECKING:  # which loads polars, and the live screen does without
    from loadtui.verdict.comparability import Incomparable


class MetricLimits(NamedTuple):
    """How far a metric may move for the worse, on its working scale; of a counter `fail` is the
    most it may count."""

    warn: float
    fail: float


@dataclass(frozen=True)
class ComparisonRules:
    limits: Mapping[Key, MetricLimits] = field(default_factory=dict)
    """A metric without limits is shown, not judged."""
    priors: Mapping[Key, Prior] = field(default_factory=dict)
    """Run-to-run deviation as this box was found to have it; others have the default."""
    named: frozenset[str] = frozenset()
    """Endpoints and custom metrics that a threshold or tolerance names: judged however rare, and
    required to be there."""
    incomparable: Mapping[str, Incomparable] = field(default_factory=dict)
    """Stage -> why nothing in it can be compared."""
    same_load: bool = True
    """False: what the runs lack may be missing because they were asked for something else."""
    named_metrics: frozenset[Key] = frozenset()
    """Metrics that a threshold or tolerance names: they are told whatever comes of them."""
    must_decide: frozenset[Key] = frozenset()
    """Metrics that fail when they cannot be decided."""

    def prior(self, key: Key, quantity: Quantity) -> Prior:
        return self.priors.get(key, DEFAULT_PRIORS.get(quantity.scale, Prior(0.0)))

    def required(self, key: Key) -> bool:
        """Whether it may not be missing."""
        named = key.endpoint in self.named or subject(key.metric) in self.named
        return named and self.same_load
