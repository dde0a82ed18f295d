"""The worker processes of a run on this machine.

Started before Locust is imported, so that they import it at the same time as the host does, and
without fork: the host runs gevent, zmq and polars, none of which survives one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


class WorkerProcesses:
    """Worker processes, each with a pipe on its standard input: its settings, then its lifeline."""

    def __init__(self, count: int, folder: Path) -> None:
        self._all = [
            subprocess.Popen(
                [sys.executable, "-P", "-m", "loadtui.engine.worker", str(folder)],
                stdin=subprocess.PIPE,
                close_fds=True,
            )
            for _ in range(count)
        ]

    def tell(self, settings: dict[str, object]) -> None:
        """Send the settings they wait for; a worker that is gone already is found by `dead`."""
        line = json.dumps(settings).encode() + b"\n"
        for process in self._all:
            assert process.stdin is not None
            try:
                process.stdin.write(line)
                process.stdin.flush()
            except BrokenPipeError:
                continue

    @property
    def pids(self) -> list[int]:
        return [process.pid for process in self._all]

    def dead(self) -> dict[int, int]:
        """Pid -> exit status (negative: signal) of the processes that have ended."""
        return {
            process.pid: status for process in self._all if (status := process.poll()) is not None
        }

    def kill(self) -> None:
        for process in self._all:
            if process.poll() is None:
                process.kill()
