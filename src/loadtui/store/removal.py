"""Removing a saved run for good."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.store import run_lock


def remove_run(root: Path, folder: Path) -> None:
    """Remove the folder of a run in `root`.

    Raises UsageError for a run that is still running, for a folder that is not in `root` (it may
    hold more than a run), and when it cannot be removed.
    """
    if folder.resolve().parent != root.resolve():
        raise UsageError(
            f"{folder} is not in {root}, the folder of this project's runs; left alone"
        )
    try:
        fd = run_lock.hold_run(folder)
    except BlockingIOError:
        raise UsageError(
            f"run {folder.name} is still running; end it with `loadtui stop {folder.name}` first"
        ) from None
    except OSError as error:
        raise UsageError(f"run {folder.name} cannot be removed: {error.strerror}") from error
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise UsageError(
            f"run {folder.name} cannot be removed: {error.strerror}: {error.filename}"
        ) from error
    finally:
        os.close(fd)
