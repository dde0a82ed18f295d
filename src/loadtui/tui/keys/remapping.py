"""The keys of all actions, as the registry has them or as a person remapped them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from textual.app import App
from textual.keys import Keys as KnownKeys

from loadtui.errors import UsageError
from loadtui.suggestion import did_you_mean
from loadtui.tui.keys.actions import (
    ACTIONS,
    Action,
    ActionScope,
    actions,
    actions_in,
)
from loadtui.tui.terminal.textual_internals import key_of_character

_MODIFIERS = {"ctrl", "shift", "alt"}
_NAMED = {key.value.rpartition("+")[2] for key in KnownKeys} - {""}
_SYMBOLS = {
    "enter": "⏎", "down": "↓", "up": "↑", "left": "←", "right": "→", "pagedown": "PgDn",
    "pageup": "PgUp", "home": "Home", "end": "End", "delete": "Del", "plus": "+", "minus": "-",
    "question_mark": "?", "slash": "/", "colon": ":", "comma": ",", "full_stop": ".",
}  # fmt: skip


class KeyMap:
    """Which keys do what.  `remapped` gives some actions, by their ids, other keys than the
    registry's, by Textual's names."""

    def __init__(self, remapped: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self._remapped = dict(remapped or {})

    def of(self, action: Action) -> tuple[str, ...]:
        return self._remapped.get(action.id, action.keys)

    def written(self, action: Action) -> str:
        """The first key, as people write it."""
        if action.id not in self._remapped:
            return action.key
        return _written(self.of(action)[0])

    def all_written(self, action: Action) -> str:
        """All keys, those with another name for the same only once."""
        others = (_written(key) for key in self.of(action)[1:])
        return " ".join(dict.fromkeys([self.written(action), *others]))

    @property
    def keymap(self) -> dict[str, str]:
        """What Textual needs to know."""
        return {id: ",".join(keys) for id, keys in self._remapped.items()}


def keys_of_app(app: App[object]) -> KeyMap:
    """The keys that hold in an app."""
    keys = getattr(app, "keys", None)
    return keys if isinstance(keys, KeyMap) else KeyMap()


def key_map_from(table: object, source: str) -> KeyMap:
    """Keys remapped by a TOML table: action's id -> a key or a list of keys.

    Raises UsageError that begins with `source`, the name of the table and its file, for an action
    that does not exist, a key that does not, and two actions of one screen with the same key.
    """
    if not isinstance(table, dict):
        raise UsageError(f'{source}: found {table!r}, expected a table such as {{stop = "x"}}')
    known = {action.id for action in ACTIONS}
    remapped: dict[str, tuple[str, ...]] = {}
    for id, written in table.items():
        if id not in known:
            hint = did_you_mean(id, known, "the help (?) lists them")
            raise UsageError(f"{source}.{id}: there is no such action, {hint}")
        listed = [written] if isinstance(written, str) else written
        if not isinstance(listed, list) or not listed:
            raise UsageError(
                f'{source}.{id}: found {written!r}, expected a key such as "x" or a list'
            )
        remapped[id] = tuple(_key(key, f"{source}.{id}") for key in listed)
    keys = KeyMap(remapped)
    _refuse_clashes(keys, source)
    return keys


def _refuse_clashes(keys: KeyMap, source: str) -> None:
    screens: tuple[ActionScope, ...] = get_args(ActionScope)
    for screen in screens:
        if screen in ("everywhere", "list"):
            continue
        taken: dict[str, str] = {}
        for action in [*actions_in(screen), *actions("everywhere")]:
            for key in keys.of(action):
                other = taken.setdefault(_normal(key), action.id)
                if other != action.id:
                    raise UsageError(
                        f"{source}: {_written(key)} would do two things in {screen}, {other} and "
                        f"{action.id}; give one of them another key"
                    )


def _key(written: object, source: str) -> str:
    if not isinstance(written, str):
        raise UsageError(f'{source}: found {written!r}, expected a key such as "x" or "ctrl+e"')
    normal = _normal(written.strip())
    *modifiers, key = normal.split("+")
    if len(written) == 1 or (set(modifiers) <= _MODIFIERS and (len(key) == 1 or key in _NAMED)):
        return normal
    if not modifiers and key in _SYMBOLS:
        return normal
    raise UsageError(f'{source}: there is no key {written!r}, expected one such as "x" or "ctrl+e"')


def _normal(key: str) -> str:
    return key_of_character(key) if len(key) == 1 else key


def _written(key: str) -> str:
    return _SYMBOLS.get(key, key)
