"""The list of a run's charts, and that all follows from it."""

from __future__ import annotations

import pytest

from loadtui.tui.app import LoadtuiApp
from loadtui.tui.chart.axis_labels import axis_rate
from loadtui.tui.chart.run_charts import RUN_CHARTS, RunChart, shown_charts
from loadtui.tui.chart.run_curves_by_column import load_chart
from loadtui.tui.widgets import chart_row
from loadtui.tui.widgets.chart import Chart

CHARTS = [RunChart(name, name, load_chart, axis_rate) for name in "abcd"]


@pytest.mark.parametrize(
    ("count", "places", "turn", "names"),
    [
        (2, 2, 5, "ab"),
        (2, 3, 1, "ab"),
        (3, 2, 0, "ab"),
        (3, 2, 1, "ac"),
        (3, 2, 2, "ab"),
        (4, 3, 0, "abc"),
        (4, 3, 1, "abd"),
    ],
)
def test_those_without_a_place_take_turns_in_the_last(count, places, turn, names):
    shown = shown_charts(CHARTS[:count], places, turn)
    assert "".join(chart.name for chart in shown) == names


def test_a_chart_more_is_an_entry_more(feed, tell, run, see, monkeypatch):
    added = RunChart("added", "an added chart", load_chart, axis_rate)
    monkeypatch.setattr(chart_row, "RUN_CHARTS", (*RUN_CHARTS, added))

    async def looked_at():
        app = LoadtuiApp(feed=feed)
        async with app.run_test(size=(120, 40)) as pilot:
            await tell(pilot, 130)
            shown = []
            for key in ("v", "z", "z", "z"):
                await pilot.press(key)
                await pilot.pause()
                await pilot.pause()
                charts = [chart for chart in app.screen.query(Chart) if chart.display]
                shown.append([chart.id for chart in charts])
                if key == "v":
                    assert "an added chart" in see(app)
            return shown

    assert run(looked_at()) == [["load", "added"], ["load"], ["latency"], ["added"]]
