"""What a project says about the screens, under `[tool.loadtui]` of its pyproject.toml."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.settings import read_settings
from loadtui.suggestion import did_you_mean
from loadtui.tui.keys.remapping import KeyMap, key_map_from


@dataclass(frozen=True)
class ScreenSettings:
    keys: KeyMap = field(default_factory=KeyMap)
    theme: str | None = None
    """Name of a theme, None: as fits the terminal."""


def read_screen_settings(project: Path) -> ScreenSettings:
    """The settings of a project that are about screens.

    Raises UsageError as `read_settings`, and for keys and themes that do not exist.
    """
    settings = read_settings(project)
    if settings.file is None:
        return ScreenSettings()
    return ScreenSettings(
        keys=key_map_from(
            {} if settings.keys is None else settings.keys,
            f"{settings.file}: tool.loadtui.keys",
        ),
        theme=_theme(settings.theme, settings.file),
    )


def _theme(name: object, path: Path) -> str | None:
    from textual.theme import BUILTIN_THEMES

    from loadtui.tui.terminal.theme import DARK, LIGHT

    if name is None:
        return None
    known = sorted({*BUILTIN_THEMES, DARK.name, LIGHT.name})
    if name not in known:
        hint = did_you_mean(str(name), known)
        raise UsageError(f"{path}: tool.loadtui.theme: there is no theme {name!r}, {hint}")
    return str(name)
