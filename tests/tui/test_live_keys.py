"""What the keys of the live screen do, to the run and to the screen."""

from __future__ import annotations

import re

import pytest

from loadtui.tui.app import LoadtuiApp
from loadtui.tui.modals.choice import ChoiceDialog
from loadtui.tui.modals.text_prompt import TextPrompt
from loadtui.tui.screens.live_screen import LiveScreen
from loadtui.tui.watched.feed import FeedEnded
from loadtui.tui.watched.viewer_exit import ExitReason
from loadtui.wire.messages import Reply


@pytest.fixture
def play(feed, tell, run):
    """Open the live screen at second 180, press keys, and return the app after them."""

    def played(*keys, then=None, size=(80, 24), **options):
        async def steps():
            app = LoadtuiApp(feed=feed, **options)
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                await tell(pilot, 180)
                for key in keys:
                    await pilot.press(key)
                    await pilot.pause()
                if then is not None:
                    await then(pilot, app)
                    await pilot.pause()
            return app

        return run(steps())

    return played


def asked(feed):
    return [(c.do, c.users, c.now, c.text) for c in feed.commands]


@pytest.mark.parametrize(
    ("key", "users"), [("+", 51), ("-", 49), ("greater_than_sign", 60), ("less_than_sign", 40)]
)
def test_users_by_one_and_ten(play, feed, key, users):
    play(key)
    assert asked(feed) == [("users", users, False, "")]


def test_presses_before_the_host_answered_add_up(play, feed):
    play("+", "+", "greater_than_sign")
    assert [command.users for command in feed.commands] == [51, 52, 62]


def test_users_are_never_negative(play, feed):
    play(*["less_than_sign"] * 7)
    assert feed.commands[-1].users == 0


def test_set_users(play, feed):
    play("u", "7", "7", "enter")
    assert asked(feed) == [("users", 77, False, "")]


@pytest.mark.parametrize("keys", [("backspace",), tuple("9999999")])
def test_set_users_refuses_nothing_and_too_much(play, feed, see, keys):
    async def then(pilot, app):
        assert isinstance(app.screen, TextPrompt)
        assert "! a" in see(app)

    play("u", *keys, "enter", then=then)
    assert feed.commands == []


def test_mark(play, feed):
    play("m", *"deploy", "enter")
    assert asked(feed) == [("mark", None, False, "deploy")]


def test_keys_of_the_screen_are_letters_in_a_question(play, feed):
    async def then(pilot, app):
        assert isinstance(app.screen, TextPrompt)

    play("m", *"qsdu", then=then)
    assert feed.commands == []


@pytest.mark.parametrize(("answer", "now"), [("s", False), ("x", True)])
def test_stop(play, feed, answer, now):
    play("s", answer)
    assert asked(feed) == [("stop", None, now, "")]


@pytest.mark.parametrize("answer", ["n", "escape"])
def test_stop_thought_better_of(play, feed, answer):
    async def then(pilot, app):
        assert isinstance(app.screen, LiveScreen)

    play("s", answer, then=then)
    assert feed.commands == []


def test_answers_by_arrow_and_enter(play, feed):
    play("s", "down", "enter")
    assert asked(feed) == [("stop", None, True, "")]


def test_a_refused_command_is_told(play, feed):
    feed.answer = lambda command: Reply(command.id, error="the run is stopping already")
    app = play("+")
    assert [note.message for note in app._notifications] == ["the run is stopping already"]


def test_detach(play):
    viewer_exit = play("d").return_value
    assert viewer_exit.reason is ExitReason.DETACHED
    assert viewer_exit.snapshot.elapsed_s == 180


def test_quit_asks_and_detaches(play, feed):
    app = play("q", "d")
    assert app.return_value.reason is ExitReason.DETACHED
    assert feed.commands == []


def test_quit_and_stop_waits_for_the_end(play, feed, tell, story):
    async def then(pilot, app):
        assert app.return_value is None
        await tell(pilot, 300, story.finished("fail", 1))

    viewer_exit = play("q", "s", then=then).return_value
    assert asked(feed) == [("stop", None, False, "")]
    assert viewer_exit.reason is ExitReason.STOPPED
    assert viewer_exit.exit_code == 1


def test_interrupt_asks_then_stops_then_stops_at_once(play, feed):
    async def then(pilot, app):
        assert isinstance(app.screen, ChoiceDialog)
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert asked(feed) == [("stop", None, False, "")]
        await pilot.press("ctrl+c")
        await pilot.pause()

    play("ctrl+c", then=then)
    assert asked(feed) == [("stop", None, False, ""), ("stop", None, True, "")]


def test_interrupt_holds_while_a_text_is_typed(play):
    async def then(pilot, app):
        assert isinstance(app.screen, ChoiceDialog)

    play("m", *"abc", "ctrl+c", then=then)


def test_a_finished_run_stays_until_q(play, tell, story):
    async def then(pilot, app):
        await tell(pilot, 300, story.finished())
        assert app.return_value is None
        await pilot.press("q")

    viewer_exit = play(then=then).return_value
    assert viewer_exit.reason is ExitReason.ENDED
    assert viewer_exit.exit_code == 0


def test_leave_when_done(play, tell, story):
    async def then(pilot, app):
        await tell(pilot, 300, story.finished("invalid", 3))

    viewer_exit = play(then=then, leave_after_s=0).return_value
    assert (viewer_exit.reason, viewer_exit.exit_code) == (ExitReason.ENDED, 3)


def test_a_lost_host(play, feed):
    async def then(pilot, app):
        await feed.tell(FeedEnded())
        await pilot.pause()
        await pilot.press("+", "q")

    viewer_exit = play(then=then).return_value
    assert viewer_exit.reason is ExitReason.LOST
    assert viewer_exit.exit_code is None
    assert feed.commands == []


def test_freeze_holds_the_display_and_not_the_clock(play, tell, see):
    shown = []

    async def then(pilot, app):
        shown.append(see(app))
        await tell(pilot, 190)
        shown.append(see(app))
        await pilot.press("space")
        await pilot.pause()
        shown.append(see(app))

    play("space", then=then, size=(120, 40))
    frozen, later, thawed = (text.split("\n") for text in shown)
    assert "FROZEN at 03:00" in frozen[0]
    assert "FROZEN at 03:00" in later[0]
    assert "03:10 / 05:00" in later[0]
    assert frozen[1:] == later[1:]
    assert "FROZEN" not in thawed[0]
    assert thawed[1:] != later[1:]


def test_order_and_scroll(play, see):
    shown = []

    async def then(pilot, app):
        for key in ("o", "o", "down", "down", "up", "pageup", "pagedown"):
            await pilot.press(key)
            await pilot.pause()
            shown.append(see(app))

    play(then=then, size=(80, 18))
    assert "reqs ▾" in shown[0]
    assert "rps ▾" in shown[1]
    where = [re.search(r"\d-\d of 6", text)[0] for text in shown[1:]]
    assert where == ["1-3 of 6", "2-4 of 6", "3-5 of 6", "2-4 of 6", "1-3 of 6", "3-5 of 6"]


def test_resizing_while_it_runs(play, see):
    async def then(pilot, app):
        for size in ((120, 40), (59, 17), (200, 60), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            lines = see(app).split("\n")
            assert len(lines) == size[1]
        assert "gateway" in lines[0]
        assert "┊L2" in "\n".join(lines)

    play(then=then)
