"""Side by side: run two commands in turn, A B A B ..., and compare them pair by pair.

Neighbours on the machine slow down both halves of a pair, so ratios are taken within pairs and
reported as least, median and most.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from servers import Nginx  # noqa: E402

BOTTLENECK = 3
"""Exit code of loadtui for a run that measured the generator: what a benchmark of it wants."""


class Spread(NamedTuple):
    least: float
    median: float
    most: float

    def text(self, form: str = "{:.2f}") -> str:
        """`least - median - most`."""
        return " - ".join(form.format(value) for value in self)


def spread(values: Sequence[float]) -> Spread:
    """Least, median and most; ValueError of no values."""
    return Spread(min(values), statistics.median(values), max(values))


def ratios(a: Sequence[float], b: Sequence[float]) -> list[float]:
    """a / b, pair by pair; ValueError unless every value has its partner."""
    return [one / other for one, other in zip(a, b, strict=True)]


class Cost(NamedTuple):
    """What a command and all its descendants needed."""

    cpu_s: float
    """User and system time."""
    wall_s: float


class Load(NamedTuple):
    """What a load generator did."""

    requests: int
    """As the server counted them."""
    cost: Cost

    @property
    def per_cpu_s(self) -> float:
        """Requests a second of CPU time, the generator's start and end included."""
        return self.requests / self.cost.cpu_s


def cost(command: Sequence[str | Path], fine: Sequence[int] = (0,)) -> Cost:
    """Run a command in a folder of its own; RuntimeError for another exit code than `fine`."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, HERE / "meter.py", *command],
            cwd=folder,
            env=environment(Path(folder)),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]} could not be run: {done.stderr}")
        measured = json.loads(done.stdout)
    if measured["code"] not in fine:
        raise RuntimeError(f"{command[0]} ended with {measured['code']}: {done.stderr}")
    return Cost(measured["cpu_s"], measured["wall_s"])


def load(server: Nginx, command: Sequence[str | Path], fine: Sequence[int] = (0,)) -> Load:
    """Run a load generator against a server that nobody else uses."""
    server.reset()
    needed = cost(command, fine)
    return Load(server.count(), needed)


def in_turn(
    pairs: int, a: Callable[[], Load], b: Callable[[], Load]
) -> tuple[list[Load], list[Load]]:
    """So many runs of each, A first in every pair."""
    of_a, of_b = [], []
    for number in range(pairs):
        of_a.append(a())
        of_b.append(b())
        ratio = of_a[-1].per_cpu_s / of_b[-1].per_cpu_s
        print(
            f"pair {number + 1} of {pairs}: {of_a[-1].requests} and {of_b[-1].requests} requests, "
            f"ratio {ratio:.2f}",
            file=sys.stderr,
        )
    return of_a, of_b


def report(name_a: str, a: Sequence[Load], name_b: str, b: Sequence[Load]) -> str:
    """Requests per CPU second and requests a second of both, and the ratios pair by pair."""
    rates_a, rates_b = [one.per_cpu_s for one in a], [one.per_cpu_s for one in b]
    width = max(len(name_a), len(name_b), 5)
    lines = [f"{'':{width}}  requests per CPU-second (least - median - most)"]
    for name, rates in ((name_a, rates_a), (name_b, rates_b)):
        lines.append(f"{name:{width}}  {spread(rates).text('{:.0f}')}")
    lines.append(f"{'ratio':{width}}  {spread(ratios(rates_a, rates_b)).text()}")
    return "\n".join(lines)


@contextmanager
def nginx() -> Iterator[Nginx]:
    """A web server on a free port; SystemExit where nginx is not installed."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        raise SystemExit("nginx is not installed; on Debian: apt-get install nginx")
    with tempfile.TemporaryDirectory() as folder, Nginx(program, Path(folder)) as server:
        yield server


def environment(folder: Path) -> dict[str, str]:
    """The environment without settings that would change a run, and with state kept apart."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LOCUST_", "LOADTUI_"))}
    return kept | {"HOME": str(folder), "XDG_STATE_HOME": str(folder / "state")}


def loadtui() -> Path:
    """The installed command beside this Python."""
    return Path(sys.executable).with_name("loadtui")


def machine() -> str:
    """What the figures were measured on, in a line."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [ln for ln in cpuinfo.read_text().splitlines() if ln.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    busy = f", load average {os.getloadavg()[0]:.1f}"
    return (
        f"{model}, {os.cpu_count()} cores, Linux {platform.release()}, "
        f"Python {platform.python_version()}{busy}"
    )
