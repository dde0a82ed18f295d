"""The board of a run with all there can be: baseline, custom metrics, marks, log; and its keys."""

from __future__ import annotations

import re

import pytest

from loadtui.tui.app import LoadtuiApp
from loadtui.tui.modals.error_details import ErrorDetails
from loadtui.tui.watched.feed import SnapshotArrived
from loadtui.tui.widgets.chart import Chart
from loadtui.tui.widgets.endpoints import Endpoints
from loadtui.tui.widgets.error_lines import ErrorLines
from loadtui.wire.messages import ExceptionRow

LOG = tuple(f"[2026-11-23 10:15:{n:02d},000] host/INFO/loadtui: line {n}" for n in range(20))


@pytest.fixture
def told(story):
    """The arrival of a second with everything, or of a given snapshot."""

    def made(second=180, snapshot=None, **given):
        values = {"reference": story.reference(), "log": LOG, **given}
        snapshot = snapshot or story.streaming(second)
        return SnapshotArrived(snapshot, story.streaming_points(second), **values)

    return made


@pytest.fixture
def board(feed, told, see, run):
    """The screen after an arrival and some keys; `then` looks into the app."""
    new_feed = type(feed)

    def shown(size, *keys, arrival=None, then=None, **options):
        async def steps():
            feed = new_feed()
            app = LoadtuiApp(feed=feed, **options)
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                await feed.tell(arrival or told())
                for _ in range(3):
                    await pilot.pause()
                for key in keys:
                    await pilot.press(key)
                    await pilot.pause()
                    await pilot.pause()
                if then is not None:
                    await then(pilot, app)
                    await pilot.pause()
                return see(app)

        return run(steps())

    return shown


def test_percentiles_that_were_asked_for_have_columns(board, story, told):
    snapshot = story.streaming(180)
    for figures in (snapshot.totals, *(row.figures for row in snapshot.endpoints)):
        figures.percentiles = {"p75": 11.0, "p99.9": 321.0}
    lines = board((160, 40), arrival=told(snapshot=snapshot)).splitlines()
    head = next(line.split() for line in lines if " reqs " in line)
    assert head[head.index("%") + 1 :][:2] == ["p75", "p99.9"]
    assert "p95" not in head[: head.index("p99.9")]
    total = next(line.split() for line in lines if line.split()[:1] == ["total"])
    assert total[5:7] == ["11", "321"], total


def test_everything(board, size, snapshot):
    assert board(size) == snapshot


def test_everything_over(board, size, story, told, snapshot):
    over = story.streaming(300, state="finished", exit_code=3, verdict="invalid", point=None,
                           invalid_reasons=["61 of 250 measured seconds were bad: worker 1 CPU "
                                            "above 90 % (first 03:10), worker 0 waited for a CPU"],
                           ended_because="all stages done")  # fmt: skip
    words = story.reference(words={"POST /v1/chat/completions": "regressed"})
    assert board(size, arrival=told(300, over, reference=words)) == snapshot


def test_ascii(board, snapshot):
    shown = board((80, 24), marker="ascii", ascii_only=True)
    assert shown.isascii()
    assert shown == snapshot


def test_zoom_goes_through_the_panels(board, see, snapshot):
    """load, latency, a Trend, endpoints, metrics, errors, generator, log, and none again."""
    shown = []

    async def then(pilot, app):
        shown.append(see(app))
        for key in ("z",) * 9:
            await press(pilot, key)
            shown.append(see(app))
        await press(pilot, "z", "z", "escape")
        shown.append(see(app))
        await pilot.click("#latency", offset=(10, 3))
        await press(pilot)
        shown.append(see(app))
        await pilot.click("#latency", offset=(10, 3))
        await press(pilot)
        shown.append(see(app))

    board((80, 24), then=then)
    plain, *panels, after, escaped, clicked, again = shown
    assert plain == after == escaped == again
    assert "pid 4711" in panels[6]
    assert "pid 4712" in panels[6]
    assert clicked == panels[1]
    assert "\n\n".join(panels) == snapshot


async def press(pilot, *keys):
    """Press keys and let charts have the size they are drawn at."""
    for key in keys:
        await pilot.press(key)
    await pilot.pause()
    await pilot.pause()


def test_log_and_charts_share_the_room(board, size, snapshot):
    assert board(size, "l") == snapshot


def test_columns_that_had_no_room(board, see):
    sets = []

    async def then(pilot, app):
        for _ in range(4):
            sets.append(heads(see(app)))
            await press(pilot, "c")

    board((80, 24), then=then)
    assert sets[0] == sets[-1]
    assert sets[0] == ["reqs", "rps", "err %", "p50", "p95", "p99", "Δ p95"]
    everything = {"reqs", "Δ p95", "so far", "max", "mean", "fails", "size", "ttft p95", "tok/s"}
    assert everything <= {head for heads in sets for head in heads}


def heads(shown):
    line = next(line for line in shown.split("\n") if line.startswith(" endpoint"))
    return [head for head in re.split(r"\s{2,}", line.strip())[1:] if " of " not in head]


def test_windows(board, told, story, see):
    found = []

    async def then(pilot, app):
        for key in ("w", "w", "w", "w", "left_square_bracket", *("right_square_bracket",) * 3):
            await press(pilot, key)
            found.append(axis(see(app)))

    long = story.streaming(280, elapsed_s=1035.0, duration_s=None)
    board((120, 40), arrival=told(280, long), then=then)
    everything = (None, "00:00", "20:00")
    quarter = ("last 15 m", "05:00", "15:00")
    assert found == [
        quarter, ("last 5 m", "12:30", "17:30"), ("last 1 m", "16:30", "17:15"), everything,
        quarter, everything, everything, everything,
    ]  # fmt: skip


def axis(shown):
    """What the first chart says of its window, and the first and last time below it."""
    lines = shown.split("\n")
    at = next(at for at, line in enumerate(lines) if line.startswith(" requests/s"))
    said = re.findall(r"last \d+ m", lines[at])
    assert len(set(said)) <= 1
    times = next(line for line in lines[at:] if re.match(r"\s+\d\d:\d\d", line))
    first = re.findall(r"\d\d:\d\d", times[:62])
    return (said[0] if said else None), first[0], first[-1]


def test_next_chart(board, see):
    titles = []

    async def then(pilot, app):
        for _ in range(5):
            titles.append(see(app).split("\n")[4][40:].split("  ")[0])
            await press(pilot, "v")

    board((80, 24), then=then)
    assert titles == [" latency", " ttft", " tokens_per_second (tok/s)",
                      " inter_token_latency", " latency"]  # fmt: skip


def test_the_baseline_is_drawn_behind_or_not(board, see):
    async def then(pilot, app):
        assert "· baseline" in see(app)
        await press(pilot, "b")
        assert [note.message for note in app._notifications] == [
            "Baseline gateway of 3 runs is not drawn behind the charts."
        ]

    assert "· baseline" not in board((120, 40), then=then)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (None, "compared with no baseline"),
        ({"usual": {}, "unreadable": "gateway.json is damaged"}, "gateway.json is damaged"),
        ({"incomparable": {"L2": "it is another load"}}, "L2 is not compared .* another load"),
    ],
)
def test_why_there_is_no_baseline(board, story, told, changes, says):
    async def then(pilot, app):
        [note] = app._notifications
        assert re.search(says, note.message)

    reference = None if changes is None else story.reference(**changes)
    shown = board((120, 40), "b", arrival=told(reference=reference), then=then)
    assert "over fail" not in shown
    assert not re.search(r"[▲▼]\d", shown)


def test_changes_have_a_sign_and_a_mark_beyond_the_tolerance(board):
    shown = board((120, 40))
    assert re.search(r"chat/completions .* \+104 % !  over fail", shown)
    assert re.search(r"GET  /v1/models .* \+33 % !  over warn", shown)
    assert re.search(r"/query .* −8 %     within", shown)
    assert "p95 283 ms ▲2 %" in shown
    # Too few requests for that percentile.
    assert re.search(r"/launch .*  –          –", shown)


def test_filter(board, see):
    shown = []

    async def then(pilot, app):
        for words in ("post QUERY", "and nothing"):
            await press(pilot, "slash", *words, "enter")
            shown.append(see(app))
        await press(pilot, "escape")
        shown.append(see(app))

    board((120, 40), then=then)
    rows = [[line for line in one.split("\n") if line.startswith((" GET", " POST"))]
            for one in shown]  # fmt: skip
    assert [len(found) for found in rows] == [1, 0, 6]
    assert rows[0][0].startswith(" POST /query")
    assert "endpoint  / post query" in shown[0]
    assert "no endpoint holds “and nothing”" in shown[1]


def test_order_by_a_click_on_a_head_and_around(board, see):
    shown = []

    async def then(pilot, app):
        # p50 stands where its head ends.
        heads = app.screen.query_one(Endpoints)._heads
        at = next(end for end, head in heads if head == "p50")
        for _ in range(2):
            await pilot.click(Endpoints, offset=(at - 2, 0))
            await press(pilot)
            shown.append(see(app))

    def names(shown):
        return re.findall(r"^ (?:GET|POST) +(/\w+)", shown, re.M)

    board((120, 40), then=then)
    assert "p50 ▾" in shown[0]
    assert "p50 ▴" in shown[1]
    assert names(shown[1]) == names(shown[0])[::-1]
    assert len(names(shown[1])) == 6


def test_error_details(board, told, story, size, see, snapshot):
    failing = story.streaming(180)
    failing.errors[0].message = "HTTPError('503 Service Unavailable')\nbody: " + "degraded " * 40
    failing.exceptions = 2
    failing.exception_rows = [
        ExceptionRow("KeyError: 'id'", 'File "gateway.py", line 9\n  item["id"]\n', 2, 99.0, 171.0)
    ]
    shown = []

    async def then(pilot, app):
        shown.append(see(app))
        await press(pilot, "down", "down")
        assert "3×, first 02:00, last 02:30" in see(app)
        await press(pilot, "escape")
        await pilot.click(ErrorLines)
        await press(pilot)
        assert isinstance(app.screen, ErrorDetails)

    board(size, "e", arrival=told(180, failing), then=then)
    assert shown[0] == snapshot


def test_error_details_when_nothing_failed(board, told, story):
    assert "Nothing has failed." in board((80, 24), "e", arrival=told(90, story.streaming(90)))


def test_a_reason_that_is_too_long_ends_with_dots(board, told, story):
    reason = "21 of 180 seconds were bad: " + ", ".join(f"worker {n} CPU" for n in range(20))
    shown = board((80, 24), arrival=told(180, story.streaming(180, invalid_reasons=[reason])))
    [line] = [line for line in shown.split("\n") if "BECOMING INVALID" in line]
    assert line.endswith("…")


def test_the_target_is_cut_and_never_left_out(board, told, story, see):
    async def then(pilot, app):
        shown.append(see(app))
        await pilot.resize_terminal(80, 24)
        await press(pilot)
        shown.append(see(app))
        app.screen.board.show(told(180, long).moment)
        await press(pilot)
        shown.append(see(app))

    shown = []
    there = story.streaming(180, target="https://staging.example.com:8443/api")
    long = story.streaming(180, target="http://x", plan="a-plan-with-a-rather-long-name")
    board((200, 24), arrival=told(180, there), then=then)
    first = [text.split("\n")[0] for text in shown]
    assert " · https://staging.example.com:8443/api   ●" in first[0]
    assert " · stagi…/api   ●" in first[1]
    assert "…" in first[2]


def test_the_footer_of_a_run_that_is_over_has_only_what_still_works(board, told, story):
    over = story.streaming(300, state="finished", exit_code=0, verdict="pass", point=None)
    footer = board((120, 40), arrival=told(300, over)).split("\n")[-1]
    for gone in ("users", "stop", "detach", "mark", "freeze"):
        assert gone not in footer
    for left in ("zoom", "window", "filter", "errors", "help", "quit"):
        assert left in footer


def test_a_cursor_of_a_replay_stands_in_the_charts(board, story):
    arrival = SnapshotArrived(story.streaming(130), story.streaming_points(300), cursor=130.0)
    lines = board((120, 40), arrival=arrival).split("\n")
    chart = [line for line in lines[5:18] if "│" in line[8:55]]
    assert len(chart) > 8
    assert len({line.index("│", 10) for line in chart}) == 1
    # What comes after the cursor is drawn too, up to the end of the run.
    assert any("05:00" in line for line in lines)


def test_resizing_keeps_every_panel_on_the_screen(board, told, story):
    loud = story.streaming(180, invalid_reasons=["bad"])

    async def then(pilot, app):
        for width, height in ((200, 60), (100, 33), (60, 18), (160, 26), (80, 24)):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            await pilot.pause()
            for chart in app.screen.query(Chart):
                if chart.display:
                    assert chart.content_size.width > 20
            assert app.screen.query_one("GeneratorHealth").region.bottom <= height - 1

    board((120, 40), arrival=told(180, loud), then=then)
