"""What Ctrl-C and SIGTERM do: to a run that is followed, and to what must not be left behind."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from enum import Enum
from types import FrameType


class InterruptAction(Enum):
    """What SIGINT and SIGTERM mean to the run that is followed."""

    STOP = "the first stops the run gracefully, the second at once"
    DETACH = "the follower leaves, the run keeps running"


class Interrupts:
    """Those that came inside `interrupts_held` and that nobody has acted on."""

    def __init__(self) -> None:
        self._came = 0
        self._heeding = False

    @contextlib.contextmanager
    def heeded(self) -> Iterator[None]:
        """The first signal raises KeyboardInterrupt inside; the next must let one clean up."""
        self._heeding = True
        try:
            self.raise_once()
            yield
        finally:
            self._heeding = False

    def take(self) -> int:
        """How many were held back, for somebody who acts on them instead."""
        came, self._came = self._came, 0
        return came

    def note(self, number: int, frame: FrameType | None) -> None:
        """Handle a signal."""
        self._came += 1
        if self._heeding:
            self.raise_once()

    def raise_once(self) -> None:
        """Raise KeyboardInterrupt for all that were held back, if any."""
        if self.take():
            self._heeding = False
            raise KeyboardInterrupt


@contextlib.contextmanager
def interrupts_held() -> Iterator[Interrupts]:
    """Hold SIGINT and SIGTERM back inside the block, but where they are heeded; main thread only.

    What is being made is made first, then there is something to clean up.  Those held back raise
    KeyboardInterrupt as soon as they are heeded, at the latest at the end of the block, unless
    somebody takes them over.
    """
    interrupts = Interrupts()
    try:
        with signals_handled(interrupts.note):
            yield interrupts
    finally:
        interrupts.raise_once()


@contextlib.contextmanager
def signals_handled(handle: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Have SIGINT and SIGTERM handled so inside the block; main thread only."""
    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
