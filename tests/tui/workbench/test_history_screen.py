"""How the metrics of a plan went from run to run."""

from __future__ import annotations

from loadtui.samples.estimate import TOTAL
from loadtui.tui.screens.history_screen import HistoryScreen
from loadtui.tui.screens.runs_screen import RunsScreen
from tests.support.workbench_fakes import FASTER, SLOWER, notes, settled


def test_what_changed_comes_first_then_the_totals_then_on_demand_all(visit):
    async def then(pilot, app):
        table = app.screen.table
        shown = [(one.key.stage, one.key.endpoint, one.key.metric) for one in table._items]
        await pilot.press("a")
        await settled(app, pilot)
        await pilot.press("end")
        return shown, len(table._items), table.cursor

    shown, everything, last = visit("2", "down", "h", then=then)[0]
    assert shown == [
        ("L2", "POST /query 한국어 검색", "p95"),
        ("L2", TOTAL, "p95"),
        ("L1", TOTAL, "p95"),
        ("L1", TOTAL, "error_rate"),
    ]
    assert (everything, last) == (35, 34)


def test_every_change_is_told_with_run_and_share_the_newest_first(visit, see):
    async def then(pilot, app):
        lines = [line.strip() for line in see(app).split("\n") if " since 2" in line]
        await pilot.press("down", "down")
        await settled(app, pilot)
        assert "no change that lasts" in see(app)
        return lines

    assert visit("2", "down", "h", then=then)[0] == [
        f"! +33 % since {SLOWER.run} · 2026-11-22 10:15",
        f"✓ -12 % since {FASTER.run} · 2026-11-22 10:08",
    ]


def test_words_orders_and_the_way_back(visit, project, see):
    async def then(pilot, app):
        assert isinstance(app.screen, HistoryScreen)
        await pilot.press("slash", *"error", "enter")
        await settled(app, pilot)
        assert "1 of 35 metrics · filter: error" in see(app)
        await pilot.press("o", "y", "1")
        await settled(app, pilot)
        assert app.clipboard.startswith("L1 total error_rate: 0.")
        await pilot.press("escape")
        await settled(app, pilot)
        assert isinstance(app.screen, RunsScreen)

    visit("2", "down", "h", then=then, size=(120, 40))


def test_what_cannot_be_read_says_why_and_goes_back(visit, project):
    async def then(pilot, app):
        assert isinstance(app.screen, RunsScreen)

    project.histories.refusal = "run x has no samples.parquet"
    assert notes(visit("2", "down", "h", then=then)[1]) == ["run x has no samples.parquet"]
