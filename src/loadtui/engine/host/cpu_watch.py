"""Who used the CPU while the load generator was short of it: our own processes, and others by name.

Read from /proc every few seconds, in a thread; where there is no /proc nothing is said.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Sequence

import gevent

from loadtui.engine.host.hub_thread import in_thread
from loadtui.machine.process_table import cpu_seconds, process_name
from loadtui.store.manifest import CpuUser, GeneratorLoad

EVERY_S = 2.0
COST_SHARE = 0.005
"""Of the time, at most this is spent on looking: on a machine with thousands of processes it is
done less often."""
SHOWN = 3
"""Other processes that are named."""
SMALLEST = 0.1
"""Cores below which one is not worth naming."""
WORKERS, HOST = "worker", "host"


class CpuWatch:
    """`run` looks until it is killed; `load` says what was seen in the bad seconds so far."""

    def __init__(self, workers: Sequence[int], bad_seconds: Callable[[], int]) -> None:
        """`workers` are pids, and `bad_seconds` tells how many there were so far."""
        self._own = {**dict.fromkeys(workers, WORKERS), os.getpid(): HOST}
        self._bad_seconds = bad_seconds
        self._bad_before = 0
        self._new_bad = False
        self._at = 0.0
        self._last: dict[int, float] = {}
        self._pending: tuple[float, Counter[int]] = 0.0, Counter()
        self._bad_s = 0.0
        self._used: Counter[str] = Counter()
        self._names: dict[int, str] = {}

    def run(self) -> None:
        while True:
            began = time.monotonic()
            in_thread(self.look)
            gevent.sleep(max(EVERY_S, (time.monotonic() - began) / COST_SHARE))

    def look(self) -> None:
        """Look at all processes once.

        Whether a second was bad is known some seconds later: bad seconds that are new speak of the
        stretch before this one.
        """
        now, used = time.monotonic(), cpu_seconds()
        stretch = Counter(
            {pid: s - self._last[pid] for pid, s in used.items() if s > self._last.get(pid, s)}
        )
        length = now - self._at if self._last else 0.0
        bad = self._bad_seconds()
        self._new_bad = bad > self._bad_before
        if self._new_bad:
            self._add(*self._pending)
        self._bad_before = bad
        self._pending = length, stretch
        self._at, self._last = now, used

    def finish(self) -> None:
        """All seconds have been judged: look for the last time.  No later look speaks of this
        stretch, so that it counts with the one before."""
        self.look()
        if self._new_bad:
            self._add(*self._pending)

    def load(self) -> GeneratorLoad | None:
        """None while no bad second was looked at."""
        if self._bad_s <= 0:
            return None
        cores = {name: used / self._bad_s for name, used in self._used.items()}
        others = [
            CpuUser(name, round(share, 2))
            for name, share in sorted(cores.items(), key=lambda item: -item[1])
            if name not in (WORKERS, HOST) and share >= SMALLEST
        ]
        return GeneratorLoad(
            cores=os.cpu_count() or 1,
            seconds=round(self._bad_s, 1),
            workers=round(cores.get(WORKERS, 0.0), 2),
            host=round(cores.get(HOST, 0.0), 2),
            others=others[:SHOWN],
        )

    def _add(self, length: float, stretch: Counter[int]) -> None:
        self._bad_s += length
        for pid, used in stretch.items():
            self._used[self._own.get(pid) or self._name(pid)] += used

    def _name(self, pid: int) -> str:
        name = self._names.get(pid)
        if name is None:
            name = self._names[pid] = process_name(pid)
        return name
