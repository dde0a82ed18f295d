"""Custom metrics as people read them."""

from __future__ import annotations

from typing import NamedTuple

from loadtui.plurals import counted
from loadtui.report.account import formatting
from loadtui.samples.tallies import MetricKind
from loadtui.verdict.run_summary import MetricSummary, MetricValues, Summary

METRICS_SHOWN = 100
"""Custom metrics that a document for people lists."""


class MetricLine(NamedTuple):
    """A custom metric over the whole run or in one stage."""

    name: str
    kind: MetricKind
    stage: str | None
    """None: the whole run."""
    text: str


def metric_lines(summary: Summary, *, mean: bool = True, extent: bool = True) -> list[MetricLine]:
    """The first METRICS_SHOWN metrics by name, each over the whole run and then, where there are
    several stages, in each of them.  Of a Trend mean, and maximum and number of values, may be
    left out; its percentiles are always there."""
    several = len(summary.stages) > 1
    return [
        MetricLine(metric.name, metric.kind, row.stage, _text(metric, row.whole, mean, extent))
        for metric in summary.metrics[:METRICS_SHOWN]
        for row in metric.rows
        if row.endpoint is None and (several or row.stage is None)
    ]


def metrics_left_out(summary: Summary) -> str:
    """How many metrics are in no line, in words; empty for none."""
    more = len(summary.metrics) - METRICS_SHOWN
    return counted(more, "more custom metric") if more > 0 else ""


def _text(metric: MetricSummary, values: MetricValues, mean: bool, extent: bool) -> str:
    if metric.kind == "counter":
        a_second = "" if values.rate is None else f" ({formatting.rate(values.rate)}/s)"
        return f"{formatting.count(values.count)}{a_second}"
    if metric.kind == "rate":
        hits = formatting.count(values.hits or 0)
        return f"{formatting.percent(values.rate)} ({hits} of {formatting.count(values.count)})"
    stats = [*values.percentiles.items()]
    if extent:
        stats.append(("max", values.max))
    if mean:
        stats.insert(0, ("mean", values.mean))
    parts = [f"{stat} {formatting.in_unit(value, metric.info.unit)}" for stat, value in stats]
    if extent:
        parts.append(f"of {counted(values.count, 'value')}")
    return "  ".join(parts)
