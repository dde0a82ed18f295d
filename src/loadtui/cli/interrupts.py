"""What Ctrl-C and SIGTERM do while something is made that must not be left behind."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Self

_BOTH = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def sigterm_as_ctrl_c() -> Iterator[None]:
    """SIGTERM raises KeyboardInterrupt inside the block, as Ctrl-C does; main thread only."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Interrupts:
    """Holds SIGINT and SIGTERM back inside the block, but where they are heeded; main thread only.

    What is being made is made first, then there is something to clean up.  Those held back raise
    KeyboardInterrupt as soon as they are heeded, at the latest at the end of the block, unless
    somebody takes them over.
    """

    def __init__(self) -> None:
        self._came = 0
        self._heeding = False

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._note) for number in _BOTH}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if error is None:
            self._raise_once()

    @contextlib.contextmanager
    def heeded(self) -> Iterator[None]:
        """The first signal raises KeyboardInterrupt inside; the next must let one clean up."""
        self._heeding = True
        try:
            self._raise_once()
            yield
        finally:
            self._heeding = False

    def take(self) -> int:
        """How many were held back, for somebody who acts on them instead."""
        came, self._came = self._came, 0
        return came

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._came += 1
        if self._heeding:
            self._raise_once()

    def _raise_once(self) -> None:
        if self.take():
            self._heeding = False
            raise KeyboardInterrupt
