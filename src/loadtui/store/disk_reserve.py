"""Room on the disk that a run holds until its end, so that a disk that fills costs nothing.

The run stops in order once its disk is full: what it still has to say goes into this room.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from pathlib import Path

from loadtui.errors import UsageError

RESERVE = "reserve.bin"
RESERVED = 8_000_000
"""Bytes: for the requests of some seconds, and the tables of a run, which are smaller than its
journal."""
LEAST_FREE = 2 * RESERVED
"""Bytes that have to be free before a run starts."""


def hold_reserve(folder: Path) -> None:
    """Reserve room in the folder of a run.

    Raises UsageError when there is too little for one.
    """
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return
    if free < LEAST_FREE:
        raise UsageError(
            f"the disk of {folder.parent} has {free / 1e6:.0f} MB free, and a run needs at least "
            f"{LEAST_FREE / 1e6:.0f} MB: free some space, or name another folder as `runs` under "
            f"[tool.loadtui] in pyproject.toml"
        )
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(folder / RESERVE, flags, 0o600)
        try:
            if hasattr(os, "posix_fallocate"):  # macOS has none
                os.posix_fallocate(descriptor, 0, RESERVED)
        finally:
            os.close(descriptor)
    except OSError as error:
        release_reserve(folder)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):  # disk_usage knows nothing of quotas
            raise UsageError(
                f"{folder.parent} has less than {RESERVED / 1e6:.0f} MB of room for a run: "
                f"{error.strerror}; free some space"
            ) from error


def release_reserve(folder: Path) -> None:
    """Give the room back, if any was held."""
    with contextlib.suppress(OSError):
        (folder / RESERVE).unlink()
