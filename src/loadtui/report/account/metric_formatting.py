"""Custom metrics as people read them."""

from __future__ import annotations

from loadtui.plurals import counted
from loadtui.report.account import formatting
from loadtui.report.account.visible_text import visible_text
from loadtui.verdict.run_summary import MetricSummary

LATENCY_STATS = ("p50", "p95", "p99", "max")


def metric_text(metric: MetricSummary) -> str:
    values = metric.rows[0].whole
    if metric.kind == "counter":
        return formatting.count(values.count)
    if metric.kind == "rate":
        hits = formatting.count(values.hits or 0)
        return f"{formatting.percent(values.rate)} ({hits} of {formatting.count(values.count)})"
    unit = visible_text(metric.info.unit)
    parts = []
    for stat in LATENCY_STATS:
        value = getattr(values, stat)
        in_unit = f"{formatting.plain_number(value)} {unit}".rstrip()
        parts.append(f"{stat} {formatting.latency(value) if unit == 'ms' else in_unit}")
    return f"{'  '.join(parts)}  of {counted(values.count, 'value')}"
