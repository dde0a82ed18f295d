"""Room on the machine: tests that measure time need it for themselves."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def room(folder: Path, *, alone: bool) -> Iterator[None]:
    """Hold the machine together with other tests, or alone, across processes.

    `folder` is one that all processes share.  Who waits for the room holds the door, or a test
    that wants to be alone would wait for as long as the others come and go.
    """
    with (folder / "door.lock").open("a") as door, (folder / "room.lock").open("a") as inside:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(inside, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        yield
