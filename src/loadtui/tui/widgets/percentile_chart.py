"""Latency by percentile: a chart whose axis at the bottom is a share of the requests."""

from __future__ import annotations

from loadtui.tui.cells.text import Line
from loadtui.tui.chart.comparison_curves import SHARES_MARKED, percentile_position
from loadtui.tui.widgets.chart import Chart


class PercentileChart(Chart):
    """As a chart over time, but each nine of the share takes the same room."""

    def _time_axis(self, columns: int, width: int) -> Line:
        text = [" "] * width
        for share, label in SHARES_MARKED:
            x = self._label + 1 + round(percentile_position(share) * (columns - 1))
            x = max(0, min(x - len(label) // 2, width - len(label)))
            text[x : x + len(label)] = label
        return [("".join(text), "dim")]
