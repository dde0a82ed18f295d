"""Ends the app in order when its terminal or its parent goes away."""

from __future__ import annotations

import asyncio
import contextlib
import select
import signal
from collections.abc import Callable

_ENDING = (signal.SIGTERM, signal.SIGHUP)


def on_signals(ended: Callable[[], None]) -> Callable[[], None]:
    """Call `ended` in the event loop on SIGTERM and SIGHUP; returns what undoes it.

    Outside of the main thread signals are left alone.
    """
    loop = asyncio.get_running_loop()
    taken: list[signal.Signals] = []
    with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):
        for number in _ENDING:
            loop.add_signal_handler(number, ended)
            taken.append(number)

    def undo() -> None:
        for number in taken:
            loop.remove_signal_handler(number)

    return undo


def hung_up(descriptor: int) -> bool:
    """Whether the other end of a terminal or pipe is gone for good."""
    poll = select.poll()
    poll.register(descriptor, 0)
    gone = select.POLLHUP | select.POLLERR | select.POLLNVAL
    return any(events & gone for _, events in poll.poll(0))
