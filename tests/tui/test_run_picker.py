"""Which of several running runs to watch."""

from __future__ import annotations

from datetime import datetime

from loadtui.plan.model import Plan
from loadtui.tui.pick_running import run_in_a_line
from loadtui.tui.run_picker import RunPicker
from loadtui.tui.screen_settings import ScreenSettings
from tests.support.run_writer import RunWriter

SAID = [f"2026112{at}-101502-gateway-3f2a · gateway · for 6m" for at in range(9, 5, -1)]


def picked(run, *keys):
    async def steps():
        app = RunPicker(SAID, ScreenSettings(), ascii_only=False)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            await pilot.press(*keys)
            await pilot.pause()
        return app.return_value

    return run(steps())


def test_by_number_arrows_or_not_at_all(run):
    assert picked(run, "1") == 0
    assert picked(run, "3") == 2
    assert picked(run, "down", "enter") == 1
    assert picked(run, "escape") is None
    assert picked(run, "q") is None
    assert picked(run, "ctrl+c") is None


def test_the_question_shows_every_run(run, see, size, snapshot):
    async def steps():
        app = RunPicker([*SAID, "한국어 \x1b[2J"], ScreenSettings(), ascii_only=False)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            return see(app)

    seen = run(steps())
    assert seen == snapshot
    assert all(line in seen for line in SAID)
    assert "한국어" in seen
    assert "\x1b" not in seen


def test_a_run_in_a_line(tmp_path):
    writer = RunWriter(tmp_path / "20261123-101502-gateway-3f2a")
    plan = Plan(name="gateway", locustfiles=("gateway.py",), host="http://127.0.0.1:8000")
    writer.manifest(plan=plan, started="2026-11-23T10:15:02Z")
    now = datetime.fromisoformat("2026-11-23T10:21:14Z").timestamp()
    line = run_in_a_line(writer.folder, now)
    assert line == f"{writer.folder.name} · gateway · http://127.0.0.1:8000 · for 6 min 12 s"
    assert run_in_a_line(tmp_path / "just-removed", now) == "just-removed"
