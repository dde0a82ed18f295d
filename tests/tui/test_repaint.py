"""Only what changed is painted."""

from __future__ import annotations

from loadtui.tui.app import LoadtuiApp
from loadtui.tui.widgets.chart import Chart
from loadtui.tui.widgets.lines import Lines


def painted(app):
    """Cells of each widget painted by its last redraw; a footer draws itself but once."""
    return {type(w).__name__ + (w.id or ""): w.repainted for w in app.screen.query(Lines)}


def test_the_same_snapshot_twice_paints_nothing(feed, tell, run):
    async def steps():
        app = LoadtuiApp(feed=feed)
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            await tell(pilot, 180)
            await tell(pilot, 180)
            return painted(app)

    assert {name for name, cells in run(steps()).items() if cells} == {"Footer"}


def test_a_second_more_paints_little_of_a_chart(feed, tell, run):
    async def steps():
        app = LoadtuiApp(feed=feed)
        cells = []
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            await tell(pilot, 130)
            for second in range(131, 145):
                await tell(pilot, second)
                charts = [chart for chart in app.screen.query(Chart) if chart.display]
                cells.append(max(chart.repainted / chart.content_size.area for chart in charts))
        return cells

    assert max(run(steps())) < 0.1


def test_rows_that_did_not_change_are_not_rendered_again(feed, tell, run, monkeypatch):
    async def steps():
        app = LoadtuiApp(feed=feed)
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            await tell(pilot, 130)
            rendered = []
            original = Chart.render_line
            monkeypatch.setattr(
                Chart, "render_line", lambda self, y: rendered.append(y) or original(self, y)
            )
            await tell(pilot, 135)
            await pilot.pause()
            return rendered, sum(chart.size.height for chart in app.screen.query(Chart))

    rendered, rows = run(steps())
    assert 0 < len(rendered) < rows / 2


class Words(Lines):
    def __init__(self):
        super().__init__()
        self.lines = ["one", "two", "three"]

    def draw(self, width, height):
        return [[(line, "text")] for line in self.lines]


def test_only_the_changed_columns_of_the_changed_row(feed, run):
    async def steps():
        app = LoadtuiApp(feed=feed)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            words = Words()
            words.styles.height = 3
            await app.screen.mount(words)
            await pilot.pause()
            words.lines[1] = "tWo"
            words.redraw()
            one = words.repainted
            words.lines = ["한", "tWo", "three"]
            words.redraw()
            wide = words.repainted
            words.lines = ["글", "tWo", "three"]
            words.redraw()
            return one, wide, words.repainted

    assert run(steps()) == (1, 3, 2)
