"""Which locustfiles are meant: by -f, by Locust's configuration, or by a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.plan.locust_config import configured_value
from loadtui.plan.near_files import near_files

DEFAULT_LOCUSTFILE = "locustfile.py"
"""What Locust runs when nothing is said."""
LOCUSTFILE_VARIABLE = "LOCUST_LOCUSTFILE"
_SUFFIX = ".py"
_URL = re.compile(r"https?://", re.IGNORECASE)


def listed_paths(words: Iterable[str]) -> list[str]:
    """The paths in values of -f, of which each may list several between commas."""
    return [path for word in words for part in word.split(",") if (path := part.strip())]


def default_locustfiles(config: str | None = None) -> list[str]:
    """What `locust` would run in the current folder when no -f is given, with `--config` or
    without; UsageError when that is not there."""
    named = configured_locustfiles(config)
    if not named and not Path(DEFAULT_LOCUSTFILE).exists():
        raise UsageError(
            "nothing to run: give a plan (.toml) or a locustfile (.py); "
            f"there is no {DEFAULT_LOCUSTFILE} in this folder"
        )
    return named or [DEFAULT_LOCUSTFILE]


def configured_locustfiles(config: str | None = None) -> list[str]:
    """What environment and config files name, none where they say nothing; UsageError when it is
    not there."""
    configured = configured_value("locustfile", LOCUSTFILE_VARIABLE, config)
    if configured is None:
        return []
    named = listed_paths(configured.words)
    try:
        found_locustfiles(named)
    except UsageError as error:
        raise UsageError(f"{configured.source}: {error}") from None
    return named


def found_locustfiles(paths: Iterable[str]) -> list[str]:
    """The files that paths stand for, absolute, folders searched; UsageError for what is no
    locustfile and no folder of them."""
    return [file for path in paths for file in _found(path)]


def files_in(folder: Path) -> list[Path]:
    """The locustfiles of a folder and those in it, as Locust searches it: Python files whose names
    do not begin with an underscore, the folder's own first."""
    files: list[Path] = []
    for root, folders, names in os.walk(folder):
        folders.sort()
        paths = [Path(root, name) for name in sorted(names)]
        files += [p for p in paths if p.suffix == _SUFFIX and p.is_file() and p.name[0] != "_"]
    return files


def shown_path(path: str) -> str:
    """The path as a person would write it: relative where it lies under the current folder."""
    relative = os.path.relpath(path)
    return path if relative.startswith(os.pardir) else relative


def _found(path: str) -> list[str]:
    if _URL.match(path):
        raise UsageError(f"{path}: a locustfile is not fetched from the network, download it")
    absolute = os.path.abspath(path)  # noqa: PTH100  (keeps symlinks)
    if os.path.isdir(absolute):  # noqa: PTH112
        files = [str(file) for file in files_in(Path(absolute))]
        if not files:
            raise UsageError(f"{shown_path(path)}: no locustfile (a .py file) in this folder")
        return files
    if not os.path.exists(absolute):  # noqa: PTH110
        shown = shown_path(path)
        raise UsageError(f"{shown}: no such locustfile; {near_files(Path(shown), {_SUFFIX})}")
    if not os.path.isfile(absolute):  # noqa: PTH113  (a pipe would keep its reader waiting)
        raise UsageError(f"{shown_path(path)}: it is no plain file, which a locustfile must be")
    if not path.endswith(_SUFFIX):
        raise UsageError(f"{shown_path(path)}: a locustfile must end in .py or be a folder of them")
    return [absolute]
