"""Looking through a comparison."""

from __future__ import annotations

from tests.support.workbench_fakes import BASELINE, NEW, OLD, notes, row, settled


def test_changed_rows_come_first_and_the_charts_follow_the_cursor(visit, project, see):
    async def then(pilot, app):
        shown = [one.word for one in app.screen.table._items]
        assert "p95 over time" in see(app)
        await pilot.press("down", "down", "down")
        await settled(app, pilot)
        assert "requests/s" in see(app)
        await pilot.press("a")
        await settled(app, pilot)
        return shown, [one.word for one in app.screen.table._items]

    changed, everything = visit("4", then=then)[0]
    assert changed == ["regressed", "regressed", "not comparable", "inconclusive", "improved"]
    assert everything == [*changed, "unchanged"]
    assert project.comparer.drawn[0] == ("L3", "POST /v1/chat/completions")
    assert project.comparer.drawn[-1][1].startswith("GET /a/name")


def test_swap_and_pick(visit, project, see):
    async def then(pilot, app):
        await pilot.press("b", *"base", "enter")
        await settled(app, pilot)
        await pilot.press("x")
        await settled(app, pilot)

    app = visit("4", "x", then=then)[1]
    assert project.comparer.asked == [(OLD, NEW, False), (NEW, OLD, False), (BASELINE, OLD, False)]
    assert notes(app) == ["a baseline is always the base: pick a run as the base to swap sides"]


def test_what_cannot_be_compared_says_why_and_another_load_is_when_asked(visit, project, see):
    async def then(pilot, app):
        assert "✗ run x is invalid and never compared" in see(app)
        project.comparer.refusal = ""
        await pilot.press("L")
        await settled(app, pilot)
        assert "REGRESSED" in see(app)

    project.comparer.refusal = "run x is invalid and never compared"
    visit("4", then=then)
    assert [any_load for *_, any_load in project.comparer.asked] == [False, True]


def test_two_thousand_endpoints_write_no_more_rows_than_are_seen(visit, project):
    written = []

    class Counted(list):
        def __getitem__(self, at):
            if isinstance(at, slice):
                written.append(len(range(*at.indices(len(self)))))
            return super().__getitem__(at)

    async def then(pilot, app):
        await pilot.press("a")
        await settled(app, pilot)
        table = app.screen.table
        table._items = Counted(table._items)
        for key in ("end", "pageup", "up", "home", "down"):
            await pilot.press(key)
            await settled(app, pilot)
        return len(table._items)

    project.comparer.rows = [
        row("L1", f"GET /{at}", metric, "unchanged")
        for at in range(2000)
        for metric in ("p50", "p95", "p99", "rps", "error_rate")
    ]
    assert visit("4", then=then, size=(120, 40))[0] == 10_000
    assert max(written) <= 40
