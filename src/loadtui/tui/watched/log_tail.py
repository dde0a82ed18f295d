"""The end of a run's log: what host and workers wrote, as it grows."""

from __future__ import annotations

from collections import deque
from pathlib import Path

from loadtui.plain_file import open_plain
from loadtui.store.run_files import HOST_LOG

LINES = 200
"""Lines that are held."""
_MOST_BYTES = 64 * 1024
"""Of a log that grew by more since the last look only the end is read."""


class LogTail:
    """Reads on where it stopped; blocks for a moment, for a thread."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / HOST_LOG
        self._at = 0
        self._cut = b""
        """The beginning of a line whose end is not written yet."""
        self._lines: deque[str] = deque(maxlen=LINES)
        self._read: tuple[str, ...] = ()

    def read(self) -> tuple[str, ...]:
        """The last lines, without their ends; those of before when there is nothing to read."""
        new = self._new_bytes()
        if new:
            *whole, self._cut = (self._cut + new).split(b"\n")
            self._lines.extend(line.decode("utf-8", "replace").rstrip("\r") for line in whole)
            self._read = tuple(self._lines)
        return self._read

    def _new_bytes(self) -> bytes:
        try:
            size = self._path.stat().st_size
            if size < self._at:
                self._at, self._cut = 0, b""
            if size == self._at:
                return b""
            with open_plain(self._path) as file:
                if size - self._at > _MOST_BYTES:
                    self._at, self._cut = size - _MOST_BYTES, b""
                file.seek(self._at)
                new = file.read(size - self._at)
        except OSError:
            return b""
        self._at += len(new)
        return new
