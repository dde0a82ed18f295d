"""Looks after the size of a run's log, for what does not go through the streams of its processes:
programs that a locustfile starts, and what is written to the descriptors themselves."""

from __future__ import annotations

import _thread
import contextlib
import os
import time

from loadtui.store.log_cap import cut_log

LOOK_S = 0.1
"""What is written faster than the limit in this time is beyond it for as long."""


def watch_log(descriptor: int = 2) -> None:
    """Keep the log that a descriptor appends to below its limit for as long as this process lives.

    A thread of the system's does, to be started before gevent replaces what it is made of: whatever
    keeps the host or a worker busy, the log does not grow on.
    """
    log, sleep = os.dup(descriptor), time.sleep  # the descriptor is user code's to close

    def watch() -> None:
        while True:
            sleep(LOOK_S)
            with contextlib.suppress(OSError):
                cut_log(log)

    _thread.start_new_thread(watch, ())
