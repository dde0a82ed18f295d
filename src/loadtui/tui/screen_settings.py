"""What a project says about the screens, under `[tool.loadtui]` of its pyproject.toml."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loadtui.errors import UsageError
from loadtui.tui.keys.remapping import KeyMap, key_map_from

_FILE = "pyproject.toml"
_OURS = ("keys", "theme")


@dataclass(frozen=True)
class ScreenSettings:
    keys: KeyMap = field(default_factory=KeyMap)
    theme: str | None = None
    """Name of a theme, None: as fits the terminal."""


def read_screen_settings(project: Path) -> ScreenSettings:
    """The settings of a project: those of the nearest pyproject.toml, of the project's folder or
    one above, that has any.

    Raises UsageError for a file that cannot be read, and for keys and themes that do not exist.
    """
    project = project.absolute()
    for folder in (project, *project.parents):
        path = folder / _FILE
        own = _own_table(path)
        if any(key in own for key in _OURS):
            return ScreenSettings(
                keys=key_map_from(own.get("keys", {}), f"{path}: tool.loadtui.keys"),
                theme=_theme(own.get("theme"), path),
            )
    return ScreenSettings()


def _own_table(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not valid TOML: {error}") from error
    tool = table.get("tool")
    own = tool.get("loadtui") if isinstance(tool, dict) else None
    return own if isinstance(own, dict) else {}


def _theme(name: object, path: Path) -> str | None:
    from textual.theme import BUILTIN_THEMES

    from loadtui.tui.terminal.theme import DARK, LIGHT

    if name is None:
        return None
    known = sorted({*BUILTIN_THEMES, DARK.name, LIGHT.name})
    if name not in known:
        near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
        raise UsageError(f"{path}: tool.loadtui.theme: there is no theme {name!r}, {hint}")
    return str(name)
