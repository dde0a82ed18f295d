"""What can be done with the runs of a list."""

from __future__ import annotations

from pathlib import Path

from loadtui.errors import UsageError
from loadtui.tui.project.run_rows import PromotionChoices
from loadtui.tui.screens.compare_screen import CompareScreen
from loadtui.tui.screens.live_screen import LiveScreen
from loadtui.tui.screens.replay_screen import ReplayScreen
from loadtui.tui.screens.runs_screen import RunsScreen
from tests.support.workbench_fakes import BASELINE, NEW, OLD, RUNS, notes, run_row, settled


def test_enter_replays_a_run_and_joins_one_that_goes_on(visit):
    async def then(pilot, app):
        assert isinstance(app.screen, ReplayScreen)
        await pilot.press("backspace")
        await settled(app, pilot)
        await pilot.press("up", "enter")
        await settled(app, pilot)
        assert isinstance(app.screen, LiveScreen)

    visit("2", "down", "enter", then=then)


def test_filter_and_order(visit, see):
    async def then(pilot, app):
        await pilot.click("RowTable", offset=(25, 0))
        await settled(app, pilot)
        assert "plan ▾" in see(app)
        await pilot.press("o", "o", "o", "o")
        await pilot.press("slash", *"한국", "enter")
        await settled(app, pilot)
        assert app.screen.table.current == RUNS[2]
        assert "1 of 6 · filter: 한국" in see(app)
        await pilot.press("slash", "backspace", "backspace", "enter", "o", "o", "o", "home")
        await settled(app, pilot)
        assert "requests ▾" in see(app)
        return [run.requests for run in app.screen.table._items]

    assert visit("2", then=then)[0] == sorted((run.requests for run in RUNS), reverse=True)


def test_one_run_is_compared_with_the_baseline_of_its_plan(visit, project):
    async def then(pilot, app):
        await pilot.press("2", "down")
        await pilot.press("c")
        await settled(app, pilot)

    app = visit("2", "down", "c", then=then)[1]
    assert project.comparer.asked == [(BASELINE, NEW, False)]
    assert notes(app) == ["plan 한국어 검색 has no baseline: promote a run of it"]


def test_the_cursor_stays_on_its_run_when_others_come(visit, project):
    async def then(pilot, app):
        project.runs.entries = [run_row(10), *RUNS]
        await pilot.press("r")
        await settled(app, pilot)
        return app.screen.table.current

    assert visit("2", "down", "down", then=then)[0] == RUNS[2]


def test_two_selected_runs_are_compared_the_older_one_as_the_base(visit, project):
    async def then(pilot, app):
        assert isinstance(app.screen, CompareScreen)

    visit("2", "down", "space", "down", "down", "space", "c", then=then)
    assert project.comparer.asked[-1] == (OLD, NEW, False)


def test_promote_tells_why_it_is_refused_and_what_came_of_it(visit, project, see):
    async def then(pilot, app):
        await pilot.press("enter")
        await settled(app, pilot)
        shown = " ".join(see(app).split())
        assert "! run x is not promoted: it did not meet p95" in shown
        assert "tick the second box" in shown
        project.runs.refusal = ""
        app.screen.query_one("#name").value = "night"
        app.screen.query_one("#replace").value = True
        await pilot.press("enter")
        await settled(app, pilot)
        assert isinstance(app.screen, RunsScreen)

    project.runs.refusal = (
        "run x is not promoted: it did not meet p95 < 2s; --force promotes it all the same"
    )
    app = visit("2", "down", "p", then=then)[1]
    assert project.runs.promoted == [(RUNS[1].folder, PromotionChoices("night", True, False))]
    assert notes(app) == ["baselines/gateway.json holds 4 runs"]


def test_a_run_that_goes_on_is_left_alone_and_a_broken_one_says_why(visit, project):
    told = notes(visit("2", "p", "e", "X", "end", "enter")[1])
    assert ["is still running" in one for one in told] == [True, True, True, False]
    assert told[3] == "manifest.json is not JSON; remove the run"
    assert [project.runs.promoted, project.runs.exported, project.runs.removed] == [[], [], []]


def test_export_by_the_end_of_the_name(visit, project, see):
    async def then(pilot, app):
        app.screen.query_one("Input").value = "out.pdf"
        await pilot.press("enter")
        await settled(app, pilot)
        assert "! give it one of the endings .html, .md, .json" in see(app)
        app.screen.query_one("Input").value = "out.md"
        await pilot.press("enter")
        await settled(app, pilot)

    assert notes(visit("2", "down", "e", then=then)[1]) == ["written: out.md"]
    assert project.runs.exported == [(RUNS[1].folder, Path("out.md"))]


def test_delete_asks_first(visit, project):
    visit("2", "down", "X", "escape", "X", "n", "X", "y")
    assert project.runs.removed == [RUNS[1].folder]


def test_runs_that_come_and_go_are_seen_without_asking(visit, project, see, monkeypatch):
    def gone():
        raise UsageError("the disk is gone")

    async def then(pilot, app):
        async def until(text):
            while text not in see(app):
                await pilot.pause(0.01)

        project.runs.entries = [run_row(10), *RUNS]
        await until("Runs · 7")
        with monkeypatch.context() as broken:
            broken.setattr(project.runs, "runs", gone)
            await pilot.pause(0.1)
            await pilot.press("slash")
        project.runs.entries = list(RUNS)
        await pilot.pause(0.1)
        assert "Runs · 7" in see(app), "nothing moves below a question"
        await pilot.press("escape")
        await until("Runs · 6")

    monkeypatch.setattr(RunsScreen, "AGAIN_S", 0.02)
    app = visit("2", then=then)[1]
    assert notes(app) == [], "what was not asked for is not refused aloud"
