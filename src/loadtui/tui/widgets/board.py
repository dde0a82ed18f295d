"""All of a run on one screen, live or replayed: draws moments, and knows no feed."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from loadtui.tui.cells.text import one_line
from loadtui.tui.chart.axis_labels import axis_latency, axis_plain, axis_rate, axis_users
from loadtui.tui.chart.markers import Marker
from loadtui.tui.chart.run_curves_by_column import (
    ChartFrame,
    latency_chart,
    load_chart,
    trend_chart,
)
from loadtui.tui.watched.moment import Moment
from loadtui.tui.widgets.banner import Banner
from loadtui.tui.widgets.chart import Chart
from loadtui.tui.widgets.endpoint_columns import ordered_trends
from loadtui.tui.widgets.endpoints import Endpoints
from loadtui.tui.widgets.error_lines import ErrorLines
from loadtui.tui.widgets.generator_health import GeneratorHealth
from loadtui.tui.widgets.kpis import Kpis
from loadtui.tui.widgets.log import LogLines
from loadtui.tui.widgets.metric_lines import MetricLines
from loadtui.tui.widgets.panel_heights import ROOMY, panel_heights
from loadtui.tui.widgets.run_progress import RunProgress
from loadtui.tui.widgets.status_line import StatusLine
from loadtui.tui.widgets.threshold_lines import ThresholdLines
from loadtui.wire.messages import MetricRow

WINDOWS = (None, 15 * 60, 5 * 60, 60)
"""Seconds that the charts show of the end of the run, None: all of it."""
WIDE = 150
"""Cells from which three charts stand side by side."""


class Board(Vertical):
    """Give it a `Moment` with `show`; the rest are ways to look at it."""

    def __init__(self, *, marker: Marker = "braille") -> None:
        super().__init__()
        self._moment: Moment | None = None
        self._window: int | None = None
        self._baseline = True
        self._trend = 0
        """Which chart stands in the last place: latency first where there are but two places."""
        self._shown_trend = ""
        self._zoomed: Widget | None = None
        self.status = StatusLine()
        self._progress = RunProgress(marker == "ascii")
        self.banner = Banner()
        self._kpis = Kpis()
        self._load = Chart(
            "requests/s", axis_rate, right_unit=axis_users, marker=marker, id="load"
        )  # fmt: skip
        self._latency = Chart("latency", axis_latency, label_width=7, marker=marker, id="latency")
        self._third = Chart("", axis_plain, label_width=7, marker=marker, id="trend")
        self._charts = Horizontal(
            self._load, self._latency, self._third, id="charts", classes="panel"
        )  # fmt: skip
        self.endpoints = Endpoints(classes="panel")
        self._metrics = MetricLines(classes="panel")
        self._errors = ErrorLines(classes="panel")
        self._thresholds = ThresholdLines(classes="panel")
        self._health = GeneratorHealth(classes="panel")
        self._log = LogLines(classes="panel")

    def compose(self) -> ComposeResult:
        yield self.status
        yield self._progress
        yield self.banner
        yield self._kpis
        yield self._charts
        yield self.endpoints
        yield self._metrics
        yield self._log
        yield self._errors
        yield self._thresholds
        yield self._health

    def on_mount(self) -> None:
        self.banner.display = self._third.display = False
        for hidden in (self._metrics, self._log):
            hidden.add_class("-hidden")

    def on_resize(self) -> None:
        self._share()
        self._arrange()

    # What there is to show.

    @property
    def moment(self) -> Moment | None:
        """The one that is shown."""
        return self._moment

    def show(self, moment: Moment) -> None:
        """Show this moment, in all panels."""
        self._moment = moment
        snapshot = moment.snapshot
        self.status.show(snapshot)
        self._progress.show(snapshot)
        self._kpis.show(moment)
        self.endpoints.show(moment)
        self._metrics.show(moment)
        self._errors.show(snapshot)
        self._thresholds.show(snapshot)
        self._health.show(snapshot)
        self._log.show(moment)
        if self._arrange_charts():
            self.call_after_refresh(self._draw_charts)
        else:
            self._draw_charts()

    # Ways to look at it.

    @property
    def window_s(self) -> int | None:
        return self._window

    def next_window(self) -> None:
        """All of the run, its last 15, 5 minutes, its last one, and all again."""
        self.look_at(WINDOWS[(WINDOWS.index(self._window) + 1) % len(WINDOWS)])

    def look_at(self, window_s: int | None) -> None:
        """Show so many seconds of the run's end in the charts, None: all of it."""
        self._window = window_s
        self._draw_charts()

    def longer(self, by: int) -> None:
        """A longer (by 1) or shorter (by -1) window, as far as there is one."""
        at = WINDOWS.index(self._window) - by
        self.look_at(WINDOWS[max(0, min(at, len(WINDOWS) - 1))])

    def next_chart(self) -> None:
        """Show another chart beside the first: latency, then each Trend of the scenario."""
        self._trend += 1
        self._arrange()

    def toggle_baseline(self) -> str:
        """Draw the baseline behind the charts or not; says in a sentence what is so now."""
        reference = self._moment.reference if self._moment else None
        if reference is None:
            return "The run is held against no baseline; promote a run of this plan to have one."
        if reference.unreadable:
            return f"There is no baseline to draw: {one_line(reference.unreadable)}"
        if reference.incomparable:
            stage, why = next(iter(reference.incomparable.items()))
            return f"Stage {stage} is not compared with baseline {reference.name}: {why}"
        self._baseline = not self._baseline
        self._draw_charts()
        of = f"{reference.runs} run" + ("s" if reference.runs != 1 else "")
        drawn = "is" if self._baseline else "is not"
        if not reference.curves:
            return f"Baseline {reference.name} of {of} has no drawing; the table has its changes."
        return f"Baseline {reference.name} of {of} {drawn} drawn behind the charts."

    def toggle_log(self) -> None:
        self._log.toggle_class("-hidden")
        self._share()
        self._arrange()

    def next_zoom(self) -> None:
        """Give the next panel all the room; after the last one none."""
        panels = self._panels()
        at = panels.index(self._zoomed) + 1 if self._zoomed in panels else 0
        self._zoom(panels[at] if at < len(panels) else None)

    def unzoom(self) -> bool:
        """Give the room back; False when nothing had it."""
        zoomed = self._zoomed is not None
        self._zoom(None)
        return zoomed

    def on_click(self, event: events.Click) -> None:
        """A click on a chart gives it all the room, a second one gives it back."""
        if isinstance(event.widget, Chart):
            self._zoom(None if self._zoomed is event.widget else event.widget)

    # How it is done.

    def _panels(self) -> list[Widget]:
        """What can have all the room."""
        charts = [self._load, self._latency, *([self._third] if self._trends else [])]
        metrics = [] if self._metrics.has_class("-hidden") else [self._metrics]
        return [*charts, self.endpoints, *metrics, self._errors, self._health, self._log]

    def _zoom(self, panel: Widget | None) -> None:
        before, self._zoomed = self._place(self._zoomed), panel
        if before is not None:
            before.remove_class("-zoomed")
        self.set_class(panel is not None, "-zoom")
        now = self._place(panel)
        if now is not None:
            now.add_class("-zoomed")
        self._share()
        self._arrange()

    def _place(self, panel: Widget | None) -> Widget | None:
        """What takes the room of a panel: of a chart that of all charts."""
        return self._charts if isinstance(panel, Chart) else panel

    def _share(self) -> None:
        """Give each panel its lines."""
        height = self.size.height
        self.set_class(height >= ROOMY, "-roomy")
        share = panel_heights(height, log=not self._log.has_class("-hidden"))
        self._kpis.styles.max_height = share.kpis
        self._charts.styles.height = share.charts
        self._charts.set_class(not share.charts, "-hidden")
        self._log.styles.height = share.log
        self._metrics.set_class(share.metrics > 1, "-table")
        for panel, most in (
            (self._metrics, share.metrics),
            (self._errors, share.errors),
            (self._thresholds, share.thresholds),
            (self._health, 2),
        ):
            panel.styles.height = "auto"
            panel.styles.max_height = most
        zoomed = self._place(self._zoomed)
        if zoomed is not None:
            zoomed.styles.height, zoomed.styles.max_height = "1fr", None

    @property
    def _trends(self) -> list[MetricRow]:
        return ordered_trends(self._moment.snapshot.metrics) if self._moment else []

    def _arrange(self) -> None:
        """Sizes or places changed: charts' data is cut anew once they know their columns."""
        self._arrange_charts()
        self.call_after_refresh(self._draw_charts)

    def _arrange_charts(self) -> bool:
        """Whether other charts are shown than before, which have no size yet."""
        trends: Sequence[MetricRow] = self._trends
        zoomed = self._zoomed if isinstance(self._zoomed, Chart) else None
        if zoomed is not None:
            shown: tuple[Widget, ...] = (zoomed,)
        elif trends and self.size.width >= WIDE:
            shown = (self._load, self._latency, self._third)
        elif trends and self._trend % (len(trends) + 1):
            shown = (self._load, self._third)
        else:
            shown = (self._load, self._latency)
        charts = (self._load, self._latency, self._third)
        changed = any(chart.display != (chart in shown) for chart in charts)
        for chart in charts:
            chart.display = chart in shown
        if trends:
            # Where latency has a place of its own, or not, the Trends take turns.
            apart = self.size.width >= WIDE
            at = self._trend % len(trends) if apart else (self._trend % (len(trends) + 1)) - 1
            trend = trends[max(0, at)]
            unit = f" ({one_line(trend.unit)})" if trend.unit and trend.unit != "ms" else ""
            self._third.about(
                one_line(trend.name) + unit, axis_latency if trend.unit == "ms" else axis_plain
            )
            self._shown_trend = trend.name
        return changed

    def _draw_charts(self) -> None:
        moment = self._moment
        if moment is None:
            return
        for chart in (self._load, self._latency, self._third):
            if not chart.display or chart.columns <= 1:
                continue
            frame = ChartFrame(chart.columns, self._window, self._baseline)
            if chart is self._load:
                chart.show(load_chart(moment, frame))
            elif chart is self._latency:
                chart.show(latency_chart(moment, frame))
            elif self._trends:
                chart.show(trend_chart(moment, frame, self._shown_trend))
