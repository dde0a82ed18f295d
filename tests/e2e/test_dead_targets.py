"""A target that cannot be reached ends the run: in words, with its counts, and exit code 1."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from tests.support.command import Write, command, load
from tests.support.servers import Nginx, deaf_port, free_port

USERS = """
    from locust import FastHttpUser, HttpUser, constant, task

    class Fast(FastHttpUser):
        wait_time = constant(0.1)

        @task
        def index(self):
            self.client.get("/fast")

    class Plain(HttpUser):
        wait_time = constant(0.1)

        @task
        def index(self):
            self.client.get("/plain")
"""
OTHER_USERS = """
    from locust import User, constant, task

    class Someone(User):
        wait_time = constant(0.1)

        @task
        def fail(self):
            self.environment.events.request.fire(
                request_type="SAY", name="hello", response_time=5, response_length=0,
                exception=ConnectionRefusedError(111, "Connection refused"), context={},
            )
"""
LOAD = ("-u", "2", "-r", "2", "-t", "60s", "--give-up", "1s")


def test_nobody_listens(project: Path, write: Write) -> None:
    port = free_port()
    outcome = load(project, write(USERS), *LOAD, "-H", f"http://127.0.0.1:{port}")
    document = outcome.document
    assert outcome.code == 1
    assert document["state"] == "finished"
    assert document["invalid_reasons"] == []
    why = f"nothing listens at 127.0.0.1:{port}; is it up? -H gives another host"
    assert outcome.run.manifest.ended_because == why
    assert document["totals"]["requests"] == document["totals"]["failures"] > 2
    assert "ConnectionRefusedError" in document["errors"][0]["message"], "documents have it raw"
    shown = command(project, "runs", "show", outcome.run.id)
    assert "connection refused: nothing listens there" in shown.stdout
    assert "ConnectionRefusedError" not in shown.stdout


@pytest.mark.thorough
def test_users_without_a_wait_are_no_bottleneck(project: Path, write: Write) -> None:
    file = write(USERS.replace("wait_time = constant(0.1)", ""))
    outcome = load(project, file, *LOAD, "-H", f"http://127.0.0.1:{free_port()}")
    assert (outcome.code, outcome.document["valid"]) == (1, True)


@pytest.mark.thorough
def test_tls_asked_of_a_port_without(project: Path, write: Write, nginx: Nginx) -> None:
    outcome = load(project, write(USERS), *LOAD, "-H", f"https://127.0.0.1:{nginx.port}")
    assert outcome.code == 1
    assert "does not speak TLS" in outcome.run.manifest.ended_because


@pytest.mark.thorough
def test_connections_closed_without_an_answer(project: Path, write: Write) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        threading.Thread(target=_close_all, args=[listening], daemon=True).start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        outcome = load(project, write(USERS), *LOAD, "-H", url)
        listening.shutdown(socket.SHUT_RDWR)
    assert outcome.code == 1
    assert outcome.run.manifest.ended_because == f"{url} closes connections without an answer"


@pytest.mark.thorough
def test_attempts_to_connect_that_get_no_answer(project: Path, write: Write) -> None:
    with deaf_port() as port:
        url = f"http://127.0.0.1:{port}"
        outcome = load(project, write(USERS), *LOAD, "-s", "1s", "-H", url)
    assert outcome.code == 1
    assert "does not answer attempts to connect" in outcome.run.manifest.ended_because


@pytest.mark.thorough
def test_never(project: Path, write: Write) -> None:
    load_ = ["-u", "2", "-r", "2", "-t", "3s"]
    url = f"http://127.0.0.1:{free_port()}"
    write(f'locustfile = "locustfile.py"\nhost = "{url}"\ngive_up = "1s"\n', "plan.toml")
    write(USERS)
    outcome = load(project, "plan.toml", *load_, "--give-up", "never")
    assert outcome.run.manifest.ended_because == "the run time is over"
    outcome = load(project, "plan.toml", *load_)
    assert "nothing listens" in outcome.run.manifest.ended_because


@pytest.mark.thorough
def test_one_target_that_answers_is_enough(project: Path, write: Write, nginx: Nginx) -> None:
    file = write(USERS)
    write(
        f'locustfile = "{file}"\n[hosts]\nFast = "{nginx.url}"\n'
        f'Plain = "http://127.0.0.1:{free_port()}"\n',
        "plan.toml",
    )
    outcome = load(project, "plan.toml", "-u", "2", "-r", "2", "-t", "3s", "--give-up", "1s")
    assert outcome.run.manifest.ended_because == "the run time is over"


@pytest.mark.thorough
def test_users_without_http_decide_by_themselves(project: Path, write: Write) -> None:
    outcome = load(project, write(OTHER_USERS), *LOAD[:4], "-t", "3s", "--give-up", "1s")
    assert outcome.run.manifest.ended_because == "the run time is over"


def test_what_give_up_takes(project: Path, write: Write) -> None:
    outcome = command(project, "run", write(USERS), "--give-up", "soon", "--no-ui")
    assert outcome.code == 2
    assert '--give-up: found "soon", expected a duration' in outcome.stderr


@pytest.mark.parametrize("form", ["text", "json"])
def test_check_connect(project: Path, write: Write, nginx: Nginx, form: str) -> None:
    file = write(USERS)
    port = free_port()
    write(
        f'locustfile = "{file}"\n[hosts]\nFast = "{nginx.url}"\n'
        f'Plain = "http://127.0.0.1:{port}"\n',
        "plan.toml",
    )
    options = ["--json"] if form == "json" else []
    outcome = command(project, "check", "--connect", *options, "plan.toml")
    assert outcome.code == 1
    fault = f"nothing listens at 127.0.0.1:{port}; is it up? -H gives another host"
    if form == "json":
        assert outcome.document["connect"] == {nginx.url: "", f"http://127.0.0.1:{port}": fault}
    else:
        assert f"connect    {nginx.url}: it can be reached" in outcome.stdout
        assert fault in outcome.stdout
    assert command(project, "check", "--connect", file, "-H", nginx.url).code == 0


def _close_all(listening: socket.socket) -> None:
    while True:
        try:
            listening.accept()[0].close()
        except OSError:
            return
