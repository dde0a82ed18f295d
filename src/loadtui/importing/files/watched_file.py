"""Files of which somebody is told how far they have been read."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, BinaryIO, cast

Watcher = Callable[[Path, int], object]
"""Called with a file and how many of its bytes have been read, packed ones as they are."""
_AT_ONCE = 1 << 18
_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def reading_watched(watcher: Watcher) -> Iterator[None]:
    """Have the watcher called, some times a megabyte, for files that are opened meanwhile."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def open_watched(path: Path) -> BinaryIO:
    """The file for reading.  Raises OSError."""
    return cast("BinaryIO", io.BufferedReader(_WatchedFile(path, _watcher.get()), _AT_ONCE))


class _WatchedFile(io.FileIO):
    def __init__(self, path: Path, watcher: Watcher | None) -> None:
        super().__init__(path, "rb")
        self._path = path
        self._watcher = watcher

    def readinto(self, buffer: Any) -> int:
        count = super().readinto(buffer) or 0
        if self._watcher is not None:
            self._watcher(self._path, self.tell())
        return count
