"""The charts of a run side by side: which are shown, of how much of the run."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal

from loadtui.plurals import counted
from loadtui.tui.cells.text import one_line
from loadtui.tui.chart.markers import Marker
from loadtui.tui.chart.run_charts import (
    RUN_CHARTS,
    TREND_CHART,
    RunChart,
    shown_charts,
    trend_charts,
)
from loadtui.tui.chart.run_curves_by_column import ChartFrame
from loadtui.tui.watched.moment import Moment
from loadtui.tui.widgets.chart import Chart

CHART_WINDOWS_S = (None, 15 * 60, 5 * 60, 60)
"""Seconds that the charts show of the end of the run, None: all of it."""
_WIDE = 150
"""Cells from which three charts stand side by side, else two."""


class ChartRow(Horizontal):
    """Two charts or three; of more, those after the first take turns in the last place."""

    def __init__(
        self, marker: Marker, *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._moment: Moment | None = None
        self._window_s: int | None = None
        self._baseline = True
        self._turn = 0
        self._columns_of_board = 0
        self._alone: Chart | None = None
        self._trend = TREND_CHART
        self._charts = {chart.name: _widget(chart, marker) for chart in (*RUN_CHARTS, TREND_CHART)}

    def compose(self) -> ComposeResult:
        yield from self._charts.values()

    def on_mount(self) -> None:
        self._charts[TREND_CHART.name].display = False

    def show(self, moment: Moment) -> None:
        """Draw this moment."""
        self._moment = moment
        if self._choose():
            self.call_after_refresh(self._draw_charts)
        else:
            self._draw_charts()

    def place_charts(self, width: int, alone: Chart | None) -> None:
        """Stand in so many cells, or only one of the charts in all of them."""
        self._columns_of_board, self._alone = width, alone
        self._rearrange()

    @property
    def panels(self) -> list[Chart]:
        """The charts that the run has, one of all Trends."""
        trends = bool(trend_charts(self._moment))
        return [chart for name, chart in self._charts.items() if trends or name != TREND_CHART.name]

    @property
    def window_s(self) -> int | None:
        return self._window_s

    def next_window(self) -> None:
        """All of the run, its last 15, 5 minutes, its last one, and all again."""
        at = CHART_WINDOWS_S.index(self._window_s)
        self.look_at(CHART_WINDOWS_S[(at + 1) % len(CHART_WINDOWS_S)])

    def longer(self, by: int) -> None:
        """A longer (by 1) or shorter (by -1) window, as far as there is one."""
        at = CHART_WINDOWS_S.index(self._window_s) - by
        self.look_at(CHART_WINDOWS_S[max(0, min(at, len(CHART_WINDOWS_S) - 1))])

    def look_at(self, window_s: int | None) -> None:
        """Show so many seconds of the run's end, None: all of it."""
        self._window_s = window_s
        self._draw_charts()

    def next_chart(self) -> None:
        """Show the next of those that take turns."""
        self._turn += 1
        self._rearrange()

    def toggle_baseline(self) -> str:
        """Draw the baseline behind the charts or not; says in a sentence what is so now."""
        reference = self._moment.reference if self._moment else None
        if reference is None:
            return "The run is compared with no baseline; promote a run of this plan to have one."
        if reference.unreadable:
            return f"There is no baseline to draw: {one_line(reference.unreadable)}"
        if reference.incomparable:
            stage, why = next(iter(reference.incomparable.items()))
            return f"Stage {stage} is not compared with baseline {reference.name}: {why}"
        self._baseline = not self._baseline
        self._draw_charts()
        of = counted(reference.runs, "run")
        drawn = "is" if self._baseline else "is not"
        if not reference.curves:
            return f"Baseline {reference.name} of {of} has no drawing; the table has its changes."
        return f"Baseline {reference.name} of {of} {drawn} drawn behind the charts."

    def _rearrange(self) -> None:
        """Sizes or places changed: charts' data is cut anew once they know their columns."""
        self._choose()
        self.call_after_refresh(self._draw_charts)

    def _choose(self) -> bool:
        """Whether other charts are shown than before, which have no size yet."""
        trends = trend_charts(self._moment)
        places = 3 if self._columns_of_board >= _WIDE else 2
        chosen = shown_charts([*RUN_CHARTS, *trends], places, self._turn)
        if trends:
            self._trend = next((c for c in chosen if c.name == TREND_CHART.name), trends[0])
            self._charts[TREND_CHART.name].about(self._trend.title, self._trend.unit)
        shown = [self._charts[chart.name] for chart in chosen]
        if self._alone is not None:
            shown = [self._alone]
        changed = any(chart.display != (chart in shown) for chart in self._charts.values())
        for chart in self._charts.values():
            chart.display = chart in shown
        return changed

    def _draw_charts(self) -> None:
        if self._moment is None:
            return
        for entry in (*RUN_CHARTS, self._trend):
            chart = self._charts[entry.name]
            if entry is not TREND_CHART and chart.display and chart.columns > 1:
                frame = ChartFrame(chart.columns, self._window_s, self._baseline)
                chart.show(entry.draw(self._moment, frame))


def _widget(chart: RunChart, marker: Marker) -> Chart:
    return Chart(
        chart.title,
        chart.unit,
        right_unit=chart.right_unit,
        label_width=chart.label_width,
        marker=marker,
        id=chart.name,
    )
