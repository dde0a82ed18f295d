"""The registry of actions, walked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.keys import _character_to_key

from loadtui.errors import UsageError
from loadtui.tui.app import LoadtuiApp
from loadtui.tui.keys.actions import ACTIONS, INCLUDED_SCOPES, actions, actions_in, bindings
from loadtui.tui.keys.command_palette import ActionCommands
from loadtui.tui.keys.remapping import KeyMap, key_map_from
from loadtui.tui.modals.help import HelpDialog
from loadtui.tui.screens.compare_screen import CompareScreen
from loadtui.tui.screens.history_screen import HistoryScreen
from loadtui.tui.screens.live_screen import LiveScreen
from loadtui.tui.screens.plans_screen import PlansScreen
from loadtui.tui.screens.replay_screen import ReplayScreen
from loadtui.tui.screens.runs_screen import RunsScreen
from loadtui.tui.widgets.footer import Footer

SCREENS = {
    "plans": PlansScreen, "runs": RunsScreen, "live": LiveScreen, "compare": CompareScreen,
    "history": HistoryScreen,
    "replay": ReplayScreen,
}  # fmt: skip
WHERE = "pyproject.toml: tool.loadtui.keys"


def done_by(action):
    """The classes that do an action."""
    if action.scope == "everywhere":
        return [LoadtuiApp]
    return [SCREENS[at] for at in SCREENS if action in actions_in(at)]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: f"{action.scope} {action.id}")
def test_every_action_is_done_by_somebody_and_has_a_key(action):
    assert done_by(action)
    for owner in done_by(action):
        assert callable(getattr(owner, f"action_{action.id}"))
        bound = [b for b in owner.BINDINGS if isinstance(b, Binding)]
        assert any(b.id == action.id and b.key == ",".join(action.keys) for b in bound)


@pytest.mark.parametrize("scope", SCREENS)
def test_ids_and_keys_are_unique_on_a_screen(scope):
    here = [*actions_in(scope), *actions("everywhere")]
    ids = [action.id for action in here]
    keys = [_character_to_key(key) if len(key) == 1 else key
            for action in here for key in dict.fromkeys(map(_normal, action.keys))]  # fmt: skip
    assert len(ids) == len(set(ids))
    assert len(keys) == len(set(keys))


def _normal(key):
    return _character_to_key(key) if len(key) == 1 else key


def test_keys_that_terminals_and_multiplexers_need_are_left_alone():
    for action in ACTIONS:
        assert not {"ctrl+a", "ctrl+b", "ctrl+s"} & set(action.keys)


def test_an_action_of_several_scopes_has_the_same_keys_in_all():
    keys = {}
    for action in ACTIONS:
        assert keys.setdefault(action.id, action.keys) == action.keys


@pytest.mark.parametrize("scope", SCREENS)
def test_the_palette_the_help_and_the_footer_offer_what_a_screen_does(scope, feed, run):
    """One app, its screen said to be another scope: all three read the registry."""
    here = [*actions_in(scope), *actions("everywhere")]

    async def steps():
        app = LoadtuiApp(feed=feed)
        done = []

        async def remember(method):
            done.append(method)

        async with app.run_test(size=(400, 60)) as pilot:
            await pilot.pause()
            app.screen.SCOPE = scope
            hits = [hit async for hit in ActionCommands(app.screen).discover()]
            footer = Footer(scope)
            await app.screen.mount(footer)
            await pilot.pause()
            footer.redraw()
            app.run_action = remember
            for end, _ in footer._ends:
                await footer.on_click(_Click(end - 1))
            return [hit.help for hit in hits], done

    palette, clicked = run(steps())
    assert palette == [action.help for action in here]
    assert sorted(clicked) == sorted(action.method for action in here if action.shown)
    assert {action for at in HelpDialog(scope)._scopes for action in actions(at)} == set(here)


class _Click:
    def __init__(self, x):
        self.x = x

    def stop(self):
        pass


def test_an_action_runs_from_the_palette(feed, tell, run):
    async def steps():
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

    assert [command.users for command in run(steps())] == [51]


# Keys of one's own.


def test_remapped_keys_hold_and_are_shown(feed, tell, see, run):
    from loadtui.tui.screen_settings import ScreenSettings

    keys = key_map_from({"stop": "u", "set_users": ["ctrl+e", "U"], "help": "H"}, WHERE)

    async def steps():
        app = LoadtuiApp(feed=feed, settings=ScreenSettings(keys=keys))
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            await tell(pilot, 180)
            footer = see(app).split("\n")[-1]
            await pilot.press("s", "question_mark")
            await pilot.pause()
            before = len(app.screen_stack)
            await pilot.press("u", "s")
            await pilot.pause()
            await pilot.press("H")
            await pilot.pause()
            return footer, before, see(app)

    footer, before, shown = run(steps())
    assert " ctrl+e users u stop " in footer
    assert before == 1
    assert "ctrl+e U  Set the number of users." in shown
    assert [command.do for command in feed.commands] == ["stop"]


@pytest.mark.parametrize(("table", "sentence"), [
    ({"stopp": "x"}, f"{WHERE}.stopp: there is no such action, did you mean stop?"),
    ({"zzz": "x"}, f"{WHERE}.zzz: there is no such action, the help (?) lists them"),
    ({"stop": "foo"}, f"{WHERE}.stop: there is no key 'foo', expected one such as \"x\" or "
                      '"ctrl+e"'),
    ({"stop": 3}, f'{WHERE}.stop: found 3, expected a key such as "x" or a list'),
    ({"stop": []}, f'{WHERE}.stop: found [], expected a key such as "x" or a list'),
    ({"stop": [""]}, f"{WHERE}.stop: there is no key '', expected one such as \"x\" or "
                     '"ctrl+e"'),
    ({"stop": "u"}, f"{WHERE}: u would do two things in live, set_users and stop; give one of "
                    "them another key"),
    ("x", f"{WHERE}: found 'x', expected a table such as {{stop = \"x\"}}"),
])  # fmt: skip
def test_keys_that_cannot_be_are_refused_in_a_sentence(table, sentence):
    with pytest.raises(UsageError) as error:
        key_map_from(table, WHERE)
    assert str(error.value) == sentence


def test_two_actions_can_swap_their_keys():
    keys = key_map_from({"stop": "u", "set_users": "s"}, WHERE)
    assert keys.keymap == {"stop": "u", "set_users": "s"}


def test_keys_are_written_as_people_write_them():
    by_id = {action.id: action for action in ACTIONS}
    assert KeyMap().all_written(by_id["start"]) == "⏎"
    assert KeyMap().all_written(by_id["help"]) == "? f1"
    assert KeyMap({"help": ("slash", "f2")}).all_written(by_id["help"]) == "/ f2"


def test_bindings_carry_the_ids_of_all_actions_of_a_place():
    for scope in SCREENS:
        assert [b.id for b in bindings(scope)] == [a.id for a in actions_in(scope)]
        assert set(INCLUDED_SCOPES) == set(SCREENS)


def test_the_documentation_names_every_action():
    text = (Path(__file__).parents[3] / "docs" / "workbench.md").read_text(encoding="utf-8")
    table = text[text.index("| where | actions |") : text.index("A name that stands")]
    assert set(re.findall(r"`([a-z_]+)`", table)) == {action.id for action in ACTIONS}
