"""How a worker itself is doing: CPU used, time spent waiting for a CPU, lag of its event loop.

CPU alone does not tell whether latencies can be believed: beside a busy neighbour on the same core
a worker stands at 50 % and waits for the other half.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

import gevent

from loadtui.machine.cgroup import throttling
from loadtui.samples.delta import WorkerHealth

TICK_S = 0.02
"""The loop's own timer, whose lateness is the lag."""
STALL_S = 0.005
"""A tick later than this that the process did not spend computing was a stall from outside."""


class WorkerHealthMeter:
    """Ticks in a greenlet and yields one WorkerHealth per second of the run.

    `users` and `in_flight` are those of the last tick within each second: a tick later, at the end
    of a stage, they would be those of the next one.
    """

    def __init__(
        self, users: Callable[[], int], in_flight: Callable[[], int], left: Callable[[], int]
    ) -> None:
        self._users = users
        self._in_flight = in_flight
        self._left = left
        self._done: list[WorkerHealth] = []
        self._lags: list[float] = []
        self._stalled = 0.0
        self._t0 = math.inf
        self._second = 0
        self._since = self._cpu = self._waited = 0.0
        self._present = (0, 0)
        """Users and requests in flight at the last tick."""

    def begin(self, t0: float) -> None:
        """Start metering; `t0` is the run's second 0 on the monotonic clock."""
        metering, self._t0 = self._t0 < math.inf, t0
        if not metering:
            self._begin_second(time.monotonic(), time.process_time(), _waited_s())
            gevent.spawn(self._tick)

    def take(self) -> list[WorkerHealth]:
        """The seconds that ended since the last call; the last one of a run ends before its tick
        comes."""
        now = time.monotonic()
        if now - self._t0 >= self._second + 1:
            self._end(now, time.process_time())
        done, self._done = self._done, []
        return done

    def _tick(self) -> None:
        due, busy = self._since + TICK_S, self._cpu
        while True:
            self._present = self._users(), self._in_flight()
            gevent.sleep(max(due - time.monotonic(), 0.0))
            now, used = time.monotonic(), time.process_time()
            self._note(now, due, used - busy)
            due, busy = max(due + TICK_S, now + TICK_S / 2), used
            if now - self._t0 >= self._second + 1:
                self._end(now, used)

    def _begin_second(self, now: float, used: float, waited: float) -> None:
        self._second = max(int(now - self._t0), 0)
        self._since, self._cpu, self._waited = now, used, waited

    def _note(self, now: float, due: float, used: float) -> None:
        """Lateness of one tick, and of all those that fell into the same gap."""
        late = now - due
        self._lags.append(late)
        if late > STALL_S:
            self._stalled += max(late - used, 0.0)
        while late > TICK_S:
            late -= TICK_S
            self._lags.append(late)

    def _end(self, now: float, used: float) -> None:
        """Close the second under way; the next is the one that `now` lies in."""
        length, waited = now - self._since, _waited_s()
        users, in_flight = self._present
        self._done.append(
            WorkerHealth(
                second=self._second,
                cpu=(used - self._cpu) / length,
                wait=min(max(waited - self._waited, self._stalled) / length, 1.0),
                lag_ms=1000 * max(_median(self._lags), 0.0),
                users=users,
                in_flight=in_flight,
                left=self._left(),
            )
        )
        self._lags.clear()
        self._stalled = 0.0
        self._begin_second(now, used, waited)


def _median(values: list[float]) -> float:
    """Of any values, 0 of none.  Not the standard library's: Locust does not import `statistics`,
    so that `import statistics` in a locustfile may mean a file beside it."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2 if ordered else 0.0


def _waited_s() -> float:
    """Seconds this process was runnable but not running, and was throttled by its cgroup."""
    return _run_queue_s() + _throttled_s()


def _run_queue_s() -> float:
    """Wait time of the main thread: second field of schedstat, in nanoseconds (Linux)."""
    try:
        fields = Path("/proc/self/schedstat").read_text().split()
        return int(fields[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def _throttled_s() -> float:
    found = throttling()
    return 0.0 if found is None else found.seconds
