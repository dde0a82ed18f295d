"""The rows of custom metrics on a screen: over the whole run, the last seconds and the stage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from loadtui.samples.tallies import MetricInfo, MetricKey, MetricTally, Tallies
from loadtui.verdict.run_summary import metric_values
from loadtui.wire.messages import MetricRow
from loadtui.wire.metric_observations import MetricId, Observations


def metric_rows(
    whole: Observations, now: Observations, tallies: Tallies, stage: int, measuring: bool
) -> list[MetricRow]:
    """A row for all endpoints of a metric together, then one for each endpoint that was given; by
    kind, name and endpoint.

    `measuring`: whether the measured part of this stage has begun; Counters hold for all of it.
    """
    rows = []
    for ids in _by_metric(whole):
        kind, name, _ = ids[0]
        info = tallies.metric_infos.get(name, MetricInfo())
        source = tallies.metrics if kind == "counter" else tallies.metrics_measured
        keys = {id_: MetricKey(*id_, stage) for id_ in ids}
        in_stage = {id_: source[key] for id_, key in keys.items() if key in source}
        parts: list[tuple[str | None, list[MetricId]]] = [(None, ids)]
        parts += [(id_.endpoint, [id_]) for id_ in ids if id_.endpoint]
        for endpoint, these in parts:
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


def _by_metric(whole: Observations) -> list[list[MetricId]]:
    groups: dict[tuple[str, str], list[MetricId]] = {}
    for id_ in sorted(whole.tallies):
        groups.setdefault((id_.kind, id_.name), []).append(id_)
    return list(groups.values())


def _merged(ids: Iterable[MetricId], tallies: Mapping[MetricId, MetricTally]) -> MetricTally:
    merged = MetricTally()
    for id_ in ids:
        if id_ in tallies:
            merged.merge(tallies[id_])
    return merged
