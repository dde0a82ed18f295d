"""Going through the time of a run that is over."""

from __future__ import annotations

from tests.support.workbench_fakes import notes, settled


def test_the_cursor_in_time(visit, project):
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


def test_a_run_that_cannot_be_replayed_says_why(visit, project):
    project.replays.refusal = "run x has no samples.parquet"
    app = visit("2", "down", "enter")[1]
    assert notes(app) == ["run x has no samples.parquet"]
