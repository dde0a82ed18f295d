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

    What is being made is made first, then there is something to clean up.  One that is held back
    raises KeyboardInterrupt as soon as they are heeded, at the latest at the end of the block.
    """

    def __init__(self) -> None:
        self._came = False
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

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._came = True
        if self._heeding:
            self._raise_once()

    def _raise_once(self) -> None:
        if self._came:
            self._came = self._heeding = False
            raise KeyboardInterrupt
