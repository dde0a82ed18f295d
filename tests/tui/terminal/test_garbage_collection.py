"""What is gone is given back, and not looked for between a key and its picture."""

from __future__ import annotations

import gc

import pytest
from textual._styles_cache import StylesCache

from loadtui.tui.app import LoadtuiApp
from loadtui.tui.terminal.garbage_collection import collection_deferred, exclude_startup_objects


@pytest.fixture(autouse=True)
def _as_before():
    yield
    gc.unfreeze()
    gc.enable()


def test_garbage_is_looked_for_again_after_the_start():
    with collection_deferred():
        assert not gc.isenabled()
        exclude_startup_objects()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 1_000
    with pytest.raises(KeyError), collection_deferred():
        raise KeyError
    assert gc.isenabled()


@pytest.mark.thorough
def test_dialogs_leave_nothing_behind(feed, tell, run):
    def drawn():
        gc.collect()
        return sum(isinstance(thing, StylesCache) for thing in gc.get_objects())

    async def steps():
        app = LoadtuiApp(feed=feed)
        async with app.run_test(size=(120, 40)) as pilot:
            await tell(pilot, 10)
            found = []
            for _ in range(3):
                for key in ("question_mark", "escape", "u", "escape"):
                    await pilot.press(key)
                    await pilot.pause()
                found.append(drawn())
            return found

    first, _, last = run(steps())
    assert last == first
