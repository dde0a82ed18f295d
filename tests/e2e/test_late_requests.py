"""The run ends when it ends: what starts after the end counts for nothing, and is told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import Write, load
from tests.support.delay_server import DelayServer
from tests.support.fake_host import notes, serverless

pytestmark = pytest.mark.thorough

JOURNEY = """
    import os
    import time
    from locust import {base}, constant, task

    class Someone({base}):
        wait_time = constant(0)

        def on_stop(self):
            self.client.get("/bye")

        @task
        def journey(self):
            for at in range(25):
                with open("sent.txt", "a") as file:
                    file.write("x")
                self.client.get("/a")
                time.sleep(0.1)
            self.client.get("/the-end")
"""


@pytest.fixture(scope="module")
def server() -> Iterator[DelayServer]:
    with DelayServer() as running:
        yield running


@pytest.mark.parametrize(("base", "more"), [("FastHttpUser", []), ("HttpUser", ["--stock-http"])])
def test_nobody_sends_anything_more_by_default(
    project: Path, write: Write, server: DelayServer, base: str, more: list[str]
) -> None:
    file = write(JOURNEY.format(base=base))
    outcome = load(project, file, "-u", "2", "-r", "10", "-t", "1s", "-H", server.url, *more)
    document = outcome.document
    assert outcome.quiet_code == 0
    assert (document["unfinished"], set(outcome.endpoints())) == (0, {"GET /a"})
    sent = len((project / "sent.txt").read_text())
    assert document["totals"]["requests"] == sent < 50
    assert document["late_endpoints"] == [
        {"method": "GET", "name": "/bye", "requests": 2, "failures": 0}
    ], "but to clean up"


def test_a_stop_timeout_that_was_asked_for_lets_a_task_finish(
    project: Path, write: Write, server: DelayServer
) -> None:
    file = write(JOURNEY.format(base="HttpUser"))
    args = ("-u", "2", "-r", "10", "-t", "1s", "-s", "50s", "-H", server.url)
    outcome = load(project, file, *args)
    document = outcome.document
    late = {row["name"]: row["requests"] for row in document["late_endpoints"]}
    assert (late["/the-end"], late["/bye"]) == (2, 2)
    assert late["/a"] + document["totals"]["requests"] == 50
    assert late["/a"] > 10
    assert document["late"] == sum(late.values())
    assert set(outcome.endpoints()) == {"GET /a"}
    assert document["stages"][0]["requests"] == document["totals"]["requests"]


LATE_FAILURES = """
    from loadtui.metrics import Counter

    ASKED = Counter("asked")
    BEGAN = time.time()

    class Someone(ServerlessUser):
        @task
        def journey(self):
            while time.time() - BEGAN < 30 and not Path("enough").exists():
                late = self.environment.runner.state in ("cleanup", "stopped")
                with self.environment.events.request.measure("SAY", "hello"):
                    time.sleep(0.02)
                    if late:
                        note("late")
                        Path("enough").touch()
                        raise ValueError("too late")
"""


def test_what_fails_after_the_end_fails_nothing(project: Path, write: Write) -> None:
    file = write(serverless(LATE_FAILURES))
    outcome = load(project, file, "-u", "1", "-t", "1s", "-s", "40s")
    document = outcome.document
    assert outcome.quiet_code == 0
    assert (document["totals"]["failures"], document["errors"]) == (0, [])
    assert document["late"] >= 1
    assert document["late_endpoints"][0]["failures"] == len(notes(project)) == 1


STREAMS = """
    import locust
    from locust import FastHttpUser, HttpUser, task

    class Blocks(HttpUser):
        @task
        def block(self):
            with self.client.get("/", stream=True, catch_response=True) as response:
                for _ in response.iter_lines():
                    pass

    class Plain(HttpUser):
        @task
        def plain(self):
            response = self.client.get("/", stream=True)
            for _ in response.iter_lines():
                pass

    class FastBlocks(FastHttpUser):
        @task
        def block(self):
            with self.client.get("/", stream=True, catch_response=True) as response:
                while response.stream.read(1):
                    pass

    class FastLines(FastHttpUser):
        @task
        def lines(self):
            for _ in self.client.iter_lines("/"):
                pass
"""
HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def endless() -> Iterator[str]:
    """A server whose answers begin and never end."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        connections = []

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                connections.append(connection)
                connection.sendall(HEAD + b"6\r\ndata\n\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in connections:
            connection.close()


@pytest.mark.parametrize("more", [[], ["--stock-http"]], ids=["fast", "stock"])
def test_streams_that_outlive_the_run_are_unfinished(
    project: Path, write: Write, endless: str, more: list[str]
) -> None:
    args = ("-u", "4", "-r", "10", "-t", "1s", "-s", "0.5s", "-H", endless)
    document = load(project, write(STREAMS), *args, *more).document
    assert (document["unfinished"], document["totals"]["requests"]) == (4, 0)
    assert document["late"] == 0
