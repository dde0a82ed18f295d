"""A run's log, read as it grows."""

from __future__ import annotations

from pathlib import Path

from loadtui.plain_file import open_plain
from loadtui.store.log_cap import NOTICE_BYTES
from loadtui.store.log_lines import FIRST_BYTES
from loadtui.store.run_files import HOST_LOG

_AT_ONCE = 1 << 22
"""Bytes that are read at a time."""


class GrowingLog:
    def __init__(self, folder: Path, *, from_now: bool = False) -> None:
        """`from_now`: what was written before is left out."""
        self.path = folder / HOST_LOG
        self._at = self._size() if from_now else 0
        self._cut = b""
        """The beginning of a line whose end is not written yet."""

    def read(self, *, to_the_end: bool = False) -> bytes:
        """Whole lines that were written since the last time, at most some megabytes of them.

        `to_the_end`: nobody writes any more, so that a line without an end is one too.
        """
        size = self._size()
        if size < self._at:  # it was cut
            self._at, self._cut = min(FIRST_BYTES - NOTICE_BYTES + 1, size), b""
        new = self._cut + self._read(min(size - self._at, _AT_ONCE))
        if to_the_end and self._at >= size:
            self._cut = b""
            return new
        whole, end, self._cut = new.rpartition(b"\n")
        return whole + end

    def _size(self) -> int:
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def _read(self, count: int) -> bytes:
        if count <= 0:
            return b""
        try:
            with open_plain(self.path) as file:
                file.seek(self._at)
                new = file.read(count)
        except OSError:
            return b""
        self._at += len(new)
        return new
