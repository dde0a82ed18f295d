"""What a project says under `[tool.loadtui]` of its pyproject.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loadtui.errors import UsageError
from loadtui.percentile_names import parse_percentiles
from loadtui.plain_file import read_plain
from loadtui.suggestion import did_you_mean
from loadtui.toml_text import toml_table

_LARGEST = 16_000_000
PROJECT_FILE = "pyproject.toml"
SETTING_KEYS = ("runs", "baselines", "percentiles", "theme", "keys")


@dataclass(frozen=True)
class ProjectSettings:
    """The table of a project; without one every value is None."""

    file: Path | None = None
    """The pyproject.toml that has it."""
    runs: Path | None = None
    """Folder of the runs, absolute."""
    baselines: Path | None = None
    """Folder of the baselines, absolute."""
    percentiles: tuple[str, ...] = ()
    """Names of the percentiles that reports show, ascending; empty: nothing is said of them."""
    theme: object = None
    """As written: which themes there are the screens know."""
    keys: object = None
    """As written: which actions there are the screens know."""


def read_settings(project: Path) -> ProjectSettings:
    """The table of the nearest pyproject.toml that has one, of the project's folder or one above.

    Raises UsageError for a pyproject.toml on the way that cannot be read, for a key that does not
    exist, and for a value that cannot be meant.
    """
    project = project.absolute()
    for folder in (project, *project.parents):
        file = folder / PROJECT_FILE
        table = _table(file)
        if table is not None:
            return ProjectSettings(
                file,
                runs=_folder(file, table, "runs"),
                baselines=_folder(file, table, "baselines"),
                percentiles=_percentiles(file, table),
                theme=table.get("theme"),
                keys=table.get("keys"),
            )
    return ProjectSettings()


def has_settings(folder: Path) -> bool:
    """Whether the folder's own pyproject.toml has the table; UsageError as `read_settings`."""
    return _table(folder / PROJECT_FILE) is not None


def _table(file: Path) -> dict[str, Any] | None:
    try:
        document = toml_table(read_plain(file, _LARGEST, follow=True).decode())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is not valid TOML: {error}") from error
    tools = document.get("tool")
    table = tools.get("loadtui") if isinstance(tools, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise UsageError(f"{file}: tool.loadtui: found {table!r}, expected a table")
    for key in table:
        if key not in SETTING_KEYS:
            hint = did_you_mean(key, SETTING_KEYS)
            raise UsageError(f"{file}: tool.loadtui.{key}: unknown key, {hint}")
    return table


def _percentiles(file: Path, table: dict[str, Any]) -> tuple[str, ...]:
    value = table.get("percentiles")
    if value is None:
        return ()
    numbers = value if isinstance(value, list) else [value]
    try:
        return parse_percentiles(",".join(str(number) for number in numbers))
    except ValueError as error:
        raise UsageError(f"{file}: tool.loadtui.percentiles: {error}") from None


def _folder(file: Path, table: dict[str, Any], key: str) -> Path | None:
    value = table.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not value or "\0" in value:
        raise UsageError(f"{file}: tool.loadtui.{key} must be the path of a folder, not {value!r}")
    return file.parent / value
