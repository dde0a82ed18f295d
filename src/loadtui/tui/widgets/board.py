"""All of a run on one screen, live or replayed: draws moments, and knows no feed."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from loadtui.tui.chart.markers import Marker
from loadtui.tui.watched.moment import Moment
from loadtui.tui.widgets.banner import Banner
from loadtui.tui.widgets.chart import Chart
from loadtui.tui.widgets.chart_row import ChartRow
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


class Board(Vertical):
    """Give it a `Moment` with `show`; the rest are ways to look at it."""

    def __init__(self, *, marker: Marker = "braille") -> None:
        super().__init__()
        self._moment: Moment | None = None
        self._zoomed: Widget | None = None
        self._undrawn = False
        """Whether nothing is known over time, so that there is nothing to draw."""
        self.status = StatusLine()
        self._progress = RunProgress(marker == "ascii")
        self.banner = Banner()
        self._kpis = Kpis()
        self.charts = ChartRow(marker, id="charts", classes="panel")
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
        yield self.charts
        yield self.endpoints
        yield self._metrics
        yield self._log
        yield self._errors
        yield self._thresholds
        yield self._health

    def on_mount(self) -> None:
        self.banner.display = False
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
        self.charts.show(moment)
        if self._undrawn != ("seconds" in snapshot.unknown):
            self._undrawn = not self._undrawn
            self._progress.display = not self._undrawn
            self._share()

    # Ways to look at it.

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
        metrics = [] if self._metrics.has_class("-hidden") else [self._metrics]
        return [
            *([] if self._undrawn else self.charts.panels),
            self.endpoints,
            *metrics,
            self._errors,
            self._health,
            self._log,
        ]

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
        return self.charts if isinstance(panel, Chart) else panel

    def _share(self) -> None:
        """Give each panel its lines."""
        height = self.size.height
        self.set_class(height >= ROOMY, "-roomy")
        share = panel_heights(height, log=not self._log.has_class("-hidden"))
        self._kpis.styles.max_height = share.kpis
        self.charts.styles.height = share.charts
        self.charts.set_class(not share.charts or self._undrawn, "-hidden")
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

    def _arrange(self) -> None:
        """Sizes or places changed."""
        alone = self._zoomed if isinstance(self._zoomed, Chart) else None
        self.charts.place_charts(self.size.width, alone)
