"""A run that cannot be trusted says who took the CPU, and what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from loadtui.engine.host.cpu_watch import CpuWatch
from loadtui.machine.process_table import process_name
from tests.support.command import BOTTLENECK, Write, command, load
from tests.support.servers import Nginx
from tests.support.waiting import wait_until

pytestmark = pytest.mark.thorough

BUSY = """
    from locust import User, task

    class Someone(User):
        @task
        def compute(self):
            sum(range(20_000))
            self.environment.events.request.fire(
                request_type="SAY", name="hello", response_time=5, response_length=0,
                exception=None, context={},
            )
"""
FEW_FILES = """
    import resource
    from locust import FastHttpUser, constant, task

    class Someone(FastHttpUser):
        wait_time = constant(0.2)

        def on_start(self):
            resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))

        @task
        def ask(self):
            self.client.get("/")
"""
TAGGED = """
    from locust import User, constant, tag, task

    class Someone(User):
        wait_time = constant(1)

        @tag("common")
        @task
        def ask(self):
            pass
"""
NO_TASK = """
    from locust import User

    class Idle(User):
        pass
"""


def test_a_bottleneck_says_who_used_the_cpu(project: Path, write: Write) -> None:
    outcome = load(project, write(BUSY), "-u", "2", "-r", "2", "-t", "6s")
    assert outcome.code == 3
    [reason] = outcome.document["invalid_reasons"]
    assert reason.startswith(BOTTLENECK)
    assert f"of {os.cpu_count()} cores this program's 1 worker used " in reason
    assert "fewer users or more think time (wait_time)" in reason


def test_too_few_open_files(project: Path, write: Write, nginx: Nginx) -> None:
    file = write(FEW_FILES)
    outcome = load(project, file, "-u", "60", "-r", "60", "-t", "3s", "-H", nginx.url)
    assert outcome.code == 3
    reasons = outcome.document["invalid_reasons"]
    assert any("ran out of open files: raise `ulimit -n`" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("text", "options", "why"),
    [
        (NO_TASK, [], "Idle has no task: give it at least one @task"),
        (TAGGED, ["-T", "rare"], "tags rare leave no task to Someone"),
        (TAGGED, ["-E", "common"], "exclude_tags common leave no task to Someone"),
    ],
)
def test_users_without_a_task(
    project: Path, write: Write, text: str, options: list[str], why: str
) -> None:
    outcome = command(project, "run", write(text), "--no-ui", "-t", "1s", *options)
    assert outcome.code == 2
    assert why in outcome.stderr
    assert not list((project / ".loadtui" / "runs").iterdir())


@pytest.mark.parametrize(
    "text",
    [
        NO_TASK.replace("pass", "def run(self):\n            self.environment.runner.quit()"),
        NO_TASK.replace("pass", "def on_start(self):\n            self.tasks = [print]"),
        TAGGED.replace("User):", "User):\n        tasks = {print: 1}"),
    ],
)
def test_tasks_that_come_in_another_way(project: Path, write: Write, text: str) -> None:
    assert command(project, "check", write(text)).code == 0


def test_more_processes_than_cores(project: Path, write: Write) -> None:
    processes = str((os.cpu_count() or 1) + 1)
    outcome = load(
        project, write(TAGGED), "-u", "1", "-r", "1", "-t", "1s", "--processes", processes
    )
    assert f"--processes {processes} on " in outcome.stderr
    assert outcome.document["state"] == "finished"


def test_a_neighbour_is_named() -> None:
    bad = 0
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as neighbour:
        try:
            watch = CpuWatch([], lambda: bad)
            watch.look()
            assert watch.load() is None
            wait_until(lambda: _cpu_ticks(neighbour.pid) > 60, "a busy neighbour")
            bad = 1
            watch.finish()
            load_ = watch.load()
            assert process_name(neighbour.pid) == f"{Path(sys.executable).name} -c"
        finally:
            neighbour.kill()
    assert load_ is not None
    assert any(other.name.endswith(" -c") and other.cores > 0.1 for other in load_.others)


def _cpu_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
