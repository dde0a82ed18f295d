"""The books of a run's workers: how many requests each has begun, in a file that host and workers
have in memory.

What is in it outlives the processes that wrote it, however they end; what they had recorded and not
yet sent does not.  Each event raises one number of a page by one, so that the numbers agree
whenever the worker is killed.
"""

from __future__ import annotations

import mmap
import os
import struct
from array import array
from pathlib import Path
from typing import NamedTuple

BOOKS = "books.bin"
BEGUN, RECORDED, DROPPED = 0, 1, 2
"""Where on a page stands how many requests have begun, were recorded, and came to nothing: those
that raised before they were sent, and those that started after the end of the run."""
_PAGE = struct.Struct("<3q40x")
"""A cache line each, so that workers do not wait for one another."""

Page = memoryview
"""Of 64-bit numbers, by the places above."""


class PageCounts(NamedTuple):
    """What is on a page."""

    begun: int
    recorded: int
    dropped: int

    @property
    def started(self) -> int:
        """Requests that began before the end of the run."""
        return self.begun - self.dropped

    @property
    def open(self) -> int:
        """Those of them that were not recorded."""
        return self.started - self.recorded


def blank_page() -> Page:
    """A page that no file holds."""
    return memoryview(array("q", [0, 0, 0]))


def make_books(folder: Path, workers: int) -> list[Page]:
    """The pages of so many workers, in a new file of the run's folder; to be made before the fork.

    Raises OSError when the disk has no room for the file.
    """
    fd = os.open(folder / BOOKS, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        # Written, not only made longer: a page that has no room on the disk would end the process.
        os.write(fd, bytes(workers * _PAGE.size))
        os.posix_fallocate(fd, 0, workers * _PAGE.size)
        shared = memoryview(mmap.mmap(fd, workers * _PAGE.size)).cast("q")
    finally:
        os.close(fd)
    step = _PAGE.size // 8
    return [shared[at : at + 3] for at in range(0, workers * step, step)]


def read_books(folder: Path) -> list[PageCounts]:
    """Of each worker, by its number; none when the folder has no books.  Raises OSError."""
    path = folder / BOOKS
    if not path.exists():
        return []
    data = path.read_bytes()
    whole = len(data) - len(data) % _PAGE.size
    return [PageCounts(*page) for page in _PAGE.iter_unpack(data[:whole])]
