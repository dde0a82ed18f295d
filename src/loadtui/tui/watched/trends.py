"""The Trends of a run, in the order in which people look at them."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.wire.messages import MetricRow

FIRST_TRENDS = ("ttft", "tokens_per_second")
"""What people of services that stream tokens look at first."""


def ordered_trends(rows: Sequence[MetricRow]) -> list[MetricRow]:
    """The Trends among metrics, over all endpoints, those that people look at first before."""
    trends = [row for row in rows if row.kind == "trend" and row.endpoint is None]
    rank = {name: at for at, name in enumerate(FIRST_TRENDS)}
    return sorted(trends, key=lambda row: rank.get(row.name, len(rank)))


def stat_of(trend: MetricRow) -> str:
    """The percentile of a Trend that is shown where there is room for one."""
    return "p50" if trend.better == "higher" else "p95"
