"""Custom metrics while the run goes on: over the whole run, the last seconds and the stage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from loadtui.samples.tallies import MetricInfo, MetricKey, MetricKind, MetricTally, Tallies
from loadtui.verdict.run_summary import metric_values
from loadtui.wire.messages import MetricRow, TrendPoint

MOST_TRENDS = 8
"""Trends that the charts can show; those that come later are in the rows only."""


class MetricId(NamedTuple):
    """A custom metric at one endpoint, "" where the scenario gave none."""

    kind: MetricKind
    name: str
    endpoint: str


class Observations:
    """Mergeable sums of custom metrics over some stretch of the run."""

    def __init__(self) -> None:
        self.tallies: dict[MetricId, MetricTally] = {}

    def add(self, id_: MetricId, count: int, hits: int = 0, bin_: int | None = None) -> None:
        tally = self.tallies.get(id_)
        if tally is None:
            tally = self.tallies[id_] = MetricTally()
        tally.add(count, hits, bin_)

    def merge(self, other: Observations) -> None:
        for id_, theirs in other.tallies.items():
            self.tallies.setdefault(id_, MetricTally()).merge(theirs)

    def trends(self) -> dict[str, MetricTally]:
        """Name -> a new tally over all endpoints, of the Trends that the charts show."""
        found: dict[str, MetricTally] = {}
        for id_, tally in self.tallies.items():
            if id_.kind == "trend" and (id_.name in found or len(found) < MOST_TRENDS):
                found.setdefault(id_.name, MetricTally()).merge(tally)
        return found


def trend_point(tally: MetricTally) -> TrendPoint:
    p50, p95 = tally.percentiles((0.50, 0.95))
    return TrendPoint(tally.count, p50, p95)


def metric_rows(
    whole: Observations, now: Observations, tallies: Tallies, stage: int, measuring: bool
) -> list[MetricRow]:
    """A row for all endpoints of a metric together, then one for each endpoint that was given.

    `measuring`: whether the measured part of this stage has begun; Counters hold for all of it.
    """
    rows = []
    groups: dict[tuple[MetricKind, str], list[MetricId]] = {}
    for id_ in whole.tallies:
        groups.setdefault((id_.kind, id_.name), []).append(id_)
    for (kind, name), ids in groups.items():
        info = tallies.metric_infos.get(name, MetricInfo())
        source = tallies.metrics if kind == "counter" else tallies.metrics_measured
        keys = {id_: MetricKey(*id_, stage) for id_ in ids}
        in_stage = {id_: source[key] for id_, key in keys.items() if key in source}
        places: list[tuple[str | None, list[MetricId]]] = [(None, ids)]
        places += [(id_.endpoint, [id_]) for id_ in ids if id_.endpoint]
        for endpoint, these in places:
            rows.append(
                MetricRow(
                    kind,
                    name,
                    info.unit,
                    info.better,
                    endpoint,
                    metric_values(kind, _merged(these, whole.tallies)),
                    metric_values(kind, _merged(these, now.tallies)),
                    metric_values(kind, _merged(these, in_stage)) if measuring else None,
                )
            )
    return rows


def _merged(ids: Iterable[MetricId], tallies: Mapping[MetricId, MetricTally]) -> MetricTally:
    merged = MetricTally()
    for id_ in ids:
        if id_ in tallies:
            merged.merge(tallies[id_])
    return merged
