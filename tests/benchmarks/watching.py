"""What it costs to watch a run: the real `loadtui attach` in a pseudo-terminal.

python tests/benchmarks/watching.py [--seconds 60] [--only cpu bytes keys paint memory load]

cpu     share of a core, 120x40, 50 endpoints, a snapshot a second (budget 8 %)
bytes   to the terminal a second, 100x30, 50 endpoints (4 KB)
keys    from a key to what it shows, p95 (100 ms)
paint   from the command to the first picture over `python -c 'import textual.app'` (2.5), and until
        the run's figures are in it
memory  after 1, 2, 4 and 8 hours of a feed that is played as quickly as it is taken (flat)
load    generator CPU a request with a screen open over without, windows of one run (1.03)

The feed is feed_host.py, but for `load`, which runs against nginx.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

import harness
from loadtui.wire.messages import Command
from loadtui.wire.single_command import call
from tests.support.viewer import Viewer

HERE = Path(__file__).parent
SETTLE_S = 5.0
PAIRS = 3
WINDOW_S = 5.0
PAIRS_A_SECOND = 0.4
"""Of `load`: 24 with the default of 60 s."""
USERS = 50
KEYS = (
    ("?", "this run", True),
    ("\x1b[27u", "this run", False),
    (" ", "frozen", True),
    (" ", "frozen", False),
)
"""Key, a word that it brings or takes away, and which of the two."""
LOCUSTFILE = """
from locust import FastHttpUser, constant_throughput, task

class Steady(FastHttpUser):
    wait_time = constant_throughput(20)

    @task
    def get(self):
        self.client.get("/")
"""


@contextmanager
def host(folder: Path, *options: str) -> Iterator[Path]:
    """The folder of a run that goes on while the block does."""
    run = folder / "run"
    run.mkdir()
    process = subprocess.Popen([sys.executable, HERE / "feed_host.py", run, *options])
    try:
        while not (run / "control.sock").exists():
            time.sleep(0.01)
        yield run
    finally:
        process.terminate()
        process.wait()


@contextmanager
def watched(size: tuple[int, int], *options: str) -> Iterator[Viewer]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with host(folder, *options) as run, attach(folder, run, size) as viewer:
            viewer.wait_for("RUNNING")
            yield viewer


def attach(folder: Path, run: Path, size: tuple[int, int]) -> Viewer:
    command = [harness.loadtui(), "attach", run]
    return Viewer(command, folder, size=size, env=harness.environment(folder))


def cpu_and_bytes(seconds: float, size: tuple[int, int]) -> tuple[float, float]:
    """Share of a core and bytes a second, once it shows the run."""
    with watched(size) as viewer:
        viewer.look(SETTLE_S)
        process = psutil.Process(viewer.process.pid)
        cpu, written, began = _cpu([process]), viewer.bytes, time.monotonic()
        viewer.look(seconds)
        took = time.monotonic() - began
        return (_cpu([process]) - cpu) / took, (viewer.bytes - written) / took


def keys(seconds: float) -> list[float]:
    """Milliseconds from a key to its effect: the help opened and closed, the display frozen."""
    found = []
    with watched((120, 40)) as viewer:
        viewer.look(SETTLE_S)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for key, word, shown in KEYS:
                began = time.monotonic()
                viewer.press(key)
                viewer.wait_until(lambda seen, w=word, s=shown: (w in seen.lower()) == s, word)
                found.append(1000 * (time.monotonic() - began))
                viewer.look(0.13)
    return found


def first_paint() -> tuple[float, float, float]:
    """Seconds until the first picture, until the run's figures are in it, and that Python takes to
    import Textual."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with host(folder) as run:
            began = time.monotonic()
            with attach(folder, run, (120, 40)) as viewer:
                viewer.wait_for("requests/s")
                painted = time.monotonic() - began
                viewer.wait_for("RUNNING")
                filled = time.monotonic() - began
    imported = harness.cost([sys.executable, "-c", "import textual.app"]).wall_s
    return painted, filled, imported


def memory(hours: float) -> list[tuple[float, float]]:
    """(hour of the run, resident MB)."""
    found = []
    with watched((120, 40), "--pace", "0") as viewer:
        process = psutil.Process(viewer.process.pid)
        for hour in (hours / 8, hours / 4, hours / 2, hours):
            clock = int(hour * 3600)
            viewer.wait_until(lambda seen, c=clock: _clock(seen) >= c, f"hour {hour:g}", 1800)
            found.append((hour, process.memory_info().rss / 1e6))
    return found


def _clock(seen: str) -> int:
    """Seconds on the first line: 01:02 or 1:02:03."""
    for word in reversed(seen.partition("\n")[0].split()):
        parts = word.split(":")
        if len(parts) in (2, 3) and all(part.isdigit() for part in parts):
            return sum(int(part) * 60**power for power, part in enumerate(reversed(parts)))
    return -1


def generator_cpu(url: str, windows: int) -> list[tuple[float, float]]:
    """Microseconds of CPU of host and worker for a request, in pairs of neighbouring windows of one
    headless run: with a screen on it, and with none.

    Of one run, as two differ by more than the budget; who goes first changes from pair to pair.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "locustfile.py").write_text(LOCUSTFILE)
        length = f"{int(2 * SETTLE_S + windows * 2 * (WINDOW_S + SETTLE_S))}s"
        command = [harness.loadtui(), "run", "locustfile.py", "-H", url, "-u", str(USERS)]
        command += ["-r", str(USERS), "-t", length, "--processes", "1", "--no-ui", "-q"]
        with Viewer(command, folder, size=(120, 40), env=harness.environment(folder)) as headless:
            headless.look(SETTLE_S)
            run = next((folder / ".loadtui" / "runs").iterdir())
            children = psutil.Process(headless.process.pid).children(recursive=True)
            engine = [one.pid for one in children if "loadtui.engine" in " ".join(one.cmdline())]

            def screen() -> float:
                with attach(folder, run, (120, 40)) as viewer:
                    viewer.wait_for("RUNNING")
                    viewer.look(SETTLE_S / 2)
                    return window(viewer)

            def window(reader: Viewer) -> float:
                before, done = _scheduled(engine), _requests(run)
                reader.look(WINDOW_S)
                spent, done = _scheduled(engine) - before, _requests(run) - done
                return 1e6 * spent / done

            found = []
            for pair in range(windows):
                first = screen() if pair % 2 == 0 else 0.0
                without = window(headless)
                found.append((first or screen(), without))
            headless.process.terminate()
            return found


def _scheduled(processes: list[int]) -> float:
    """Seconds on a processor, finer than the clock ticks of /proc/PID/stat."""
    files = [file for pid in processes for file in Path(f"/proc/{pid}/task").glob("*/schedstat")]
    return sum(int(file.read_text().split()[0]) for file in files) / 1e9


def _requests(run: Path) -> int:
    snapshot = call(run, Command(1, "snapshot")).snapshot
    assert snapshot is not None
    return snapshot.totals.requests or 0


def _cpu(processes: list[psutil.Process]) -> float:
    return sum(sum(one.cpu_times()[:2]) for one in processes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--hours", type=float, default=8.0, help="of `memory`")
    parts = ("cpu", "bytes", "keys", "paint", "memory", "load")
    parser.add_argument("--only", nargs="+", choices=parts, default=parts)
    given = parser.parse_args()
    os.environ.setdefault("TERM", "xterm-256color")
    print(harness.machine())
    if "cpu" in given.only:
        share, written = cpu_and_bytes(given.seconds, (120, 40))
        print(f"cpu     {100 * share:.1f} % of a core at 120x40, {written / 1000:.1f} KB/s (8 %)")
    if "bytes" in given.only:
        share, written = cpu_and_bytes(given.seconds, (100, 30))
        print(
            f"bytes   {written / 1000:.2f} KB/s at 100x30, {100 * share:.1f} % of a core (4 KB/s)"
        )
    if "keys" in given.only:
        took = sorted(keys(given.seconds))
        p95 = took[min(len(took) - 1, round(0.95 * len(took)))]
        median = statistics.median(took)
        print(f"keys    p95 {p95:.0f} ms, median {median:.0f}, {len(took)} keys (100)")
    if "paint" in given.only:
        rounds = [first_paint() for _ in range(PAIRS + 1)][1:]  # the first reads from disk
        ratio = harness.spread([painted / imported for painted, _, imported in rounds])
        painted = harness.spread([1000 * one for one, _, _ in rounds]).text("{:.0f}")
        filled = harness.spread([1000 * one for _, one, _ in rounds]).text("{:.0f}")
        print(f"paint   {ratio.text('{:.2f}')} of importing Textual (2.5): {painted} ms")
        print(f"        {filled} ms until the figures of the run are in it")
    if "memory" in given.only:
        said = ", ".join(f"{mb:.1f} MB after {hour:g} h" for hour, mb in memory(given.hours))
        print(f"memory  {said} (flat)")
    if "load" in given.only:
        with harness.nginx() as server:
            pairs = generator_cpu(server.url, max(3, round(given.seconds * PAIRS_A_SECOND)))
        logs = [math.log(screen / none) for screen, none in pairs]
        middle = statistics.fmean(logs)
        margin = 1.96 * statistics.stdev(logs) / math.sqrt(len(logs))
        low, ratio, high = (math.exp(middle + side * margin) for side in (-1, 0, 1))
        base = statistics.median(none for _, none in pairs)
        print(
            f"load    {ratio:.3f} (95 % interval {low:.3f} - {high:.3f}, {len(pairs)} pairs)"
            f" of {base:.1f} us a request (1.03)"
        )


if __name__ == "__main__":
    main()
