"""A signal at any moment of a run's start: no process stays behind, and nobody sees a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import pytest

from tests.support.waiting import wait_until

USERS = """
from locust import User, constant, task

class Someone(User):
    wait_time = constant(0.1)

    @task
    def say(self):
        self.environment.events.request.fire(
            request_type="SAY", name="hello", response_time=5, response_length=0,
            exception=None, context={},
        )
"""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
AT_ONCE = 3
LOAD = ["-u", "2", "-r", "2", "-t", "3s", "--processes", "2"]


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_in_the_first_seconds(tmp_path: Path, number: signal.Signals) -> None:
    _interrupt_all(tmp_path, number, [0.06, 0.2, 0.45, 0.8, 1.3, 2.2])


SLOW_TO_IMPORT = "import time\n\ntime.sleep(60)\n"
SLOW_INIT = """
import time
from locust import events

@events.init.add_listener
def wait(**kwargs):
    time.sleep(60)
"""
SLOW = [pytest.param(SLOW_TO_IMPORT, 1, id="import"), pytest.param(SLOW_INIT, 3, id="init")]
"""A locustfile that takes its time, and how many processes of the run there are then: the host, and
after the import two workers."""


def _starting(project: Path, slow: str, processes: int) -> subprocess.Popen[bytes]:
    project.mkdir()
    (project / "locustfile.py").write_text(slow + USERS)
    process = _started(project, subprocess.PIPE)

    def there() -> bool:
        of_the_run = [line for line in _processes_of(project) if "\0loadtui.engine\0" in line]
        return len(of_the_run) == processes

    wait_until(there, f"{processes} processes of the run")
    return process


@pytest.mark.parametrize(("slow", "processes"), SLOW)
def test_an_interrupted_start_says_what_became_of_it(
    tmp_path: Path, slow: str, processes: int
) -> None:
    project = tmp_path / "project"
    process = _starting(project, slow, processes)
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"interrupted before the run started: nothing was sent, and nothing is saved" in printed
    assert _processes_of(project) == [], "workers are gone when the command is"
    assert list((project / ".loadtui" / "runs").iterdir()) == []


@pytest.mark.parametrize(("slow", "processes"), SLOW)
def test_a_start_whose_command_is_killed(tmp_path: Path, slow: str, processes: int) -> None:
    project = tmp_path / "project"
    process = _starting(project, slow, processes)
    process.kill()
    process.communicate()
    wait_until(lambda: not _processes_of(project), "the end of host and workers")
    assert list((project / ".loadtui" / "runs").iterdir()) == []


@pytest.mark.sweep
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_at_every_moment(tmp_path: Path, number: signal.Signals) -> None:
    _interrupt_all(tmp_path, number, [at / 50 for at in range(3, 150)])


def _interrupt_all(folder: Path, number: signal.Signals, moments: list[float]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        faults = list(pool.map(lambda at: _interrupted(folder / f"{at:.2f}", number, at), moments))
    assert [fault for fault in faults if fault] == []


def _interrupted(project: Path, number: signal.Signals, at_s: float) -> str:
    """What is wrong after a signal at this moment, empty when nothing is."""
    project.mkdir()
    (project / "locustfile.py").write_text(USERS)
    with (project / "err").open("w+b") as errors:
        process = _started(project, errors)
        time.sleep(at_s)
        process.send_signal(number)
        code = process.wait(60)
    wait_until(lambda: not _processes_of(project), f"no process after {at_s} s", 30.0)
    printed = (project / "err").read_text()
    logs = "".join(path.read_text() for path in project.glob(".loadtui/runs/*/host.log"))
    # Python itself, before it comes to the program, has a traceback of its own.
    if "Traceback" in printed and "/loadtui/" not in printed:
        return ""
    if "Traceback" in printed + logs:
        return f"{at_s}: {printed}{logs}"
    if number == signal.SIGINT and not printed and code == 130:
        return f"{at_s}: nothing was said"
    if code not in (130, -number, 0, 3):
        return f"{at_s}: exit code {code}: {printed}"
    runs = project.glob(".loadtui/runs/*")
    left = [run for run in runs if not (run / "manifest.json").exists()]
    return f"{at_s}: left behind {left}" if left else ""


def _started(project: Path, output: IO[bytes] | int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "loadtui", "run", "locustfile.py", "--no-ui", *LOAD],
        cwd=project,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _processes_of(project: Path) -> list[str]:
    """Command lines of the processes that run below a folder."""
    lines = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes()
                folder = (entry / "cwd").readlink()
            except OSError:
                continue
            if os.fsencode(project) in line or folder == project:
                lines.append(line.decode(errors="replace"))
    return lines
