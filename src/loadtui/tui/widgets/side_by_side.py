"""The charts of a comparison, both sides on one axis: as many as there is room for."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from loadtui.tui.chart.axis_labels import axis_latency, axis_rate
from loadtui.tui.chart.chart_series import ChartData, has_curve
from loadtui.tui.chart.comparison_curves import Over, curve_by_percentile, curve_over_time
from loadtui.tui.chart.markers import Marker
from loadtui.tui.project.comparisons import ComparisonCurves
from loadtui.tui.widgets.chart import Chart
from loadtui.tui.widgets.percentile_chart import PercentileChart

_TWO, _THREE = 100, 150
"""Columns from which two and three charts stand beside each other."""
_OVER: tuple[Over, ...] = ("p50", "p95", "p99")


class SideBySide(Horizontal):
    """Latency by percentile, latency over time, requests a second; `turn` puts the next first."""

    def __init__(self, marker: Marker) -> None:
        super().__init__()
        self._by_percentile = PercentileChart(
            "by percentile", axis_latency, label_width=7, marker=marker
        )
        self._latency = Chart("p95 over time", axis_latency, label_width=7, marker=marker)
        self._rps = Chart("requests/s", axis_rate, marker=marker)
        self._order: list[Chart] = [self._latency, self._by_percentile, self._rps]
        self._over: Over = "p95"
        self._drawn: ComparisonCurves | None = None

    def compose(self) -> ComposeResult:
        yield from self._order

    def look_at(self, metric: str) -> None:
        """Show this metric over time, where it is one that has a curve; else p95."""
        over: Over = next((over for over in _OVER if over == metric), "p95")
        if over != self._over:
            self._over = over
            self._latency.about(f"{over} over time", axis_latency)
            self._redraw()
        if metric == "rps" and self._order[0] is not self._rps:
            self._put_first(self._rps)
        elif metric in _OVER and self._order[0] is self._rps:
            self._put_first(self._latency)

    def show(self, drawn: ComparisonCurves) -> None:
        self._drawn = drawn
        self._redraw()

    def clear(self) -> None:
        self.show(ComparisonCurves(None, None, ()))

    def turn(self) -> None:
        """Put the next chart first."""
        self._put_first(self._order[1])

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.turn()

    def on_resize(self) -> None:
        self._arrange()

    def on_chart_widened(self, message: Chart.Widened) -> None:
        message.stop()
        self._redraw()

    def _put_first(self, chart: Chart) -> None:
        at = self._order.index(chart)
        self._order = self._order[at:] + self._order[:at]
        self._arrange()

    def _arrange(self) -> None:
        width = self.size.width
        room = 3 if width >= _THREE else 2 if width >= _TWO else 1
        for number, chart in enumerate(self._order):
            chart.display = number < room
        places: dict[Widget, int] = {chart: at for at, chart in enumerate(self._order)}
        self.sort_children(key=lambda child: places[child])

    def _redraw(self) -> None:
        if self._drawn is None:
            return
        for chart in self._order:
            if chart.columns < 2:
                continue
            if chart is self._by_percentile:
                data = curve_by_percentile(self._drawn, chart.columns)
            else:
                what: Over = "rps" if chart is self._rps else self._over
                data = curve_over_time(self._drawn, what, chart.columns)
            chart.show(data if has_curve(data) else ChartData(data.window, note="nothing to draw"))
