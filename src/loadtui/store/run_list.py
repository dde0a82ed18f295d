"""The runs of a project: listing them, and finding one by what a person typed."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from loadtui.errors import UsageError
from loadtui.store import run_files
from loadtui.store.arrival import saved_at
from loadtui.store.projects import known_roots
from loadtui.store.rescue import rescued
from loadtui.store.stored_run import Run
from loadtui.store.timestamps import parse_timestamp

LATEST = "latest"
_NAMEABLE = re.compile(r"[^\s./][^/\0]{8,254}")
"""What may be a whole id."""
_ID = re.compile(r"\d{8}-\d{6}-")
"""How the ids begin that are given here."""
_SHOWN = 5


class BrokenRun(NamedTuple):
    """A folder that holds a run which cannot be opened."""

    folder: Path
    error: str
    """One sentence."""

    @property
    def id(self) -> str:
        return self.folder.name


def list_runs(root: Path) -> list[Run | BrokenRun]:
    """Every run in the folder, newest first, and those that are broken with their error.

    Folders that hold no run, or one that has not written its manifest yet, are left out.  Runs
    whose host was killed are recovered on the way.  Raises UsageError only when the folder itself
    cannot be read; one that does not exist holds no runs.
    """
    runs = [_opened(folder) for folder in _run_folders(root)]
    return sorted(runs, key=_started, reverse=True)


def find(root: Path, ref: str) -> Run:
    """The run that `ref` means: an id, the beginning of one, `latest`, or the path of a folder.

    `latest` is the run that was saved last, whenever it began.  Of other projects on this machine
    a run is meant by its whole id.  Raises UsageError naming candidates when none or several fit,
    or when the one cannot be opened.
    """
    folders = {folder.name: folder for folder in _run_folders(root)}
    if ref in folders:
        return Run.open(folders[ref])
    if ref == LATEST:
        return _latest(root)
    if os.sep in ref or _holds_run(Path(ref)):
        return Run.open(Path(ref))
    names = sorted((name for name in folders if ref and name.startswith(ref)), reverse=True)
    if len(names) == 1:
        return Run.open(folders[names[0]])
    if names:
        raise UsageError(
            f"{ref!r} fits {len(names)} runs: {_enumerated(names)}; give more of the id"
        )
    if (other := _in_another_project(ref) or _saved_elsewhere(root, ref)) is not None:
        return other
    if not folders:
        raise UsageError(f"no run {ref!r}: there are no runs in {root}")
    newest = sorted(folders, reverse=True)
    raise UsageError(f"no run {ref!r} in {root}; the newest are {_enumerated(newest)}")


def _latest(root: Path) -> Run:
    """The run that was saved last, or is running."""
    runs = [run for run in list_runs(root) if isinstance(run, Run)]
    if not runs:
        raise UsageError(
            f"no latest run: there are no runs in {root} that can be opened{_elsewhere()}"
        )
    return max(runs, key=lambda run: (saved_at(run), _started(run)))


def _elsewhere() -> str:
    """Where the newest run of this machine's other projects is, for a sentence to end with."""
    newest = max(
        (folder for root in known_roots() for folder in _run_folders(root)),
        key=lambda folder: folder.name,
        default=None,
    )
    return "" if newest is None else f"; the newest elsewhere is {newest}"


def _in_another_project(run_id: str) -> Run | None:
    for root in known_roots():
        if _NAMEABLE.fullmatch(run_id) and _holds_run(root / run_id):
            return Run.open(root / run_id)
    return None


def _saved_elsewhere(root: Path, run_id: str) -> Run | None:
    """A run whose folder in `root` was removed, or took nothing more, while it was running."""
    elsewhere = rescued(root / run_id) if _NAMEABLE.fullmatch(run_id) else None
    return None if elsewhere is None else Run.open(elsewhere)


def _holds_run(folder: Path) -> bool:
    try:
        return (folder / run_files.MANIFEST).is_file()
    except OSError:
        return False


def _run_folders(root: Path) -> list[Path]:
    """Folders that hold a manifest, or numbers without one, and those of runs that cannot be looked
    into."""
    try:
        return [entry for entry in root.iterdir() if _seems_a_run(entry)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UsageError(f"the folder of runs {root} cannot be read: {error.strerror}") from error


def _seems_a_run(entry: Path) -> bool:
    signs = (run_files.MANIFEST, run_files.JOURNAL, *run_files.TABLES)
    try:
        return any((entry / name).exists() for name in signs)
    except OSError:  # another user's, or on a disk that fails: others stay readable
        return _ID.match(entry.name) is not None


def _opened(folder: Path) -> Run | BrokenRun:
    try:
        return Run.open(folder)
    except UsageError as error:
        return BrokenRun(folder, str(error))


def _started(run: Run | BrokenRun) -> tuple[float, str]:
    """When the run started, for a broken one when its folder last changed; ties by id."""
    if isinstance(run, Run):
        started = parse_timestamp(run.manifest.started)
        return 0.0 if started is None else started.timestamp(), run.folder.name
    try:
        return run.folder.stat().st_mtime, run.folder.name
    except OSError:
        return 0.0, run.folder.name


def _enumerated(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
