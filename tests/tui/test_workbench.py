"""What the screens beside the live one show and do, from a made-up project."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from rich.cells import cell_len

from loadtui.tui.app import LoadtuiApp
from loadtui.tui.desks.changes import Changes, StageText
from loadtui.tui.desks.runs import Promoting
from loadtui.tui.modals.start import StartForm
from loadtui.tui.moment import Moment
from loadtui.tui.screens.compare import Compare
from loadtui.tui.screens.live import Live
from loadtui.tui.screens.plans import Plans
from loadtui.tui.screens.replay import Replay
from loadtui.tui.screens.runs import Runs
from workbench_fakes import BASELINE, NEW, OLD, RUNS, fake_desk, row, run_entry

SIZES = ((80, 24), (120, 40), (200, 60))


@pytest.fixture
def desk(story):
    def moment(second):
        snapshot = story.finished("fail", 1) if second >= 300 else story.snapshot(max(1, second))
        return Moment(snapshot, story.points(300), cursor=float(second))

    return fake_desk(moment)


@pytest.fixture
def visit(desk, feed, run):
    """Open the workbench, press keys, and see what comes of it."""

    def visited(*keys, then=None, size=(80, 24), **options):
        async def scene():
            app = LoadtuiApp(desk=desk, connect=lambda folder: feed, **options)
            async with app.run_test(size=size) as pilot:
                await settled(app, pilot)
                for key in keys:
                    await pilot.press(key)
                    await settled(app, pilot)
                return (await then(pilot, app) if then else None), app

        return run(scene())

    return visited


async def settled(app, pilot):
    """Wait for what is done in threads, and for what they then ask for."""
    await pilot.pause()
    while any(w._thread_worker and not w.is_finished for w in app.workers):
        await asyncio.sleep(0.002)
        await pilot.pause()


def notes(app):
    return [note.message for note in app._notifications]


# One app a screen: keys that lead to a look, and those that lead back.
LOOKS = {
    "plans": {
        "as it opens": ((), ()),
        "help": (("question_mark",), ("escape",)),
        "checked": (("c",), ()),
        "start with changes": (("s",), ("escape",)),
        "start a locustfile with changes": (("end", "s"), ("escape",)),
        "broken": (("up",), ("home",)),
    },
    "runs": {
        "as it opens": (("2",), ()),
        "selected": (
            ("down", "space", "down", "down", "space"),
            ("space", "home", "down", "space"),
        ),
        "promote": (("p",), ("escape",)),
        "export": (("e",), ("escape",)),
        "delete": (("X",), ("escape",)),
        "filter": (("slash",), ("escape",)),
        "copy": (("y",), ("escape", "home")),
    },
    "compare": {
        "as it opens": (("4",), ()),
        "everything": (("a",), ("a",)),
        "charts": (("v", "z"), ("z", "z", "v", "v")),
        "pick": (("b",), ("escape",)),
        "facts": (("i",), ("escape",)),
        "help": (("question_mark",), ("escape",)),
    },
    "replay": {
        "at the end": (("2", "down", "enter"), ()),
        "earlier": (("comma", "left"), ("backspace", "home")),
    },
}


@pytest.mark.parametrize("screen", LOOKS)
def test_looks(visit, see, screen, snapshot):
    async def then(pilot, app):
        seen = {}
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await settled(app, pilot)
            for look, (to, back) in LOOKS[screen].items():
                for key in to:
                    await pilot.press(key)
                    await settled(app, pilot)
                seen[look, size] = see(app)
                for key in back:
                    await pilot.press(key)
                    await settled(app, pilot)
        return seen

    for (look, size), text in visit(then=then)[0].items():
        assert max(map(cell_len, text.split("\n"))) <= size[0], look
        assert text == snapshot(name=f"{look} {size[0]}x{size[1]}")


def test_look_of_an_empty_project(visit, desk, see, snapshot):
    async def then(pilot, app):
        seen = []
        for key in ("1", "2", "4"):
            await pilot.press(key)
            await settled(app, pilot)
            seen.append(see(app))
        return "\n".join(seen)

    desk.plans.entries, desk.runs.entries, desk.comparing.nothing = [], [], True
    assert visit(then=then)[0] == snapshot


def test_ascii_only(visit, see):
    async def then(pilot, app):
        seen = [see(app)]
        for key in ("s", "escape", "2", "4", "b", "escape"):
            await pilot.press(key)
            await settled(app, pilot)
            seen.append(see(app))
        return "\n".join(seen)

    assert visit(then=then, marker="ascii", ascii_only=True)[0].isascii()


def test_keys_1_to_4_go_anywhere_from_anywhere(visit):
    async def then(pilot, app):
        for key, screen in (("2", Runs), ("4", Compare), ("1", Plans), ("4", Compare), ("2", Runs)):
            await pilot.press(key)
            await settled(app, pilot)
            assert isinstance(app.screen, screen)

    visit(then=then)


def test_the_footer_goes_where_it_says(visit):
    async def then(pilot, app):
        await pilot.click("Footer", offset=(12, 0))
        await settled(app, pilot)
        assert isinstance(app.screen, Runs)
        await pilot.click("Footer", offset=(2, 0))
        await settled(app, pilot)
        assert isinstance(app.screen, Plans)

    visit(then=then)


def test_3_finds_the_run_that_goes_on_and_comes_back_to_it(visit, tell):
    async def then(pilot, app):
        assert isinstance(app.screen, Live)
        await tell(pilot, 10)
        live = app.screen
        await pilot.press("1")
        await settled(app, pilot)
        assert isinstance(app.screen, Plans)
        await tell(pilot, 11)
        await pilot.press("3")
        await settled(app, pilot)
        assert app.screen is live
        assert live.board.moment.snapshot.elapsed_s == 11

    visit("3", then=then)


def test_3_says_when_no_run_goes_on(visit, desk):
    desk.runs.entries = list(RUNS[1:])
    assert notes(visit("3")[1]) == ["no run goes on: start a plan (1), or open a kept run (2)"]


# Plans.


def test_enter_starts_a_plan_and_detaching_comes_back(visit, desk, tell):
    async def then(pilot, app):
        assert isinstance(app.screen, Live)
        await tell(pilot, 10)
        await pilot.press("d")
        await settled(app, pilot)
        assert isinstance(app.screen, Runs)
        assert app.return_value is None

    visit("enter", then=then)
    assert desk.plans.started == [(Path("scenarios/gateway.toml"), None)]


def test_a_double_click_starts_a_plan(visit, desk):
    async def then(pilot, app):
        await pilot.click("Table", offset=(5, 4), times=2)
        await settled(app, pilot)

    visit(then=then)
    assert desk.plans.started == [(Path("locustfile.py"), None)]


def test_a_plan_that_does_not_start_says_why_and_can_be_tried_again(visit, desk):
    desk.plans.refusal = "gateway.toml: no host is given"
    app = visit("enter", "enter", "down", "down", "enter", "s")[1]
    assert notes(app) == [
        *["gateway.toml: no host is given"] * 2,
        *["broken.toml: stage[0]: no users"] * 2,
    ]
    assert desk.plans.started == []


def test_check_tells_in_a_sentence(visit, desk, see):
    async def then(pilot, app):
        assert "✓ gateway.toml is ready to run" in see(app)
        desk.plans.refusal = "gateway.py:3: no module named nope"
        await pilot.press("c")
        await settled(app, pilot)
        assert "✗ gateway.py:3: no module named nope" in see(app)

    visit("c", then=then)


def test_start_with_changes(visit, desk, see):
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
    ((plan, changes),) = desk.plans.started
    assert plan == Path("scenarios/gateway.toml")
    assert changes == Changes(
        host="http://10.0.0.1",
        stages=(
            StageText("L1", "10", "1", "5m"),
            StageText("L2", "25", "5", "5m"),
            StageText("L3", "A=60, B=40", "10", "5m"),
        ),
        time_scale="0.1",
        baseline="",
    )


# Runs.


def test_enter_replays_a_run_and_joins_one_that_goes_on(visit):
    async def then(pilot, app):
        assert isinstance(app.screen, Replay)
        await pilot.press("backspace")
        await settled(app, pilot)
        await pilot.press("up", "enter")
        await settled(app, pilot)
        assert isinstance(app.screen, Live)

    visit("2", "down", "enter", then=then)


def test_filter_and_order(visit, see):
    async def then(pilot, app):
        await pilot.click("Table", offset=(25, 0))
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


def test_one_run_is_compared_with_the_baseline_of_its_plan(visit, desk):
    async def then(pilot, app):
        await pilot.press("2", "down")
        await pilot.press("c")
        await settled(app, pilot)

    app = visit("2", "down", "c", then=then)[1]
    assert desk.comparing.asked == [(BASELINE, NEW, False)]
    assert notes(app) == ["plan 한국어 검색 has no baseline: promote a run of it"]


def test_the_cursor_stays_on_its_run_when_others_come(visit, desk):
    async def then(pilot, app):
        desk.runs.entries = [run_entry(10), *RUNS]
        await pilot.press("r")
        await settled(app, pilot)
        return app.screen.table.current

    assert visit("2", "down", "down", then=then)[0] == RUNS[2]


def test_two_selected_runs_are_compared_the_older_one_as_the_base(visit, desk):
    async def then(pilot, app):
        assert isinstance(app.screen, Compare)

    visit("2", "down", "space", "down", "down", "space", "c", then=then)
    assert desk.comparing.asked[-1] == (OLD, NEW, False)


def test_promote_tells_why_it_is_refused_and_what_came_of_it(visit, desk, see):
    async def then(pilot, app):
        await pilot.press("enter")
        await settled(app, pilot)
        shown = " ".join(see(app).split())
        assert "! run x is not promoted: it did not keep p95" in shown
        assert "tick the second box" in shown
        desk.runs.refusal = ""
        app.screen.query_one("#name").value = "night"
        app.screen.query_one("#replace").value = True
        await pilot.press("enter")
        await settled(app, pilot)
        assert isinstance(app.screen, Runs)

    desk.runs.refusal = (
        "run x is not promoted: it did not keep p95 < 2s; --force promotes it all the same"
    )
    app = visit("2", "down", "p", then=then)[1]
    assert desk.runs.promoted == [(RUNS[1].folder, Promoting("night", True, False))]
    assert notes(app) == ["baselines/gateway.json holds 4 runs"]


def test_a_run_that_goes_on_is_left_alone_and_a_broken_one_says_why(visit, desk):
    told = notes(visit("2", "p", "e", "X", "end", "enter")[1])
    assert ["still goes on" in one for one in told] == [True, True, True, False]
    assert told[3] == "manifest.json is not JSON; remove the run"
    assert [desk.runs.promoted, desk.runs.exported, desk.runs.removed] == [[], [], []]


def test_export_by_the_end_of_the_name(visit, desk, see):
    async def then(pilot, app):
        app.screen.query_one("Input").value = "out.pdf"
        await pilot.press("enter")
        await settled(app, pilot)
        assert "! give it one of the endings .html, .md, .json" in see(app)
        app.screen.query_one("Input").value = "out.md"
        await pilot.press("enter")
        await settled(app, pilot)

    assert notes(visit("2", "down", "e", then=then)[1]) == ["written: out.md"]
    assert desk.runs.exported == [(RUNS[1].folder, Path("out.md"))]


def test_delete_asks_first(visit, desk):
    visit("2", "down", "X", "escape", "X", "n", "X", "y")
    assert desk.runs.removed == [RUNS[1].folder]


# Compare.


def test_changed_rows_come_first_and_the_charts_follow_the_cursor(visit, desk, see):
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
    assert desk.comparing.drawn[0] == ("L3", "POST /v1/chat/completions")
    assert desk.comparing.drawn[-1][1].startswith("GET /a/name")


def test_swap_and_pick(visit, desk, see):
    async def then(pilot, app):
        await pilot.press("b", *"base", "enter")
        await settled(app, pilot)
        await pilot.press("x")
        await settled(app, pilot)

    app = visit("4", "x", then=then)[1]
    assert desk.comparing.asked == [(OLD, NEW, False), (NEW, OLD, False), (BASELINE, OLD, False)]
    assert notes(app) == ["a baseline is always the base: pick a run as the base to swap sides"]


def test_what_cannot_be_compared_says_why_and_another_load_is_when_asked(visit, desk, see):
    async def then(pilot, app):
        assert "✗ run x is invalid and never compared" in see(app)
        desk.comparing.refusal = ""
        await pilot.press("L")
        await settled(app, pilot)
        assert "REGRESSED" in see(app)

    desk.comparing.refusal = "run x is invalid and never compared"
    visit("4", then=then)
    assert [any_load for *_, any_load in desk.comparing.asked] == [False, True]


def test_two_thousand_endpoints_write_no_more_rows_than_are_seen(visit, desk):
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

    desk.comparing.rows = [
        row("L1", f"GET /{at}", metric, "unchanged")
        for at in range(2000)
        for metric in ("p50", "p95", "p99", "rps", "error_rate")
    ]
    assert visit("4", then=then, size=(120, 40))[0] == 10_000
    assert max(written) <= 40


# Replay.


def test_the_cursor_in_time(visit, desk):
    async def then(pilot, app):
        seen = [app.screen.board.moment.cursor]
        for key in ("left", "comma", "comma", "full_stop", "right", "home", "left", "end"):
            await pilot.press(key)
            await settled(app, pilot)
            seen.append(app.screen.board.moment.cursor)
        await pilot.click("TimeBar", offset=(54, 0))
        await settled(app, pilot)
        assert 140 <= app.screen.board.moment.cursor <= 160
        return seen

    seen = visit("2", "down", "enter", then=then)[0]
    assert seen == [300, 295, 200, 100, 200, 205, 0, 0, 300]


def test_play_moves_on_until_it_is_stopped_or_over(visit, see):
    async def then(pilot, app):
        replay = app.screen
        await pilot.press("home", "space")
        await settled(app, pilot)
        assert "playing 5×" in see(app)
        for _ in range(2):
            replay._play_on()
            await settled(app, pilot)
        at = replay.board.moment.cursor
        await pilot.press("+", "space")
        await settled(app, pilot)
        assert "playing" not in see(app)
        return at, replay._playing

    assert visit("2", "down", "enter", then=then)[0] == (10.0, None)


def test_a_run_that_cannot_be_replayed_says_why(visit, desk):
    desk.replays.refusal = "run x has no samples.parquet"
    app = visit("2", "down", "enter")[1]
    assert notes(app) == ["run x has no samples.parquet"]


# Everywhere.


def test_copies_go_to_the_clipboard_and_pictures_where_it_says(visit, desk):
    async def then(pilot, app):
        return app.clipboard

    copied, app = visit("2", "down", "y", "2", "P", then=then)
    assert copied == str(RUNS[1].folder)
    ((name, svg),) = desk.pictures.kept
    assert name == "runs"
    assert svg.startswith("<svg")
    assert notes(app) == [
        f"copied the path: {RUNS[1].folder}", "picture: .loadtui/pictures/runs.svg",
    ]  # fmt: skip


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
