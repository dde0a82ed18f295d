"""The books of a run's workers: how many requests each has begun, in a file that host and workers
have in memory.

What is in it outlives the processes that wrote it, however they end; what they had recorded and not
yet sent does not.  Each event raises one number of a page by one, so that the numbers agree
whenever the worker is killed.
"""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
import struct
from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from loadtui.errors import UsageError
from loadtui.plain_file import read_plain
from loadtui.store.run_files import write_bytes

BOOKS = "books.bin"
BEGUN, RECORDED, DROPPED, LATE = 0, 1, 2, 3
"""Where on a page stands how many requests have begun, were recorded, raised before they were sent,
and were late: recorded, but started after the end of the run."""
MAX_BYTES = 1_000_000
"""Of the file: for more workers than a machine has cores."""
_PAGE = struct.Struct("<4q32x")
"""A cache line each, so that workers do not wait for one another."""

Page = memoryview
"""Of 64-bit numbers, by the places above."""


class PageCounts(NamedTuple):
    """What is on a page."""

    begun: int
    recorded: int
    dropped: int
    late: int = 0

    @property
    def started(self) -> int:
        """Requests that began before the end of the run."""
        return self.begun - self.dropped - self.late

    @property
    def open(self) -> int:
        """Those of them that were not recorded."""
        return self.started - self.recorded


def blank_page() -> Page:
    """A page that no file holds."""
    return memoryview(array("q", [0, 0, 0, 0]))


def make_books(folder: Path, workers: int) -> list[Page]:
    """The pages of so many workers, in a new file of the run's folder; to be made before the fork.

    Raises UsageError when it cannot be written.
    """
    path = folder / BOOKS
    try:
        shared = _shared(path, workers * _PAGE.size)
    except OSError as error:
        with contextlib.suppress(OSError):
            path.unlink()
        raise UsageError(
            f"{path} cannot be written: {error.strerror}; free some space, or name another folder "
            f"as `runs` under [tool.loadtui] in pyproject.toml"
        ) from error
    step = _PAGE.size // 8
    return [shared[at : at + 4] for at in range(0, workers * step, step)]


def write_books(folder: Path, pages: Iterable[Page]) -> None:
    """Write what is on these pages into another folder; OSError when that fails."""
    write_bytes(folder / BOOKS, b"".join(_PAGE.pack(*page) for page in pages))


def read_books(folder: Path) -> list[PageCounts | None]:
    """Of each worker, by its number; None for a page that no worker can have written.

    Empty when the folder has no books that can be read: a run can do without them.
    """
    try:
        data = read_plain(folder / BOOKS, MAX_BYTES)
    except OSError:
        return []
    whole = len(data) - len(data) % _PAGE.size
    pages = (PageCounts(*page) for page in _PAGE.iter_unpack(data[:whole]))
    return [page if min(page) >= 0 and page.open >= 0 else None for page in pages]


def _shared(path: Path, size: int) -> memoryview:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    fd = os.open(path, flags, 0o600)
    try:
        # Written, not only made longer: a page that has no room on the disk would end the process
        # that writes to it.
        if os.write(fd, bytes(size)) < size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if hasattr(os, "posix_fallocate"):  # macOS has none
            os.posix_fallocate(fd, 0, size)
        return memoryview(mmap.mmap(fd, size)).cast("q")
    finally:
        os.close(fd)
