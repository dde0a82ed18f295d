"""The worker processes of a run on this machine, forked from the host."""

from __future__ import annotations

import json
import os
import signal
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

from gevent.monkey import get_original
from gevent.os import fork_gevent

from loadtui.store.books import Page

_close = get_original("os", "close")
_waitpid = get_original("os", "waitpid")


class WorkerProcesses:
    """Worker processes, each with the end of a pipe: its settings, then its lifeline."""

    def __init__(self, pipes: dict[int, int], pages: Sequence[Page]) -> None:
        """`pipes`: pid -> descriptor to write to; `pages`: of the books, by the worker's number."""
        self._pipes = pipes
        self.pages = pages
        self._ended: dict[int, int] = {}

    def tell(self, folder: Path, client_ids: Iterable[str]) -> None:
        """Send each what it waits for: the folder of the run and the id by which the host knows it.
        A worker that is gone already is found by `dead`."""
        for pipe, client_id in zip(self._pipes.values(), client_ids, strict=True):
            settings = {"folder": os.fspath(folder), "client_id": client_id}
            try:
                os.write(pipe, json.dumps(settings).encode() + b"\n")
            except BrokenPipeError:
                continue

    @property
    def pids(self) -> list[int]:
        return [*self._pipes]

    def dead(self) -> dict[int, int]:
        """Pid -> exit status (negative: signal) of the processes that have ended."""
        for pid in self._pipes.keys() - self._ended.keys():
            try:
                ended, status = _waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                # Collected by a locustfile that starts processes of its own.
                ended, status = pid, 0
            if ended:
                self._ended[pid] = os.waitstatus_to_exitcode(status)
        return dict(self._ended)

    def kill(self) -> None:
        for pid in self._pipes.keys() - self.dead().keys():
            os.kill(pid, signal.SIGKILL)


def fork_workers(pages: Sequence[Page]) -> WorkerProcesses | int:
    """Fork this process once for each page of the books: in it the workers, in a worker its
    lifeline.

    The lifeline is a descriptor from which the worker reads one line of settings, and then nothing
    until the host is gone.
    """
    pipes: dict[int, int] = {}
    for _ in pages:
        lifeline, pipe = os.pipe()
        with warnings.catch_warnings():
            # The other threads wait for the launcher's end and watch the log; they hold nothing.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = fork_gevent()
        if pid == 0:
            for other in (pipe, *pipes.values()):
                _close(other)
            return lifeline
        _close(lifeline)
        pipes[pid] = pipe
    return WorkerProcesses(pipes, pages)
