"""The books of a run's workers: how many requests each has begun, in a file that host and workers
have in memory.

What is in it outlives the processes that wrote it, however they end; what they had recorded and not
yet sent does not.  A page is one number, since two could not change at the same instant: requests
that are open, times OPEN, and requests that were recorded.
"""

from __future__ import annotations

import mmap
import os
import struct
from array import array
from pathlib import Path
from typing import NamedTuple

BOOKS = "books.bin"
OPEN = 1 << 40
"""What one open request adds to a page: it was begun, and neither recorded nor taken back."""
_PAGE = struct.Struct("<q56x")
"""A cache line each, so that workers do not wait for one another."""

Page = memoryview
"""Of one signed 64-bit number, at index 0."""


class PageCounts(NamedTuple):
    """What a worker had begun and not recorded, and what it had recorded, late requests left
    out."""

    open: int
    recorded: int


def blank_page() -> Page:
    """A page that no file holds."""
    return memoryview(array("q", [0]))


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
    return [shared[at : at + 1] for at in range(0, workers * step, step)]


def read_books(folder: Path) -> list[PageCounts]:
    """Of each worker, by its number; none when the folder has no books.  Raises OSError."""
    path = folder / BOOKS
    if not path.exists():
        return []
    data = path.read_bytes()
    whole = len(data) - len(data) % _PAGE.size
    return [PageCounts(*divmod(page, OPEN)) for (page,) in _PAGE.iter_unpack(data[:whole])]
