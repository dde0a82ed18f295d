"""What holds on every screen."""

from __future__ import annotations

from loadtui.tui.screens.compare_screen import CompareScreen
from loadtui.tui.screens.live_screen import LiveScreen
from loadtui.tui.screens.plans_screen import PlansScreen
from loadtui.tui.screens.runs_screen import RunsScreen
from tests.support.workbench_fakes import RUNS, notes, settled


def test_keys_1_to_4_go_anywhere_from_anywhere(visit):
    async def then(pilot, app):
        for key, screen in (
            ("2", RunsScreen),
            ("4", CompareScreen),
            ("1", PlansScreen),
            ("4", CompareScreen),
            ("2", RunsScreen),
        ):
            await pilot.press(key)
            await settled(app, pilot)
            assert isinstance(app.screen, screen)

    visit(then=then)


def test_the_footer_goes_where_it_says(visit):
    async def then(pilot, app):
        await pilot.click("Footer", offset=(12, 0))
        await settled(app, pilot)
        assert isinstance(app.screen, RunsScreen)
        await pilot.click("Footer", offset=(2, 0))
        await settled(app, pilot)
        assert isinstance(app.screen, PlansScreen)

    visit(then=then)


def test_3_finds_the_run_that_goes_on_and_comes_back_to_it(visit, tell):
    async def then(pilot, app):
        assert isinstance(app.screen, LiveScreen)
        await tell(pilot, 10)
        live = app.screen
        await pilot.press("1")
        await settled(app, pilot)
        assert isinstance(app.screen, PlansScreen)
        await tell(pilot, 11)
        await pilot.press("3")
        await settled(app, pilot)
        assert app.screen is live
        assert live.board.moment.snapshot.elapsed_s == 11

    visit("3", then=then)


def test_3_says_when_no_run_goes_on(visit, project):
    project.runs.entries = list(RUNS[1:])
    assert notes(visit("3")[1]) == ["no run is running: start a plan (1), or open a saved run (2)"]


def test_copies_go_to_the_clipboard_and_pictures_where_it_says(visit, project):
    async def then(pilot, app):
        return app.clipboard

    copied, app = visit("2", "down", "y", "2", "P", then=then)
    assert copied == str(RUNS[1].folder)
    ((name, svg),) = project.screenshots.saved
    assert name == "runs"
    assert svg.startswith("<svg")
    assert notes(app) == ["picture: .loadtui/pictures/runs.svg"]


def test_quitting_the_workbench(visit):
    assert visit("q")[1].return_value is not None


def test_quitting_asks_while_the_watched_run_goes_on(visit, tell, feed):
    async def then(pilot, app):
        await tell(pilot, 10)
        await pilot.press("1")
        await settled(app, pilot)
        await pilot.press("q")
        await settled(app, pilot)
        assert app.return_value is None
        await pilot.press("d")
        await settled(app, pilot)

    app = visit("3", then=then)[1]
    assert app.return_value is not None
    assert feed.commands == []
