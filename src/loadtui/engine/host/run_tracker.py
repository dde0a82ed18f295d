"""What is written down of a running run: stages, marks, the seconds as they pass."""

from __future__ import annotations

import time
from collections.abc import Callable

import gevent
import msgspec

from loadtui.engine import protocol
from loadtui.engine.host.collector import Collector
from loadtui.engine.host.live_run import LiveRun
from loadtui.engine.host.master_runner import LoadMasterRunner
from loadtui.engine.host.timeline import Timeline
from loadtui.engine.wall_clock import epoch_of
from loadtui.store.journal import MARK_FRAME, StageBegan
from loadtui.store.manifest import Mark

TICK_DELAY_S = 0.35
"""After a second has passed, time for the workers' deltas of its last quarter to arrive."""
SYNC_EVERY_S = 5


class RunTracker:
    """Notes what the director does, and every second as it passes."""

    def __init__(self, live: LiveRun, collector: Collector, runner: LoadMasterRunner) -> None:
        self._live = live
        self._collector = collector
        self._runner = runner
        self.timeline = Timeline(collector)
        self.on_begin: Callable[[float, float], None] = lambda t0, epoch0: None
        self._next = 0
        """The second that passes next."""
        self._finished = False

    def run_began(self, t0: float) -> None:
        self._live.t0 = t0
        self._live.state = "running"
        self._runner.send_message(protocol.BEGIN, {"t0": t0})
        self.on_begin(t0, epoch_of(t0))

    def stage_began(self, began: StageBegan) -> None:
        self._collector.begin_stage(began)

    def mark(self, mark: Mark) -> None:
        self._live.marks.append(mark)
        self._live.steered = self._live.steered or mark.kind == "users"
        self._collector.write(MARK_FRAME, msgspec.msgpack.encode(mark))

    def users_alive(self) -> int | None:
        running = self._running()
        states = [self._collector.workers.get(index) for index in running]
        known = [state.health.users for state in states if state and state.health]
        return sum(known) if running and len(known) == len(running) else None

    def workers_ready(self, pids: dict[int, int]) -> None:
        """These workers (index -> pid) run users from now on."""
        self._live.pids = pids

    def worker_of(self, pid: int) -> int | None:
        return next((index for index, its in self._live.pids.items() if its == pid), None)

    def worker_lost(self, index: int, what: str) -> None:
        self._live.lost[index] = f"worker {index} {what}"

    def is_final(self, index: int) -> bool:
        """Whether the last samples of a worker are in: then it may end."""
        worker = self._collector.workers.get(index)
        return worker is not None and worker.final

    @property
    def lost(self) -> dict[int, str]:
        """Worker index -> what became of it."""
        return self._live.lost

    def tick_every_second(self, then: Callable[[], None]) -> None:
        """Note every second of the run as it passes; for a greenlet of its own."""
        assert self._live.t0 is not None
        syncing = None
        while not self._is_over():
            due = self._live.t0 + self._next + 1 + TICK_DELAY_S
            gevent.sleep(max(due - time.monotonic(), 0.0))
            if self._is_over():
                return
            self._tick()
            then()
            # On a disk that does not answer one thread waits, and not all of them.
            if self._next % SYNC_EVERY_S == 0 and (syncing is None or syncing.ready()):
                syncing = gevent.get_hub().threadpool.spawn(self._collector.sync)

    def load_ended(self, moment: float) -> None:
        """The users are told to stop; requests in flight may still finish."""
        self._live.ended_at = moment
        self.timeline.end(self._live.end_second)

    def finish(self) -> None:
        """All users are gone and all samples are in."""
        self._finished = True
        if self._live.t0 is not None:
            while self._next + 1 <= time.monotonic() - self._live.t0:
                self._tick()
            if self._collector.arrived:
                self._tick()  # the second under way
        self.timeline.finish()

    def _is_over(self) -> bool:
        return self._finished

    def _tick(self) -> None:
        stage = max(len(self._collector.stages) - 1, 0)
        users = sum(w.health.users for w in self._collector.workers.values() if w.health)
        self.timeline.tick(self._next, stage, users, self._running())
        self._next += 1

    def _running(self) -> list[int]:
        """Workers that should be measuring themselves."""
        return [
            index
            for index in self._live.pids
            if index not in self._live.lost and not self.is_final(index)
        ]
