"""Where runs are kept, and making the folder of a new one."""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.settings import PROJECT_FILE, read_settings
from loadtui.store.projects import remember

HOME = ".loadtui"
"""Folder of a project for what is kept on this machine only."""
BASELINES = "baselines"
"""Folder of a project for its baselines, unless its settings name another."""
RUNS_VARIABLE = "LOADTUI_RUNS"
"""Names the folder of runs, whatever the project."""
BASELINES_VARIABLE = "LOADTUI_BASELINES"
"""Names the folder of baselines, whatever the project."""
_SLUG_LENGTH = 40


def runs_root(project: Path) -> Path:
    """The folder that holds a project's runs; it need not exist.

    The one that LOADTUI_RUNS names, else that of the project's settings, else `.loadtui/runs` in
    the project.  Raises UsageError as `read_settings`.
    """
    return (
        _named_by(RUNS_VARIABLE)
        or read_settings(project).runs
        or project.absolute() / HOME / "runs"
    )


def baselines_root(project: Path) -> Path:
    """The folder that holds a project's baselines; it need not exist.

    The one that LOADTUI_BASELINES names, else that of the project's settings, else `baselines` in
    the project.  Raises UsageError as `read_settings`.
    """
    return (
        _named_by(BASELINES_VARIABLE)
        or read_settings(project).baselines
        or project.absolute() / BASELINES
    )


def _named_by(variable: str) -> Path | None:
    named = os.environ.get(variable)
    return Path(os.path.abspath(named)) if named else None  # noqa: PTH100  (keeps symlinks)


def new_run_id(plan_name: str, now: datetime) -> str:
    """A fresh id such as `20261123-101502-gateway-3f2a`: time, plan, four random hex digits.

    Letters and digits of any script stay; everything else becomes a dash, so that the id is the
    name of a folder; at most 40 characters of the plan's name are used.
    """
    return f"{now:%Y%m%d-%H%M%S}-{slug(plan_name)}-{secrets.token_hex(2)}"


def create_run_folder(root: Path, run_id: str) -> Path:
    """Make a run's folder, readable by its owner only, and the folders above it.

    A `.loadtui` folder made on the way is told to git as one to leave alone.  Raises UsageError
    when the folder cannot be made or is there already.
    """
    folder = root / run_id
    try:
        make_folders(root)
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise UsageError(
            f"cannot create the run folder {folder}: {error.strerror}; make {root} writable or "
            f"name another folder: --runs DIR, or `runs` under [tool.loadtui] in {PROJECT_FILE}"
        ) from error
    remember(root)
    return folder


def make_folders(folder: Path) -> None:
    """Make a folder and those above it; a `.loadtui` made on the way is told to git as one to leave
    alone.  Raises OSError."""
    for above in _missing(folder):
        above.mkdir(exist_ok=True)
        if above.name == HOME:
            (above / ".gitignore").write_text("*\n", encoding="utf-8")


def _missing(folder: Path) -> Iterator[Path]:
    """The folder and those above it that do not exist, outermost first."""
    yield from (above for above in (*reversed(folder.parents), folder) if not above.is_dir())


def slug(name: str) -> str:
    """A plan's name as part of a file name: letters and digits of any script, and dashes."""
    characters = (
        char if unicodedata.category(char)[0] in "LNM" else "-"
        for char in unicodedata.normalize("NFC", name)
    )
    words = [word for word in "".join(characters).split("-") if word]
    return "-".join(words)[:_SLUG_LENGTH].strip("-") or "run"
