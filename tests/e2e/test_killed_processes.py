"""What a killed worker or host had in hand is counted: the server's own count is the measure."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from pathlib import Path

import pytest

from loadtui.plurals import thousands
from loadtui.store.books import BOOKS
from loadtui.store.stored_run import Run
from tests.support.command import Document, Running, Write, command, load, run_args
from tests.support.project import host_of
from tests.support.servers import Nginx
from tests.support.waiting import wait_until

USERS = """
    from locust import FastHttpUser, HttpUser, constant, task

    class FlatOut(FastHttpUser):
        @task(3)
        def get(self):
            self.client.get("/")

        @task
        def fail(self):
            self.client.get("/500")

        @task
        def look(self):
            with self.client.get("/404", catch_response=True) as response:
                response.success()

    class Paced(HttpUser):
        wait_time = constant(0.01)

        @task(3)
        def get(self):
            self.client.get("/")

        @task
        def look(self):
            with self.client.get("/500", catch_response=True) as response:
                response.failure("as said")
"""
EVERYTHING = """
    import contextlib
    from locust import FastHttpUser, HttpUser, constant, events, task

    class Everything:
        wait_time = constant(60)
        abstract = True

        def on_start(self):
            client = self.client
            client.get("/")
            client.get("/moved")
            client.get("/404")
            with contextlib.suppress(Exception):
                client.get("nonsense://there/is/none")
            client.get("http://127.0.0.1:1/nobody", name="/nobody")
            with client.get("/", catch_response=True) as response:
                response.failure("as said")
            with contextlib.suppress(ZeroDivisionError), client.get("/", catch_response=True):
                1 / 0
            self.never_entered = client.get("/", catch_response=True)
            self.read = client.get("/", stream=True)
            self.read.content
            self.never_read = client.get("/big", stream=True)
            events.request.fire(
                request_type="SAY", name="by hand", response_time=1, response_length=0,
                exception=None, context={},
            )
            with events.request.measure("SAY", "measured"):
                pass
            with events.request.measure("SAY", "nested"):
                client.get("/nested")

        @task
        def wait(self):
            pass

        def on_stop(self):
            self.client.get("/late")

    class Fast(Everything, FastHttpUser):
        pass

    class Plain(Everything, HttpUser):
        pass
"""
WORKERS = 2
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(1, 10))]


def _args(write: Write, nginx: Nginx, *more: str) -> list[str]:
    file = write(USERS)
    users = ("-u", "8", "-r", "100", "--processes", str(WORKERS), *more)
    return run_args(file, "-H", nginx.url, *users)


def _assert_balanced(run: Run, document: Document, served: int, killed: int) -> None:
    """A request that is begun and not written to its socket has not reached the server: each
    process that is killed can be in the middle of one."""
    totals = document["totals"]
    parts = totals["requests"], document["unfinished"], totals["lost"]
    assert totals["started"] == sum(parts)
    assert 0 <= totals["started"] - served <= killed, (parts, served)
    workers = run.manifest.workers
    assert sum(worker.started for worker in workers) == totals["started"]
    assert [worker for worker in workers if worker.unbalanced] == []
    assert not (run.folder / BOOKS).exists()


def _served(nginx: Nginx) -> int:
    """Once what killed processes had written was read."""
    wait_until(lambda: nginx.connections() == 0, "nginx to read what was sent")
    return nginx.count()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_worker(seed: int, project: Path, write: Write, nginx: Nginx) -> None:
    with Running(project, *_args(write, nginx, "-t", "2s")) as running:
        worker = running.until_running().workers[seed % WORKERS]
        time.sleep(random.Random(seed).uniform(0.2, 1.4))
        os.kill(worker.pid, signal.SIGKILL)
        outcome = running.wait()
    document = outcome.document
    _assert_balanced(outcome.run, document, _served(nginx), killed=1)
    [lost, other] = sorted(outcome.run.manifest.workers, key=lambda one: not one.lost)
    assert (lost.index, other.unfinished, other.lost_requests) == (worker.index, 0, 0)
    number = f"{thousands(document['totals']['lost'])} requests finished and could not be saved"
    said = [reason for reason in document["invalid_reasons"] if "could not be saved" in reason]
    assert lost.lost_requests < 2 or said == [number]
    assert document["valid"] is False


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_host(seed: int, project: Path, write: Write, nginx: Nginx) -> None:
    with Running(project, *_args(write, nginx, "-t", "60s")) as running:
        workers = running.until_running().workers
        host = host_of(running.folder)
        assert host is not None
        time.sleep(random.Random(seed).uniform(0.2, 1.4))
        # The worker that is killed first has no chance to notice that its host is gone.
        for pid in [host] if seed % 2 else [workers[0].pid, host, workers[1].pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        running.wait()
        folder = running.folder
    served = _served(nginx)
    shown = command(project, "runs", "show", folder.name, "--json")
    _assert_balanced(Run.open(folder), shown.document, served, killed=WORKERS)
    totals = shown.document["totals"]
    if totals["started"] > totals["requests"]:
        text = command(project, "runs", "show", folder.name).stdout
        unfinished, lost = thousands(shown.document["unfinished"]), thousands(totals["lost"])
        assert f"{unfinished} unfinished, {lost} lost" in " ".join(text.split())


@pytest.mark.thorough
@pytest.mark.parametrize("client", [[], ["--stock-http"]], ids=["ours", "stock"])
def test_an_ordinary_end(client: list[str], project: Path, write: Write, nginx: Nginx) -> None:
    outcome = load(
        project, write(USERS), "-H", nginx.url, "-u", "8", "-r", "100", "-t", "2s", *client
    )
    document = outcome.document
    _assert_balanced(outcome.run, document, _served(nginx), killed=0)
    assert (document["unfinished"], document["totals"]["lost"]) == (0, 0)


@pytest.mark.thorough
@pytest.mark.parametrize("client", [[], ["--stock-http"]], ids=["ours", "stock"])
def test_whatever_is_sent_and_however(
    client: list[str], project: Path, write: Write, nginx: Nginx
) -> None:
    users = ("-u", "2", "-r", "100", "-t", "3s")
    outcome = load(project, write(EVERYTHING), "-H", nginx.url, *users, *client)
    [worker] = outcome.run.manifest.workers
    assert (worker.unbalanced, worker.lost_requests, outcome.document["late"]) == (False, 0, 2)
    named = {row["name"] for row in outcome.endpoints().values()}
    assert named >= {"/moved", "/nobody", "by hand", "measured", "nested", "/nested"}
    assert worker.unfinished == 4, "of each user the one never entered and the one never read"
    assert outcome.document["totals"]["started"] == worker.requests + 4


@pytest.mark.thorough
def test_books_that_are_removed(project: Path, write: Write, nginx: Nginx) -> None:
    with Running(project, *_args(write, nginx, "-t", "2s")) as running:
        running.until_running()
        (running.folder / BOOKS).unlink()
        outcome = running.wait()
    totals = outcome.document["totals"]
    assert totals["started"] == totals["requests"] == _served(nginx)
    assert not [word for word in outcome.document["invalid_reasons"] if "books" in word]
