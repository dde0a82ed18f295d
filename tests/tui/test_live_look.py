"""The live screen as text, at each size."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from loadtui.tui.app import LoadtuiApp
from loadtui.tui.watched.feed import FeedEnded


@pytest.fixture
def look(feed, tell, see, run):
    """The screen after a snapshot, and after some keys."""

    def looked(size, second, snapshot=None, keys=(), **options):
        async def show():
            app = LoadtuiApp(feed=feed, **options)
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                await tell(pilot, second, snapshot)
                await pilot.press(*keys)
                await pilot.pause()
                return see(app)

        return run(show())

    return looked


def test_waiting(look, feed, see, run, snapshot):
    async def show():
        app = LoadtuiApp(feed=feed)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            return see(app)

    assert run(show()) == snapshot


def test_running(look, size, snapshot):
    assert look(size, 180) == snapshot


def test_becoming_invalid(look, size, story, snapshot):
    assert look(size, 180, story.becoming_invalid(180)) == snapshot


@pytest.mark.parametrize("verdict", ["pass", "fail", "invalid", ""])
def test_finished(look, story, verdict, snapshot):
    assert look((120, 40), 300, story.finished(verdict)) == snapshot


def test_finished_small_and_large(look, size, story, snapshot):
    assert look(size, 300, story.finished("fail", 1)) == snapshot


@pytest.mark.parametrize(
    ("width", "told"),
    [
        (200, "finished (all stages done) · ✓ PASS · no baseline 'api' in p: not compared · "),
        (70, "finished (all stages done) · ✓ PASS · not compared · q leaves"),
        (60, "finished · ✓ PASS · not compared · q leaves"),
    ],
)
def test_finished_and_not_compared(look, story, width, told):
    snapshot = story.finished()
    snapshot.not_compared = "no baseline 'api' in p: not compared"
    assert told in look((width, 24), 300, snapshot)


def test_without_an_end(look, story, snapshot):
    endless = story.snapshot(45, duration_s=None, stages=[], stage=-1)
    assert look((80, 24), 45, endless) == snapshot


def test_ascii(look, snapshot):
    shown = look((80, 24), 180, marker="ascii", ascii_only=True)
    assert shown.isascii()
    assert shown == snapshot


@pytest.mark.parametrize("marker", ["hd", "dot"])
def test_markers(look, marker, snapshot):
    assert look((80, 24), 180, marker=marker) == snapshot


@pytest.mark.parametrize("key", ["s", "q", "u", "m", "slash", "y", "question_mark"])
def test_modals(look, size, key, snapshot):
    assert look(size, 180, keys=(key,)) == snapshot


def test_every_row_has_the_screens_width(look, size):
    for line in look(size, 180).split("\n"):
        assert cell_len(line) <= size[0]


def test_columns_stay_aligned_beside_wide_characters(look):
    lines = look((120, 40), 180).split("\n")
    rows = [line for line in lines if line.startswith((" POST ", " GET ", " total"))]
    assert len(rows) == 7
    assert len({cell_len(line) for line in rows}) == 1


@pytest.mark.parametrize("size", [(59, 24), (80, 17), (20, 5)])
def test_too_small_says_so_in_one_line(look, size):
    shown = look(size, 180).strip()
    assert shown.startswith("terminal too small")
    assert "\n" not in shown


def test_the_host_goes_away(feed, tell, see, run):
    async def show():
        app = LoadtuiApp(feed=feed)
        async with app.run_test(size=(80, 24)) as pilot:
            await tell(pilot, 100)
            await feed.tell(FeedEnded())
            await pilot.pause()
            return see(app)

    assert "! the connection to the run was lost" in run(show())


def test_names_cannot_drive_the_terminal(look, story):
    evil = story.snapshot(180)
    evil.endpoints[0].name = "/\x1b[2J\x1b]0;pwned\x07\nnext"
    evil.errors[0].message = "\x1b[31mred\x9b"
    shown = look((120, 40), 180, evil)
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160
                   for line in shown.split("\n") for character in line)  # fmt: skip


@pytest.mark.parametrize("theme", ["loadtui-light", "nord", "ansi-dark", "textual-light"])
def test_other_themes_show_the_same_text(feed, tell, see, run, look, theme):
    async def show():
        app = LoadtuiApp(feed=feed)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            await tell(pilot, 180)
            before = see(app)
            app.theme = theme
            await pilot.pause()
            return before, see(app)

    before, after = run(show())
    assert before == after


def test_without_colour(look, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    shown = look((80, 24), 180)
    assert "● RUNNING" in shown
    assert "✗ FAIL p95 < 300ms" in shown
