"""How far files have been read, as a line on a terminal; nothing where there is none."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from rich.cells import cell_len

from loadtui.cli.progress_bar import ERASE, columns_of, progress_bar
from loadtui.printable_text import visible_text
from loadtui.report.account import formatting
from loadtui.report.account.shortening import shorten

_FIRST_S = 0.5
"""What takes no longer needs no line."""
_EVERY_S = 0.1
_SURE_S = 2.0
"""After this long the speed says when it will be done."""


class ReadingProgress:
    """Call it with a file and how much of it has been read; use it as a context, which takes the
    line away at its end."""

    def __init__(
        self,
        stream: TextIO,
        paths: Sequence[Path],
        *,
        unicode: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._unicode = unicode
        self._clock = clock
        self._sizes = {path: _size(path) for path in paths}
        self._read: dict[Path, int] = {}
        self._began = clock()
        self._next = self._began + _FIRST_S
        self._open = False

    def __enter__(self) -> ReadingProgress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._open:
            self._open = False
            self._stream.write(ERASE)
            self._stream.flush()

    def __call__(self, path: Path, position: int) -> None:
        # A file is read more than once where its head is looked at first.
        self._read[path] = max(position, self._read.get(path, 0))
        now = self._clock()
        ends = position == self._sizes.get(path) and now >= self._began + _FIRST_S
        if self._live and (ends or now >= self._next):
            self._next = now + _EVERY_S
            self._show(path, now - self._began)

    def _show(self, path: Path, seconds: float) -> None:
        whole = sum(self._sizes.values())
        done = min(sum(self._read.values()), whole)
        if not done:
            return
        left = ""
        if done == whole:
            left = ", sorting out what was read"
        elif seconds >= _SURE_S:
            left = f", {formatting.duration(seconds * (whole - done) / done)} left"
        name = visible_text(path.name)
        text = f"{formatting.size(done)} of {formatting.size(whole)}{left}  {name}"
        width = columns_of(self._stream) - 1
        bar = progress_bar(done / whole, width - cell_len(text), unicode=self._unicode)
        self._open = True
        self._stream.write(f"{ERASE}{bar}{shorten(text, width - cell_len(bar))}")
        self._stream.flush()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
