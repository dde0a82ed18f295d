"""Live follows less often while another window has the focus."""

from __future__ import annotations

from textual import events

from loadtui.tui.app import LoadtuiApp


def test_every_third_second_and_the_newest_once_looked_at(feed, tell, run, story):
    async def steps():
        app = LoadtuiApp(feed=feed)
        shown = []
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()

            def keep():
                shown.append(int(app.screen.board.moment.snapshot.elapsed_s))

            for second in (100, 101):
                await tell(pilot, second)
                keep()
            app.post_message(events.AppBlur())
            await pilot.pause()
            for second in range(102, 109):
                await tell(pilot, second)
                keep()
            app.post_message(events.AppFocus())
            await pilot.pause()
            keep()
            app.post_message(events.AppBlur())
            await pilot.pause()
            await tell(pilot, 300, story.finished())
            keep()
        return shown

    assert run(steps()) == [100, 101, 101, 101, 104, 104, 104, 107, 107, 108, 300]
