"""Finds running runs by a pointer each under the user's state folder: those of a project, and those
elsewhere where they are asked for."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from loadtui.errors import UsageError
from loadtui.store import run_lock
from loadtui.store.projects import state_home
from loadtui.store.run_files import LOCK

_LOOK_S = 0.05
_SHOWN = 5


def state_folder() -> Path:
    """Where pointers are stored: `loadtui/running` under XDG_STATE_HOME or ~/.local/state."""
    return state_home() / "running"


def point_to(run: str, folder: Path) -> None:
    """Leave a pointer to a run that starts; one that cannot be written leaves it to be found in its
    project's folder of runs."""
    try:
        pointers = state_folder()
        pointers.mkdir(parents=True, exist_ok=True, mode=0o700)
        (pointers / run).write_text(str(folder), encoding="utf-8")
    except OSError:
        return


def running_runs() -> list[Path]:
    """Folders of the runs whose hosts live, newest first; pointers to others are removed."""
    try:
        pointers = list(state_folder().iterdir())
    except OSError:
        return []
    running = []
    for pointer in pointers:
        try:
            folder = Path(pointer.read_text(encoding="utf-8"))
            if run_lock.is_held(folder):
                running.append(folder)
            else:
                pointer.unlink(missing_ok=True)
        except OSError:
            continue
    return sorted(running, key=lambda folder: folder.name, reverse=True)


class Wanted(NamedTuple):
    """Which running run a command is to act on."""

    ref: str | None
    """An id, the beginning of one, or the path of a folder; None: the only one."""
    runs: Path
    """Folder of the project's runs: they are meant unless more is said."""
    everywhere: bool = False
    """True: runs of other projects are meant as well."""
    form: str = "attach RUN"
    """The command with RUN in place of a run's id, for the sentence that names a way out."""


def find_running(wanted: Wanted) -> Path:
    """The folder of the one running run that is meant.

    Raises UsageError as `running_matches`, and when there are several.
    """
    folders = running_matches(wanted)
    if len(folders) == 1:
        return folders[0]
    names = ", ".join(map(_name_with_place if wanted.everywhere else _name, folders))
    raise UsageError(f"several runs are running, name one of them: {names}")


def running_matches(wanted: Wanted) -> list[Path]:
    """Folders of the running runs that may be meant, newest first.

    A run of another project is meant only by its whole id, by its folder, or with `everywhere`: a
    short word may be the beginning of any id.  Raises UsageError when there is none, which names
    those that are running elsewhere.
    """
    ref = wanted.ref
    # os.path answers False for what cannot be a path, such as a name that is too long.
    if ref and os.path.isdir(ref) and run_lock.is_held(Path(ref)):  # noqa: PTH112
        return [Path(ref).resolve()]
    folders = _with_those_in(wanted.runs, running_runs())
    if ref is not None:
        folders = [folder for folder in folders if folder.name == ref] or [
            folder for folder in folders if ref and folder.name.startswith(ref)
        ]
    meant = [
        folder
        for folder in folders
        if wanted.everywhere or folder.name == ref or is_run_of(folder, wanted.runs)
    ]
    if not meant:
        raise UsageError(_none(wanted, folders))
    return meant


def _with_those_in(runs: Path, known: list[Path]) -> list[Path]:
    """Also the running runs of a folder of runs that have no pointer: it could not be written."""
    try:
        owned = [lock.parent for lock in runs.glob(f"*/{LOCK}")]
    except OSError:
        return known
    pointed = {folder.resolve() for folder in known}
    more = [f for f in owned if f.resolve() not in pointed and run_lock.is_held(f)]
    return sorted([*known, *more], key=lambda folder: folder.name, reverse=True)


def is_run_of(folder: Path, runs: Path) -> bool:
    """Whether a run's folder is one of the given folder of runs, whatever links lead there."""
    return folder.parent.resolve() == runs.resolve()


def _none(wanted: Wanted, elsewhere: Sequence[Path]) -> str:
    none = "no run is" if wanted.ref is None else f"no run {wanted.ref!r} is"
    if wanted.everywhere or not elsewhere:
        return f"{none} running; `loadtui runs` lists those that were saved"
    named = ", ".join(map(_name_with_place, elsewhere[:_SHOWN]))
    more = f" and {len(elsewhere) - _SHOWN} more" if len(elsewhere) > _SHOWN else ""
    way = f"loadtui {wanted.form.replace('RUN', elsewhere[0].name)}"
    return (
        f"{none} running here, in {wanted.runs}; elsewhere {named}{more}: "
        f"`{way}` means that one, --everywhere includes all projects"
    )


def _name(folder: Path) -> str:
    return folder.name


def _name_with_place(folder: Path) -> str:
    return f"{folder.name} in {folder.parent}"


def wait_until_over(folder: Path, timeout: float | None = None) -> bool:
    """Wait until no host owns the run any more, so that it is saved; False after `timeout` s."""
    deadline = None if timeout is None else time.monotonic() + timeout
    while run_lock.is_held(folder):
        if deadline is not None and time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK_S)
    return True
