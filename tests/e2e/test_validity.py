"""A run whose load generator had no chance says nothing, and says so; a quiet one is believed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import BOTTLENECK, Document, Running, Write, load, run_args
from tests.support.machine_lock import skip_if_busy
from tests.support.servers import Nginx, TimedServer

pytestmark = pytest.mark.thorough
PACED = """
    from locust import FastHttpUser, constant, task

    class Someone(FastHttpUser):
        wait_time = constant(0.05)

        @task
        def ask(self):
            self.client.get("/")
"""
SERVERLESS_USERS = """
    from locust import User, constant, task

    class Someone(User):
        wait_time = constant(0.05)

        @task
        def pretend(self):
            self.environment.events.request.fire(
                request_type="SAY", name="hello", response_time=20, response_length=0,
                exception=None, context={},
            )
"""
ATTEMPTS = 3
BUSY_LOOP = "while True: pass"


@contextlib.contextmanager
def busy_neighbour(core: int) -> Iterator[None]:
    """A process that computes on one core for as long as the block lasts."""
    process = subprocess.Popen([sys.executable, "-c", BUSY_LOOP])
    try:
        os.sched_setaffinity(process.pid, {core})
        yield
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def stopped_now_and_then(pid: int) -> Iterator[None]:
    """SIGSTOP and SIGCONT: 0.3 s of every second the process does not run."""
    over = threading.Event()
    process = os.pidfd_open(pid)

    def bursts() -> None:
        with contextlib.suppress(ProcessLookupError):  # it may end before we leave
            while not over.wait(0.7):
                signal.pidfd_send_signal(process, signal.SIGSTOP)
                time.sleep(0.3)
                signal.pidfd_send_signal(process, signal.SIGCONT)

    thread = threading.Thread(target=bursts)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        os.close(process)


@pytest.mark.alone
def test_a_quiet_run_is_valid(project: Path, write: Write, timed_server: TimedServer) -> None:
    # Of what runs beside the tests on this machine nothing is known: once in three is enough.
    file = write(PACED)
    for _ in range(ATTEMPTS):
        outcome = load(project, file, "-u", "5", "-r", "10", "-t", "4s", "-H", timed_server.url)
        if outcome.document["valid"]:
            break
    else:
        skip_if_busy()
    document = outcome.document
    assert (document["valid"], document["invalid_reasons"]) == (True, [])
    assert (document["exit_code"], outcome.code, document["verdict"]) == (0, 0, "pass")
    assert document["measured_seconds"] >= 3
    assert document["workers"][0]["lost"] == ""


@pytest.mark.alone
def test_a_worker_beside_busy_neighbours_is_starved(
    project: Path, write: Write, nginx: Nginx
) -> None:
    core = min(os.sched_getaffinity(0))
    # Without a pause: a worker that mostly sleeps gets its core at once whenever it wakes.
    file = write(PACED.replace("constant(0.05)", "constant(0)"))
    args = run_args(file, "-u", "20", "-r", "100", "-t", "4s", "-H", nginx.url)
    with Running(project, *args) as running:
        [worker] = running.until_running().workers
        os.sched_setaffinity(worker.pid, {core})
        with busy_neighbour(core), busy_neighbour(core):
            outcome = running.wait()
    assert_invalid(outcome.document, outcome.code)
    assert "waiting for a CPU" in outcome.document["invalid_reasons"][0]


def test_a_worker_that_is_stopped_now_and_then(
    project: Path, write: Write, timed_server: TimedServer
) -> None:
    args = run_args(write(PACED), "-u", "5", "-r", "10", "-t", "4s", "-H", timed_server.url)
    with Running(project, *args) as running:
        [worker] = running.until_running().workers
        with stopped_now_and_then(worker.pid):
            running.until(lambda manifest: manifest.state != "running")
        outcome = running.wait()
    assert_invalid(outcome.document, outcome.code)
    assert outcome.document["bad_seconds"] >= 2


def assert_invalid(document: Document, code: int) -> None:
    assert (document["valid"], document["verdict"]) == (False, "invalid")
    assert (document["exit_code"], code) == (3, 3)
    assert document["state"] == "finished"
    [reason] = document["invalid_reasons"]
    assert reason.startswith(BOTTLENECK)


def test_when_one_of_two_workers_is_killed_the_other_takes_its_users(
    project: Path, write: Write
) -> None:
    file = write(SERVERLESS_USERS)
    args = run_args(file, "-u", "6", "-r", "100", "-t", "4s", "--processes", "2")
    with Running(project, *args) as running:
        workers = running.until_running().workers
        os.kill(workers[0].pid, signal.SIGKILL)
        outcome = running.wait()
    document = outcome.document
    assert (outcome.code, document["state"]) == (3, "finished")
    assert document["duration_s"] == pytest.approx(4, abs=0.5)
    lost = f"worker {workers[0].index} was killed by SIGKILL"
    assert any(lost in reason for reason in document["invalid_reasons"])
    assert sorted(bool(worker["lost"]) for worker in document["workers"]) == [False, True]
    users = outcome.run.timeline()["users"].to_list()
    assert users[-1] == 6, f"the users of the dead worker are at work again: {users}"


def test_when_the_only_worker_is_killed_the_run_ends(project: Path, write: Write) -> None:
    with Running(project, *run_args(write(SERVERLESS_USERS), "-u", "2", "-t", "60s")) as running:
        [worker] = running.until_running().workers
        os.kill(worker.pid, signal.SIGKILL)
        outcome = running.wait(20)
    document = outcome.document
    assert (outcome.code, document["state"], document["verdict"]) == (3, "failed", "invalid")
    assert document["ended_because"] == "the last worker was killed by SIGKILL"
    assert document["duration_s"] < 10
    assert any("SIGKILL" in reason for reason in document["invalid_reasons"])
