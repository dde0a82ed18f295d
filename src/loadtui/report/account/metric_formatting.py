"""Custom metrics as people read them."""

from __future__ import annotations

from loadtui.plurals import counted
from loadtui.report.account import formatting
from loadtui.report.account.visible_text import visible_text
from loadtui.verdict.run_summary import MetricSummary


def metric_text(metric: MetricSummary) -> str:
    """A custom metric over the whole run, a Trend by its percentiles and its maximum."""
    values = metric.rows[0].whole
    if metric.kind == "counter":
        return formatting.count(values.count)
    if metric.kind == "rate":
        hits = formatting.count(values.hits or 0)
        return f"{formatting.percent(values.rate)} ({hits} of {formatting.count(values.count)})"
    unit = visible_text(metric.info.unit)
    parts = []
    for stat, value in [*values.percentiles.items(), ("max", values.max)]:
        in_unit = f"{formatting.plain_number(value)} {unit}".rstrip()
        parts.append(f"{stat} {formatting.latency(value) if unit == 'ms' else in_unit}")
    return f"{'  '.join(parts)}  of {counted(values.count, 'value')}"
