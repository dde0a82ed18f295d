"""Who owns a run folder: its host, for as long as the host lives, or a command that recovers it.

An advisory lock on the file `host.lock`; the kernel drops it when the owner dies, however it dies.
The owner takes it before the manifest is first written, so that a run that says it is running
and is not locked is one whose host is dead.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from pathlib import Path

from loadtui.store.run_files import LOCK

_OPEN = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_WAIT_S = 1.0
_STEP_S = 0.01


def hold_run(folder: Path) -> int:
    """Own the folder until the returned descriptor is closed or the process ends.

    BlockingIOError when somebody else owns it, OSError when the lock file cannot be opened.
    Waits up to a second, since `held` takes the lock for a moment when it looks.
    """
    deadline = time.monotonic() + _WAIT_S
    while True:
        fd = os.open(folder / LOCK, _OPEN | os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            if time.monotonic() >= deadline:
                raise
            time.sleep(_STEP_S)
            continue
        if _is_current(folder, fd):
            return fd
        # The owner before removed the file; who locks a removed file owns nothing.
        os.close(fd)


def release_run(folder: Path, fd: int) -> None:
    """Give the folder back and leave no lock file behind."""
    with contextlib.suppress(OSError):
        (folder / LOCK).unlink(missing_ok=True)
    os.close(fd)


def is_held(folder: Path) -> bool:
    """Whether somebody owns the folder; False, too, when a disk that fails does not say."""
    try:
        fd = os.open(folder / LOCK, _OPEN | os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(fd)
    return False


def _is_current(folder: Path, fd: int) -> bool:
    try:
        return os.path.samestat((folder / LOCK).stat(), os.fstat(fd))
    except FileNotFoundError:
        return False
