"""How much load this machine can honestly make: a short real run of one worker.

The command `loadtui run` itself is started, in a folder of its own that is removed afterwards:
first one user who waits between requests, of whose latencies the machine's own share is learned;
then ten who do not, which is as much as a worker can send.  The target answers at once and is a
process of its own, so that on few cores it takes CPU that one elsewhere would not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import fmean
from typing import Any

import msgspec

from loadtui.doctor.finding import Finding, Level
from loadtui.errors import UsageError
from loadtui.launch.cores import default_processes, usable_cores
from loadtui.plurals import counted, thousands
from loadtui.verdict.validity import CPU_MAX

_NOUN = "self-test"
TIMEOUT_S = 90.0
LATE_P99_MS, VERY_LATE_P99_MS = 5.0, 20.0
"""Of answers that take no time, with one user."""
STARVED = 0.7
"""Share of a core below which a worker that could use a whole one did not get it."""
LIGHT, FULL = "light", "full"
_PREFIXES = ("LOADTUI_", "LOCUST_")
_LOCUSTFILE = """\
from locust import FastHttpUser, constant, task


class Light(FastHttpUser):
    wait_time = constant(0.002)

    @task
    def answer(self):
        self.client.get("/")


class Full(Light):
    wait_time = constant(0)
"""
_PLAN = f'''\
locustfile = "locustfile.py"
[[stage]]
name = "{LIGHT}"
users = {{ Light = 1 }}
spawn_rate = 1000
duration = "2s"
[[stage]]
name = "{FULL}"
users = {{ Full = 10 }}
spawn_rate = 1000
duration = "3s"
'''


class SelfTest(msgspec.Struct, frozen=True):
    """What one worker did."""

    rps: float
    """Requests a second with no pause between them."""
    worker_cores: float
    """CPU that the worker got for them, of 1."""
    rps_per_core: float
    """Of the worker's CPU alone: host and target come on top."""
    p50_ms: float
    """With a single user who waits."""
    p99_ms: float
    workers: int
    """That a run starts here by itself."""
    reckoned_rps: float
    """Of so many workers that use their cores up to what a valid run may; not measured."""


def run_self_test() -> SelfTest:
    """Make the run.  Raises UsageError with a sentence when it brings nothing."""
    try:
        return _self_test()
    except OSError as error:  # no folder for it, no process, no port
        raise UsageError(f"it cannot be set up: {error}") from error


def _self_test() -> SelfTest:
    with tempfile.TemporaryDirectory(prefix="loadtui-doctor-") as name, _target() as port:
        folder = Path(name)
        (folder / "locustfile.py").write_text(_LOCUSTFILE, encoding="utf-8")
        (folder / "self-test.toml").write_text(_PLAN, encoding="utf-8")
        document = _ran(folder, port)
        stages = {stage["name"]: stage for stage in document["stages"]}
        if document["totals"]["failures"] or not {LIGHT, FULL} <= stages.keys():
            raise UsageError(f"the run broke off: {document['ended_because'] or 'requests failed'}")
        return of_document(stages, _worker_cores(Path(document["folder"]), stages[FULL]))


def of_document(stages: Mapping[str, Any], worker_cores: float) -> SelfTest:
    """The figures, of the stages as a run's JSON document has them."""
    light, full = stages[LIGHT]["measured"], stages[FULL]["measured"]
    per_core = full["rps"] / worker_cores if worker_cores else 0.0
    workers = default_processes()
    return SelfTest(
        rps=full["rps"],
        worker_cores=worker_cores,
        rps_per_core=per_core,
        p50_ms=light["p50_ms"],
        p99_ms=light["p99_ms"],
        workers=workers,
        reckoned_rps=per_core * workers * CPU_MAX,
    )


def self_test_findings(done: SelfTest) -> Iterator[Finding]:
    """In words."""
    yield _latency(done)
    found = (
        f"one worker made {_round(done.rps)} requests/s with {done.worker_cores:.2f} of a core, "
        f"{_round(done.rps_per_core)} for each whole core"
    )
    if done.worker_cores < STARVED:
        remedy = (
            "it did not get the core that it could use: see neighbours, throttling and cores above"
        )
        yield Finding(_NOUN, "one worker", "note", found, remedy)
    else:
        yield Finding(_NOUN, "one worker", "ok", found)
    cores = usable_cores()
    reckoned = (
        f"with {counted(cores, 'core')} about {_round(done.reckoned_rps)} requests/s: reckoned for "
        f"{counted(done.workers, 'worker')} at {100 * CPU_MAX:.0f} % CPU, GET with a body of 2 "
        "bytes, and a target elsewhere; heavier requests make fewer"
    )
    if done.worker_cores < STARVED:
        remedy = "of so little CPU it is a rough figure: try again when the machine is free"
        yield Finding(_NOUN, "this machine", "note", reckoned, remedy)
    else:
        yield Finding(_NOUN, "this machine", "ok", reckoned)


def failed_self_test(error: UsageError) -> Finding:
    return Finding(_NOUN, "run", "problem", f"{error}", "what stands above may say why")


def _latency(done: SelfTest) -> Finding:
    found = f"an answer that takes no time: p50 {done.p50_ms:.2f} ms, p99 {done.p99_ms:.2f} ms"
    if done.p99_ms < LATE_P99_MS:
        return Finding(_NOUN, "latency", "ok", found)
    level: Level = "problem" if done.p99_ms >= VERY_LATE_P99_MS else "note"
    remedy = "this much any percentile measured here has in it: see neighbours and steal time above"
    return Finding(_NOUN, "latency", level, found, remedy)


@contextmanager
def _target() -> Iterator[int]:
    """The port of a target that ends with the block."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "loadtui.doctor.self_test_target"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    with process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise UsageError("its target ended before it had started")
            yield int(line)
        finally:
            assert process.stdin is not None
            process.stdin.close()


def _ran(folder: Path, port: int) -> dict[str, Any]:
    """The JSON document of the run; its exit code says nothing, as a worker at its limit makes a
    run invalid."""
    result = folder / "result.json"
    env = {n: value for n, value in os.environ.items() if not n.startswith(_PREFIXES)}
    env |= {"LOADTUI_RUNS": str(folder / "runs"), "XDG_STATE_HOME": str(folder / "state")}
    command = [sys.executable, "-P", "-m", "loadtui", "run", "self-test.toml"]
    command += ["-H", f"http://127.0.0.1:{port}", "--no-ui", "--quiet", "--processes", "1"]
    command += ["--no-baseline", "--json", str(result)]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            said = process.communicate(timeout=TIMEOUT_S)[1].decode(errors="replace").split("\n")
        except subprocess.TimeoutExpired:
            process.kill()
            raise UsageError(f"the run had not ended after {TIMEOUT_S:.0f} s") from None
    try:
        document: dict[str, Any] = json.loads(result.read_bytes())
    except (OSError, ValueError):
        last = next((line for line in reversed(said) if line.strip()), "it said nothing")
        raise UsageError(f"the run failed: {last.removeprefix('loadtui: error: ')}") from None
    return document


def _worker_cores(folder: Path, stage: Mapping[str, Any]) -> float:
    """CPU of the worker, on average over the measured seconds of a stage."""
    from loadtui.store.stored_run import Run
    from loadtui.verdict.validity import run_seconds

    first = stage["measured_from"]
    measured = range(first, first + stage["measured_s"])
    rows = [row for row in run_seconds(Run.open(folder).timeline()) if row.second in measured]
    return fmean([worker.cpu for row in rows for worker in row.workers] or [0.0])


def _round(number: float) -> str:
    """To two digits: more it does not say."""
    digits = max(len(str(int(number))) - 2, 0)
    return thousands(round(number / 10**digits) * 10**digits)
