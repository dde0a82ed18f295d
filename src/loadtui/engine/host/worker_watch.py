"""Notices which worker processes have come, died or ended; decides nothing about users."""

from __future__ import annotations

import logging
import signal
import time
from pathlib import Path

import gevent
import msgspec

from loadtui.engine.host.director import Director, Ending
from loadtui.engine.host.master_runner import LoadMasterRunner, client_of
from loadtui.engine.host.run_tracker import RunTracker
from loadtui.engine.host.worker_processes import WorkerProcesses
from loadtui.errors import UsageError
from loadtui.store.log_lines import last_said, said_before
from loadtui.store.manifest import WorkerRecord

LOOK_EVERY_S = 0.2
LEAVE_S = 5.0
"""How long workers may take for their quitting listeners before they are killed."""
LOOKS = 5
"""A worker that is gone is lost once so many looks in turn have not shown its last samples: a host
that was short of CPU finds the process gone before it has read what came from it."""
LAST_WORDS_S = 1.0
"""For what a worker said last, after its process has ended."""

_logger = logging.getLogger(__name__)


class WorkerWatch:
    def __init__(
        self,
        processes: WorkerProcesses,
        runner: LoadMasterRunner,
        director: Director,
        tracker: RunTracker,
        log: Path,
    ) -> None:
        """`log` is where workers print to."""
        self._log = log
        self._processes = processes
        self._runner = runner
        self._director = director
        self._tracker = tracker
        self._looks: dict[int, int] = {}
        """Pid of a worker that is gone -> how often it was found so."""

    def wait_until_ready(self, timeout_s: float) -> None:
        """Return when every worker said hello, after which none can come; UsageError when one died
        or took too long."""
        expected = len(self._processes.pids)
        deadline = time.monotonic() + timeout_s
        while len(self._runner.helloes) < expected:
            dead = self._processes.dead()
            if dead:
                status = _ended(next(iter(dead.values())))
                said = said_before(last_said(self._log, "worker"))
                raise UsageError(f"a worker {status} before it could start{said}")
            if time.monotonic() > deadline:
                raise UsageError(
                    f"a worker did not get ready within {timeout_s:.0f} s: "
                    "does an init listener of the locustfile wait for something?"
                )
            self._runner.hello_arrived.clear()
            self._runner.hello_arrived.wait(timeout=LOOK_EVERY_S)
        pids = {hello["index"]: hello["pid"] for hello in self._runner.helloes.values()}
        self._tracker.workers_ready(pids)
        self._runner.server.shut()

    def run(self) -> None:
        """Look after the workers until they have all gone; for a greenlet of its own."""
        while True:
            gevent.sleep(LOOK_EVERY_S)
            for pid, status in self._processes.dead().items():
                self._looks[pid] = self._looks.get(pid, 0) + 1
                if self._looks[pid] >= LOOKS:
                    self._gone(pid, status)

    def late(self, clients: list[str]) -> None:
        """These workers did not hand in their last samples in time."""
        for client in clients:
            index = self._runner.helloes.get(client, {}).get("index")
            if index is not None:
                self._tracker.worker_lost(index, "did not hand in its last samples in time")

    def wait_until_gone(self) -> None:
        """Return when all workers have ended and what they said last has come."""
        self._wait_for_ends()
        lost = self._tracker.lost
        helloes = self._runner.helloes.items()
        said = {client for client, hello in helloes if hello["index"] not in lost}
        self._runner.wait_for_goodbyes(said, LAST_WORDS_S)

    def _wait_for_ends(self) -> None:
        deadline = time.monotonic() + LEAVE_S
        while len(self._processes.dead()) < len(self._processes.pids):
            if time.monotonic() > deadline:
                _logger.warning("workers did not end in %.0f s, killing them", LEAVE_S)
                self._processes.kill()
                return
            gevent.sleep(0.02)

    def records(self, known: list[WorkerRecord]) -> list[WorkerRecord]:
        """The workers of the manifest with what became of them."""
        lost = self._tracker.lost
        return [msgspec.structs.replace(w, lost=lost.get(w.index, "")) for w in known]

    def _gone(self, pid: int, status: int) -> None:
        index = self._tracker.worker_of(pid)
        if index is None or self._tracker.is_final(index) or index in self._tracker.lost:
            return
        client = client_of(self._runner, index)
        words = self._runner.last_words.get(client or "", "")
        how = _ended(status) + (f" ({words})" if words else "")
        _logger.error("worker %d (pid %d) %s", index, pid, how)
        self._tracker.worker_lost(index, how)
        if client is not None:
            self._runner.lose(client)
        if len(self._processes.dead()) == len(self._processes.pids):
            self._director.end(Ending(f"the last worker {how}", failed=True))


def _ended(status: int) -> str:
    if status < 0:
        try:
            return f"was killed by {signal.Signals(-status).name}"
        except ValueError:
            return f"was killed by signal {-status}"
    return f"is gone, its process ended with code {status}"
