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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.support.servers import Nginx  # noqa: E402

_CHANGES_A_RUN = ("LOCUST_", "LOADTUI_", "PYTHONDONTWRITEBYTECODE")
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


@contextmanager
def nginx(*, tls: bool = False) -> Iterator[Nginx]:
    """A web server on a free port; SystemExit where nginx is not installed."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        raise SystemExit("nginx is not installed; on Debian: apt-get install nginx")
    with tempfile.TemporaryDirectory() as folder, Nginx(program, Path(folder), tls=tls) as server:
        yield server


def environment(folder: Path) -> dict[str, str]:
    """The environment without settings that would change a run, and with state kept apart.

    Bytecode may be kept: both sides are measured as installed, not compiled anew at each start.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith(_CHANGES_A_RUN)}
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
