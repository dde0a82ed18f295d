"""What a load generator does once it is warm: requests and CPU time between two moments."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import family
import harness
from tests.support.servers import Nginx

FIRST_REQUEST_S = 60.0
LOOK_S = 0.05


class Steady(NamedTuple):
    """One run of a load generator."""

    requests: int
    """Between the two moments, as the server counted them."""
    wall_s: float
    cpu: dict[str, float]
    """CPU seconds between the two moments by role: `worker`, `host`, `command`."""
    all_requests: int
    """From start to end."""
    all_cpu_s: float
    """Of all processes from start to end: start-up, judging and writing included."""

    @property
    def rate(self) -> float:
        return self.requests / self.wall_s

    @property
    def per_cpu_s(self) -> float:
        """Requests a CPU-second of what makes load: host and workers, or the only process."""
        makers = sum(self.cpu.get(name, 0.0) for name in ("worker", "host"))
        return self.requests / (makers or self.cpu["command"])

    @property
    def per_cpu_s_all(self) -> float:
        """The same with the command that watches them."""
        return self.requests / sum(self.cpu.values())

    @property
    def per_cpu_s_whole(self) -> float:
        """Of all processes, from start to end."""
        return self.all_requests / self.all_cpu_s


class Running(NamedTuple):
    """A load generator at work."""

    meter: subprocess.Popen[str]

    @property
    def pid(self) -> int:
        """The process above all of the generator's."""
        return self.meter.pid

    def end(self, fine: Sequence[int]) -> float:
        """Wait for the end; CPU seconds of all its processes.  RuntimeError for a wrong exit."""
        out, err = self.meter.communicate()
        if self.meter.returncode != 0:
            raise RuntimeError(f"the meter failed: {err}")
        measured = json.loads(out)
        if measured["code"] not in fine:
            raise RuntimeError(f"the load generator ended with {measured['code']}: {err}")
        cpu_s: float = measured["cpu_s"]
        return cpu_s


@contextmanager
def running(command: Sequence[str | Path]) -> Iterator[Running]:
    """Start a load generator in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        meter = subprocess.Popen(
            [sys.executable, harness.HERE / "meter.py", *command],
            cwd=folder,
            env=harness.environment(Path(folder)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield Running(meter)
        finally:
            if meter.poll() is None:  # something went wrong here; the command ends by itself
                meter.communicate()


def wait_until(true: Callable[[], bool], patience_s: float, running: Running) -> None:
    """RuntimeError when it takes longer, or the generator ends before."""
    deadline = time.monotonic() + patience_s
    while not true():
        if running.meter.poll() is not None:
            _, err = running.meter.communicate()
            raise RuntimeError(f"the load generator ended too soon: {err}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"the load generator was not ready within {patience_s:.0f} s")
        time.sleep(LOOK_S)


def steady(
    server: Nginx,
    command: Sequence[str | Path],
    warm_s: float,
    seconds: float,
    fine: Sequence[int] = (0,),
) -> Steady:
    """Measure for so many seconds, `warm_s` after the first request."""
    server.reset()
    with running(command) as generator:
        wait_until(lambda: server.count() > 0, FIRST_REQUEST_S, generator)
        time.sleep(warm_s)
        before, cpu_before, began = _moment(server, generator)
        time.sleep(seconds)
        after, cpu_after, ended = _moment(server, generator)
        all_cpu_s = generator.end(fine)
    cpu = {name: value - cpu_before.get(name, 0.0) for name, value in cpu_after.items()}
    return Steady(after - before, ended - began, cpu, server.count(), all_cpu_s)


def _moment(server: Nginx, generator: Running) -> tuple[int, dict[str, float], float]:
    return server.count(), family.cpu_by_role(generator.pid), time.monotonic()
