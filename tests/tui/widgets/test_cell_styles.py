"""Style names of cells under the themes."""

from __future__ import annotations

from loadtui.tui.app import LoadtuiApp
from loadtui.tui.cells.text import STYLES
from loadtui.tui.terminal.theme import DARK, LIGHT
from loadtui.tui.widgets.cell_styles import cell_style
from loadtui.tui.widgets.status_line import StatusLine


def foregrounds(app, widget):
    strip = app.screen._compositor.render_strips()[widget.region.y]
    return {segment.style.color for segment in strip if segment.text.strip()}


def test_they_are_those_of_the_theme_and_follow_it(feed, run):
    async def show():
        app = LoadtuiApp(feed=feed)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            line = app.screen.query_one(StatusLine)
            painted = {}
            for theme in (DARK, LIGHT):
                app.theme = theme.name
                await pilot.pause()
                for name in STYLES:
                    style = cell_style(app, name)
                    assert (style.bgcolor is not None) is name.startswith("on-")
                line.redraw()
                painted[theme.name] = (cell_style(app, "bad"), foregrounds(app, line))
        (dark, in_dark), (light, in_light) = painted.values()
        assert dark.bold
        assert dark.color != light.color
        assert not in_dark & in_light

    run(show())
