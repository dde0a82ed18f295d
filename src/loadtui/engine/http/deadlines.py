"""Timeouts for many waits at the price of one timer.

A timer a request costs more than the wait itself.  Instead each wait notes when it becomes too
long, and a sweep a few times a second ends those that are.
"""

from __future__ import annotations

import time
from typing import Any

import gevent

from loadtui.engine.http.gevent_internals import wait_readable

SHARED_FROM_S = 5.0
"""Timeouts from this on are swept; shorter ones want a timer of their own, to be exact."""
SWEEP_S = 0.1


class Deadlines:
    """The waits of this process and when they end."""

    def __init__(self) -> None:
        self._ends: dict[Any, float] = {}
        self._sweeping = False

    def wait(self, sock: Any, watcher: Any, timeout: float) -> None:
        """Wait until a socket of gevent's can be read; at most one wait on it at a time.

        `watcher` is the socket's own, `timeout` in seconds the one that is set on the socket.
        Raises TimeoutError after it.
        """
        if timeout >= SHARED_FROM_S:
            self._ends[watcher] = time.monotonic() + timeout
            if not self._sweeping:
                self._sweeping = True
                gevent.spawn(self._sweep)
            try:
                sock.hub.wait(watcher)
            finally:
                self._ends.pop(watcher, None)
        else:
            wait_readable(sock, watcher)

    def _sweep(self) -> None:
        hub = gevent.get_hub()
        while self._ends:
            gevent.sleep(SWEEP_S)
            now = time.monotonic()
            for watcher, end in [item for item in self._ends.items() if item[1] <= now]:
                hub.loop.run_callback(self._expire, hub, watcher, end)
        self._sweeping = False

    def _expire(self, hub: Any, watcher: Any, end: float) -> None:
        """End a wait, unless it ended by itself meanwhile and the next one has begun."""
        if self._ends.get(watcher) == end:
            hub.cancel_wait(watcher, TimeoutError("timed out"))
