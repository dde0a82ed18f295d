"""Starting and checking plans."""

from __future__ import annotations

from pathlib import Path

from loadtui.tui.modals.start_form import StartForm
from loadtui.tui.project.plan_edits import PlanEdits, StageEdits
from loadtui.tui.screens.live_screen import LiveScreen
from loadtui.tui.screens.runs_screen import RunsScreen
from tests.support.workbench_fakes import notes, settled


def test_enter_starts_a_plan_and_detaching_comes_back(visit, project, tell):
    async def then(pilot, app):
        assert isinstance(app.screen, LiveScreen)
        await tell(pilot, 10)
        await pilot.press("d")
        await settled(app, pilot)
        assert isinstance(app.screen, RunsScreen)
        assert app.return_value is None

    visit("enter", then=then)
    assert project.plans.started == [(Path("scenarios/gateway.toml"), None)]


def test_a_double_click_starts_a_plan(visit, project):
    async def then(pilot, app):
        await pilot.click("RowTable", offset=(5, 4), times=2)
        await settled(app, pilot)

    visit(then=then)
    assert project.plans.started == [(Path("locustfile.py"), None)]


def test_a_plan_that_does_not_start_says_why_and_can_be_tried_again(visit, project):
    project.plans.refusal = "gateway.toml: no host is given"
    app = visit("enter", "enter", "down", "down", "enter", "s")[1]
    assert notes(app) == [
        *["gateway.toml: no host is given"] * 2,
        *["broken.toml: stage[0]: no users"] * 2,
    ]
    assert project.plans.started == []


def test_check_tells_in_a_sentence(visit, project, see):
    async def then(pilot, app):
        assert "✓ gateway.toml is ready to run" in see(app)
        project.plans.refusal = "gateway.py:3: no module named nope"
        await pilot.press("c")
        await settled(app, pilot)
        assert "✗ gateway.py:3: no module named nope" in see(app)

    visit("c", then=then)


def test_start_with_changes(visit, project, see):
    async def then(pilot, app):
        form = app.screen
        assert isinstance(form, StartForm)
        form.query_one("#length-0").value = "soon"
        await pilot.press("enter")
        await settled(app, pilot)
        assert app.screen is form
        assert "! stage L1, length" in see(app)
        form.query_one("#length-0").value = "5m"
        form.query_one("#host").value = "http://10.0.0.1"
        form.query_one("#users-1").value = "25"
        form.query_one("#scale").value = "0.1"
        form.query_one("#baseline").value = ""
        await pilot.press("enter")
        await settled(app, pilot)

    visit("s", then=then)
    ((plan, changes),) = project.plans.started
    assert plan == Path("scenarios/gateway.toml")
    assert changes == PlanEdits(
        host="http://10.0.0.1",
        stages=(
            StageEdits("L1", "10", "1", "5m"),
            StageEdits("L2", "25", "5", "5m"),
            StageEdits("L3", "A=60, B=40", "10", "5m"),
        ),
        time_scale="0.1",
        baseline="",
    )
