"""The registry of actions, walked."""

from __future__ import annotations

import pytest
from textual.binding import Binding

from loadtui.tui.actions import ACTIONS, actions, bindings
from loadtui.tui.app import LoadtuiApp
from loadtui.tui.palette import ActionCommands
from loadtui.tui.screens.home import Home
from loadtui.tui.screens.live import Live

PLACES = {"live": Live, "home": Home, "everywhere": LoadtuiApp}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_has_a_method_and_a_key(action):
    assert callable(getattr(PLACES[action.where], f"action_{action.id}"))
    assert action.keys
    bound = [b for b in PLACES[action.where].BINDINGS if isinstance(b, Binding)]
    assert any(b.id == action.id and b.key == ",".join(action.keys) for b in bound)


def test_ids_and_keys_are_unique_where_they_meet():
    ids = [action.id for action in ACTIONS]
    assert len(ids) == len(set(ids))
    for place in ("live", "home"):
        keys = [key for action in actions(place, "everywhere") for key in action.keys]
        assert len(keys) == len(set(keys))


def test_keys_that_terminals_need_are_left_alone():
    for action in ACTIONS:
        assert not {"ctrl+a", "ctrl+b", "ctrl+s"} & set(action.keys)


def test_bindings_can_be_remapped_by_the_actions_id():
    assert {b.id for b in bindings("live")} == {a.id for a in actions("live")}


def test_the_palette_offers_every_action_of_the_place(feed, run):
    async def scene():
        app = LoadtuiApp(feed=feed)
        async with app.run_test() as pilot:
            await pilot.pause()
            provider = ActionCommands(app.screen)
            hits = [hit async for hit in provider.discover()]
            found = [hit async for hit in provider.search("users")]
            return hits, found

    hits, found = run(scene())
    assert [hit.help for hit in hits] == [a.help for a in actions("live", "everywhere")]
    assert found


def test_help_lists_every_action_of_the_place(feed, see, run):
    async def scene():
        app = LoadtuiApp(feed=feed)
        async with app.run_test(size=(100, 50)) as pilot:
            await pilot.pause()
            await pilot.press("question_mark")
            await pilot.pause()
            return see(app)

    shown = run(scene())
    for action in actions("live", "everywhere"):
        assert action.help in shown


def test_an_action_runs_from_the_palette(feed, tell, run):
    async def scene():
        app = LoadtuiApp(feed=feed)
        async with app.run_test(size=(100, 40)) as pilot:
            await pilot.pause()
            await tell(pilot, 180)
            await pilot.press("ctrl+p")
            await pilot.pause()
            await pilot.press(*"one user more")
            await pilot.pause(0.5)
            await pilot.press("enter", "enter")
            await pilot.pause()
        return feed.commands

    assert [command.users for command in run(scene())] == [51]
