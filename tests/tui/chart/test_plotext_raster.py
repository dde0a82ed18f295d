from __future__ import annotations

import pytest

from loadtui.tui.chart.markers import MARKERS
from loadtui.tui.chart.plotext_raster import PlotCurve, plot_curves


def drawn(rows):
    return ["".join(dot.character for dot in row) for row in rows]


@pytest.mark.parametrize("marker", MARKERS)
def test_a_canvas_is_as_large_as_asked_and_knows_its_curves(marker):
    rows = plot_curves([PlotCurve([1.0] * 30, 2.0), PlotCurve([0.0] * 30, 2.0)], 30, 5, marker)
    assert [len(row) for row in rows] == [30] * 5
    assert {dot.curve for dot in rows[2]} == {0}
    assert {dot.curve for dot in rows[4]} == {1}
    assert {dot.curve for row in (rows[0], rows[1], rows[3]) for dot in row} == {-1}


def test_curves_in_ascii_differ_without_colour():
    rows = drawn(
        plot_curves([PlotCurve([2.0] * 10, 2.0), PlotCurve([0.0] * 10, 2.0)], 10, 3, "ascii")
    )
    assert rows == ["**********", "          ", "++++++++++"]


def test_values_above_the_axis_stay_on_the_canvas():
    rows = drawn(plot_curves([PlotCurve([9.0] * 10, 2.0)], 10, 3, "ascii"))
    assert rows[0] == "**********"


def test_missing_values_are_bridged():
    rows = drawn(plot_curves([PlotCurve([1.0, None, None, 1.0], 1.0)], 4, 2, "ascii"))
    assert rows[0] == "****"


def test_nothing_to_draw():
    assert drawn(plot_curves([PlotCurve([None] * 4, 1.0)], 4, 2, "braille")) == ["    ", "    "]
    assert drawn(plot_curves([], 4, 2, "braille")) == ["    ", "    "]
