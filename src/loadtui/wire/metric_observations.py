"""Custom metrics summed over some stretch of a run, whatever its stages."""

from __future__ import annotations

from typing import NamedTuple

from loadtui.samples.tallies import MetricKind, MetricTally, Tallies
from loadtui.samples.trend_bins import TrendSums

MOST_TRENDS = 8
"""Trends that the charts can show, the first by name; the others are in the rows only."""


class MetricId(NamedTuple):
    """A custom metric at one endpoint, "" where the scenario gave none."""

    kind: MetricKind
    name: str
    endpoint: str


class Observations:
    """Mergeable sums of custom metrics over some stretch of the run."""

    def __init__(self) -> None:
        self.tallies: dict[MetricId, MetricTally] = {}

    @classmethod
    def of_all_stages(cls, tallies: Tallies) -> Observations:
        """Those of all stages of a run together."""
        observations = cls()
        for key, tally in tallies.metrics.items():
            id_ = MetricId(key.kind, key.name, key.endpoint)
            observations.tallies.setdefault(id_, MetricTally()).merge(tally)
        return observations

    def add(
        self,
        id_: MetricId,
        count: int,
        hits: int = 0,
        bin_: int | None = None,
        values: TrendSums | None = None,
    ) -> None:
        """Count observations, as MetricTally.add."""
        tally = self.tallies.get(id_)
        if tally is None:
            tally = self.tallies[id_] = MetricTally()
        tally.add(count, hits, bin_, values)

    def merge(self, other: Observations) -> None:
        for id_, theirs in other.tallies.items():
            self.tallies.setdefault(id_, MetricTally()).merge(theirs)

    def trends(self) -> dict[str, MetricTally]:
        """Name -> a new tally over all endpoints, of the Trends that the charts show."""
        names = sorted({id_.name for id_ in self.tallies if id_.kind == "trend"})[:MOST_TRENDS]
        merged = {name: MetricTally() for name in names}
        for id_, tally in self.tallies.items():
            if id_.kind == "trend" and id_.name in merged:
                merged[id_.name].merge(tally)
        return merged
