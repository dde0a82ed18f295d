from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.tui.app import LoadtuiApp
from loadtui.tui.desk import PlanEntry, ProjectDesk, RunEntry
from loadtui.tui.screens.home import Home
from loadtui.tui.screens.live import Live
from loadtui.tui.screens.summary import Summary


class FakeDesk:
    def __init__(self):
        self.started = []
        self.refusal = ""
        self._plans = [
            PlanEntry(Path("scenarios/gateway.toml"), "gateway", "10 → 50 → 100 users · 15:00",
                      known="last: pass"),
            PlanEntry(Path("broken.toml"), "broken", "broken.toml: stage[0]: no users",
                      broken=True),
            PlanEntry(Path("locustfile.py"), "locustfile", "its own load shape"),
        ]  # fmt: skip
        self._runs = [
            RunEntry(Path("r3"), "20261123-110000-gateway-1111", "gateway", "running", "measured",
                     "", "2026-11-23 11:00", "00:10", "1 203", active=True),
            RunEntry(Path("r2"), "20261123-101502-gateway-3f2a", "gateway", "finished",
                     "measured", "pass", "2026-11-23 10:15", "15:00", "1 041 203"),
            RunEntry(Path("r1"), "20261122-한국어-3f2b", "한국어", "interrupted", "simulated",
                     "invalid", "2026-11-22 10:15", "02:11", "88"),
            RunEntry(Path("r0"), "20261121-0", "", "broken", "", "manifest.json: not JSON", "",
                     "", ""),
        ]  # fmt: skip

    def plans(self):
        return self._plans

    def runs(self):
        return self._runs

    def start(self, plan):
        if self.refusal:
            raise UsageError(self.refusal)
        self.started.append(plan)
        return Path("new-run")

    def summary(self, folder, width):
        if folder == Path("r0"):
            raise UsageError("r0 cannot be read")
        return f"report of {folder}\n[not markup]"


@pytest.fixture
def desk():
    return FakeDesk()


@pytest.fixture
def visit(desk, feed, run):
    """Open the home screen, press keys, and look."""

    def visited(*keys, then, size=(80, 24)):
        async def scene():
            app = LoadtuiApp(desk=desk, connect=lambda folder: feed)
            async with app.run_test(size=size) as pilot:
                await _settled(app, pilot)
                for key in keys:
                    await pilot.press(key)
                    await _settled(app, pilot)
                return await then(pilot, app), app

        return run(scene())

    return visited


async def _settled(app, pilot):
    """Reading and starting are done in threads."""
    await pilot.pause()
    threads = [w for w in app.workers if isinstance(w.node, Home) and not w.is_finished]
    if threads:
        await app.workers.wait_for_complete(threads)
    await pilot.pause()


@pytest.mark.parametrize("keys", [(), ("tab",)], ids=["plans", "runs"])
def test_look(visit, see, size, keys, snapshot):
    async def then(pilot, app):
        return see(app)

    assert visit(*keys, then=then, size=size)[0] == snapshot


def test_look_of_an_empty_project(visit, desk, see, snapshot):
    async def then(pilot, app):
        return see(app)

    desk._plans, desk._runs = [], []
    assert visit(then=then)[0] == snapshot


def test_enter_starts_a_plan_and_leaving_comes_back(visit, desk, tell):
    async def then(pilot, app):
        assert isinstance(app.screen, Live)
        await tell(pilot, 10)
        await pilot.press("d")
        await pilot.pause()
        assert isinstance(app.screen, Home)

    visit("enter", then=then)
    assert desk.started == [Path("scenarios/gateway.toml")]


def notes(app):
    return [note.message for note in app._notifications]


def test_a_broken_plan_says_why(visit, desk):
    async def then(pilot, app):
        assert isinstance(app.screen, Home)
        return notes(app)

    assert visit("down", "enter", then=then)[0] == ["broken.toml: stage[0]: no users"]
    assert desk.started == []


def test_a_plan_that_does_not_start_says_why(visit, desk):
    async def then(pilot, app):
        return notes(app)

    desk.refusal = "gateway.toml: no host is given"
    assert visit("enter", then=then)[0] == ["gateway.toml: no host is given"]


def test_a_running_run_is_joined(visit):
    async def then(pilot, app):
        assert isinstance(app.screen, Live)

    visit("tab", "enter", then=then)


def test_a_kept_run_is_read_and_left(visit, see):
    async def then(pilot, app):
        assert isinstance(app.screen, Summary)
        shown = see(app)
        await pilot.press("q")
        await pilot.pause()
        assert isinstance(app.screen, Home)
        return shown

    shown, _ = visit("tab", "down", "enter", then=then)
    assert "report of r2" in shown
    assert "[not markup]" in shown


def test_a_broken_run_says_why(visit):
    async def then(pilot, app):
        return notes(app)

    assert visit("tab", "up", "enter", then=then)[0] == ["r0 cannot be read"]


def test_q_leaves(visit):
    async def then(pilot, app):
        await pilot.press("q")

    assert visit(then=then)[1].return_code == 0


def test_a_projects_plans(tmp_path):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "a.py").write_text("")
    (tmp_path / "scenarios" / "a.toml").write_text(
        'locustfile = "a.py"\nhost = "http://127.0.0.1"\n'
        '[[stage]]\nusers = 10\nspawn_rate = 1\nduration = "90s"\n'
        '[[stage]]\nusers = 50\nspawn_rate = 5\nduration = "90s"\n'
    )
    (tmp_path / "scenarios" / "b.toml").write_text("bad = 1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (tmp_path / "locustfile.py").write_text("")
    desk = ProjectDesk(tmp_path, lambda plan: plan)
    found = [(plan.name, plan.broken, plan.known) for plan in desk.plans()]
    assert found == [
        ("a", False, "never run"),
        ("b", True, "never run"),
        ("locustfile", False, "never run"),
    ]
    assert desk.plans()[0].detail == "10 → 50 users · 03:00"
    assert desk.runs() == []
    assert desk.start(Path("p")) == Path("p")
