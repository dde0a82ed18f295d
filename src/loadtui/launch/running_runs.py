"""Finds running runs from any folder, by a pointer each under the user's state folder."""

from __future__ import annotations

import os
import time
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.store import run_lock
from loadtui.store.projects import state_home

_LOOK_S = 0.05


def state_folder() -> Path:
    """Where pointers are kept: `loadtui/running` under XDG_STATE_HOME or ~/.local/state."""
    return state_home() / "running"


def point_to(run: str, folder: Path) -> None:
    """Leave a pointer to a run that starts.  Without a writable home it is found by path only."""
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
    found = []
    for pointer in pointers:
        try:
            folder = Path(pointer.read_text(encoding="utf-8"))
            if run_lock.is_held(folder):
                found.append(folder)
            else:
                pointer.unlink(missing_ok=True)
        except OSError:
            continue
    return sorted(found, key=lambda folder: folder.name, reverse=True)


def find_running(ref: str | None) -> Path:
    """The folder of one running run: by id, unique prefix or path; without `ref` the only one.

    Raises UsageError when there is none, or several and none was named.
    """
    folders = matching(ref)
    if len(folders) == 1:
        return folders[0]
    names = ", ".join(folder.name for folder in folders)
    raise UsageError(f"several runs are going on, name one of them: {names}")


def matching(ref: str | None) -> list[Path]:
    """Folders of the running runs that `ref` may mean, newest first; all of them without `ref`.

    Raises UsageError when there is none.
    """
    folders = running_runs()
    if ref is not None:
        # os.path answers False for what cannot be a path, such as a name that is too long.
        if os.path.isdir(ref) and run_lock.is_held(Path(ref)):  # noqa: PTH112
            return [Path(ref).resolve()]
        folders = [folder for folder in folders if folder.name.startswith(ref)]
    if not folders:
        wanted = "no run is" if ref is None else f"no run {ref!r} is"
        raise UsageError(f"{wanted} going on; `loadtui runs` lists those that were kept")
    return folders


def wait_until_over(folder: Path, timeout: float | None = None) -> bool:
    """Wait until no host owns the run any more, so that it is kept; False after `timeout` s."""
    deadline = None if timeout is None else time.monotonic() + timeout
    while run_lock.is_held(folder):
        if deadline is not None and time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK_S)
    return True
