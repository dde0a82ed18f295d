"""Ends the app gracefully when its terminal or its parent goes away."""

from __future__ import annotations

import asyncio
import contextlib
import select
import signal
from collections.abc import Callable

_ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
"""The last one comes from elsewhere: ctrl+c is a key while the screen is there."""


def on_signals(ended: Callable[[], None]) -> None:
    """Call `ended` in the event loop on SIGTERM, SIGHUP and SIGINT, until the loop is closed.

    Outside of the main thread signals are left alone.
    """
    loop = asyncio.get_running_loop()
    with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):
        for number in _ENDING:
            loop.add_signal_handler(number, ended)


def hung_up(descriptor: int) -> bool:
    """Whether the other end of a terminal or pipe is gone for good."""
    poll = select.poll()
    poll.register(descriptor, 0)
    gone = select.POLLHUP | select.POLLERR | select.POLLNVAL
    return any(events & gone for _, events in poll.poll(0))
