"""Targets, locustfiles and folders that misbehave: told plainly, counted, and never a hang."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.store.manifest import Manifest
from tests.support.command import Running, Write, command, load, run_args
from tests.support.fake_host import serverless
from tests.support.project import snapshot
from tests.support.servers import BIG, Nginx, free_port
from tests.support.waiting import wait_until

FAST = """
    from locust import FastHttpUser, constant, task

    class Someone(FastHttpUser):
        wait_time = constant(0.1)

        @task
        def index(self):
            self.client.get("/")
"""
PLAIN = FAST.replace("FastHttpUser", "HttpUser")
HELLO = """
    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
"""


@contextlib.contextmanager
def silent_server() -> Iterator[str]:
    """Accepts connections (the kernel does) and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(FAST, id="fast"),
        pytest.param(PLAIN, id="plain", marks=pytest.mark.thorough),
    ],
)
def test_nobody_listens(project: Path, write: Write, text: str) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    outcome = load(project, write(text), "-u", "3", "-r", "100", "-t", "2s", "-H", url)
    document = outcome.document
    assert (document["state"], outcome.quiet_code) == ("finished", 1)
    totals = document["totals"]
    assert totals["requests"] == totals["failures"] > 10, "the run went on"
    assert totals["error_rate"] == 1
    assert sum(error["count"] for error in document["errors"]) == totals["failures"]
    assert "refused" in document["errors"][0]["message"].lower()
    assert any(result["status"] == "fail" for result in document["thresholds"])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(FAST, id="fast"),
        pytest.param(PLAIN, id="plain", marks=pytest.mark.thorough),
    ],
)
def test_a_target_that_never_answers(project: Path, write: Write, text: str) -> None:
    file = write(text)
    began = time.monotonic()
    with silent_server() as url:
        outcome = load(project, file, "-u", "3", "-r", "100", "-t", "2s", "-s", "1s", "-H", url)
    assert time.monotonic() - began < 20
    document = outcome.document
    assert document["state"] == "finished"
    assert (document["totals"]["requests"], document["unfinished"]) == (0, 3)
    assert outcome.quiet_code == 1, "the target's doing, not the generator's"


BIG_RESPONSE = """
    from locust import {base}, constant, task
    from locust.exception import StopUser

    class Someone({base}):
        @task
        def big(self):
            with self.client.get("/big", catch_response=True) as response:
                assert len(response.content) == 50 * 1024 * 1024
            raise StopUser
"""


@pytest.mark.parametrize(
    "base", ["FastHttpUser", pytest.param("HttpUser", marks=pytest.mark.thorough)]
)
def test_a_response_of_50_mb(project: Path, write: Write, nginx: Nginx, base: str) -> None:
    file = write(BIG_RESPONSE.format(base=base))
    outcome = load(project, file, "-u", "2", "-r", "100", "-t", "4s", "-H", nginx.url)
    totals = outcome.document["totals"]
    assert (totals["requests"], totals["failures"], totals["bytes"]) == (2, 0, 2 * BIG)
    assert (outcome.document["exceptions"], outcome.quiet_code) == ([], 0)


RAISING = """
    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
            {{}}["Schlüssel"]
"""
RAISING_PLAN = """
    locustfile = "locustfile.py"
    allow_exceptions = {allowed}
    [[stage]]
    name = "only"
    users = 2
    spawn_rate = 100
    duration = "2s"
"""


@pytest.mark.parametrize(("allowed", "code"), [("false", 1), ("true", 0)])
def test_a_task_that_raises(project: Path, write: Write, allowed: str, code: int) -> None:
    write(serverless(RAISING.format()))
    outcome = load(project, write(RAISING_PLAN.format(allowed=allowed), "plan.toml"))
    document = outcome.document
    [exception] = document["exceptions"]
    assert exception["message"] == "KeyError: 'Schlüssel'"
    assert "in hello" in exception["traceback"]
    assert exception["count"] == document["totals"]["requests"] > 2
    assert outcome.quiet_code == code


ON_START_RAISES = """
    class Someone(ServerlessUser):
        def on_start(self):
            raise RuntimeError("no session")

        @task
        def hello(self):
            fire(self, "hello")

    class Other(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
"""


def test_an_on_start_that_raises(project: Path, write: Write) -> None:
    outcome = load(project, write(serverless(ON_START_RAISES)), "-u", "2", "-r", "10", "-t", "2s")
    document = outcome.document
    assert (document["state"], outcome.quiet_code) == ("finished", 1)
    [exception] = document["exceptions"]
    assert exception["message"] == "RuntimeError: no session"
    assert "in on_start" in exception["traceback"]
    assert document["totals"]["requests"] > 10, "the users of the other class went on"


@pytest.mark.thorough
def test_an_on_start_that_always_raises_ends_the_run(project: Path, write: Write) -> None:
    file = write(serverless(ON_START_RAISES))
    outcome = load(project, file, "Someone", "-u", "2", "-r", "10", "-t", "60s")
    document = outcome.document
    assert document["duration_s"] < 20
    assert document["ended_because"] == "all users have stopped by themselves"
    assert document["exceptions"][0]["count"] >= 2
    assert (document["totals"]["requests"], outcome.code) == (0, 3)
    assert "no request was started" in document["invalid_reasons"]


INIT_RAISES = """
    class Someone(ServerlessUser):
        def __init__(self, environment):
            super().__init__(environment)
            raise RuntimeError("no licence")

        @task
        def hello(self):
            fire(self, "hello")
"""


def test_a_user_that_cannot_be_made(project: Path, write: Write) -> None:
    file = write(serverless(INIT_RAISES))
    document = load(project, file, "-u", "2", "-r", "10", "-t", "2s").document
    [exception] = document["exceptions"]
    assert exception["message"] == "RuntimeError: no licence"
    assert "in __init__" in exception["traceback"]
    assert "no request was started" in document["invalid_reasons"]


def refused(project: Path, *args: str) -> str:
    """The one sentence with which a command line is refused."""
    outcome = load(project, *args)
    assert (outcome.code, outcome.stdout) == (2, "")
    [line] = outcome.stderr.splitlines()
    assert line.startswith("loadtui: error: ")
    return line.removeprefix("loadtui: error: ")


def test_zero_users(project: Path, write: Write) -> None:
    file = write(serverless(HELLO))
    assert "-u: found 0" in refused(project, file, "-u", "0", "-t", "2s")


def test_a_syntax_error(project: Path, write: Write) -> None:
    sentence = refused(project, write("from locust import User\n\ndef broken(:\n"), "-t", "2s")
    assert "locustfile.py:3" in sentence


def test_a_locustfile_that_raises(project: Path, write: Write) -> None:
    sentence = refused(project, write("import locust\n\nraise RuntimeError('no')\n"), "-t", "2s")
    assert "locustfile.py:3" in sentence
    assert "RuntimeError" in sentence


def test_no_such_locustfile(project: Path) -> None:
    assert "missing.py" in refused(project, "missing.py", "-t", "2s")


def test_no_host(project: Path, write: Write) -> None:
    sentence = refused(project, write(FAST), "-t", "2s")
    assert "no host for Someone" in sentence
    assert "-H" in sentence


NAMES = ["with space", 'say "hi"', "it's", "🚀 emoji", "한국어 요청", "tab\tand\nline", "<b>&amp;"]
UNUSUAL_NAMES = """
    NAMES = {names!r}

    class 사용자(ServerlessUser):
        @task
        def hello(self):
            for name in NAMES:
                fire(self, name, error=None if name != "it's" else ValueError("오류 💥"))
"""


def test_odd_names(project: Path, write: Write) -> None:
    name = '부하 "test" 🚀.py'
    write(serverless(UNUSUAL_NAMES.format(names=NAMES)), name)
    outcome = load(project, name, "-u", "1", "-t", "1s")
    rows = [row for row in outcome.document["endpoints"] if row["stage"] is None]
    assert {row["name"] for row in rows} == set(NAMES)
    assert len({row["requests"] for row in rows}) == 1
    [error] = outcome.document["errors"]
    assert "오류 💥" in error["message"]
    assert outcome.document["plan"] == '부하 "test" 🚀'
    assert Path(outcome.document["folder"]).is_dir()
    listed = json.loads(command(project, "runs", "list", "--json").stdout)
    assert [run["plan"] for run in listed] == [outcome.document["plan"]]


def test_runs_cannot_be_kept(project: Path, write: Write) -> None:
    # A file where the folder should be: refuses even root, whom permissions do not stop.
    (project / ".loadtui").write_text("")
    sentence = refused(project, write(serverless(HELLO)), "-t", "2s")
    assert ".loadtui" in sentence


def test_the_result_cannot_be_written(project: Path, write: Write) -> None:
    file = write(serverless(HELLO))
    target = str(project / file / "out.json")
    outcome = command(project, "run", file, "-t", "2s", "--no-ui", "--json", target)
    assert outcome.code == 2
    assert "--json" in outcome.stderr
    assert not (project / ".loadtui").exists(), "found out before the run"


CHATTY = """
    import subprocess
    import sys

    print("imported")

    @events.test_start.add_listener
    def _(**_):
        print("started")
        os.write(1, b"written")
        subprocess.run([sys.executable, "-c", "print('child')"])

    class Someone(ServerlessUser):
        @task
        def hello(self):
            print("task", flush=True)
            fire(self, "hello")
"""


def test_a_locustfile_that_prints_leaves_the_document_alone(project: Path, write: Write) -> None:
    outcome = load(project, write(serverless(CHATTY)), "-u", "2", "-r", "10", "-t", "1s")
    assert outcome.quiet_code == 0
    assert outcome.document["totals"]["requests"] > 0
    for said in ("imported", "started", "written", "child", "task"):
        assert said in outcome.log


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.thorough)]
)
def test_a_signal_to_the_command_stops_in_order(
    project: Path, write: Write, number: signal.Signals
) -> None:
    with Running(project, *run_args(write(serverless(HELLO)), "-u", "2", "-t", "60s")) as running:
        running.until_running()
        snapshot(running.folder, lambda s: (s.totals.requests or 0) > 5)
        running.send(number)
        outcome = running.wait(20)
    document = outcome.document
    assert (outcome.code, document["state"]) == (130, "interrupted")
    assert document["totals"]["requests"] > 5
    assert document["unfinished"] == 0
    for worker in document["workers"]:
        assert not Path(f"/proc/{worker['pid']}").exists(), "no worker is left behind"


def test_a_second_signal_stops_at_once(project: Path, write: Write) -> None:
    with silent_server() as url:
        args = run_args(write(FAST), "-u", "2", "-r", "10", "-t", "60s", "-s", "50s", "-H", url)
        with Running(project, *args) as running:
            running.until_running()
            snapshot(running.folder, lambda s: s.users == 2)
            running.send(signal.SIGINT)
            snapshot(running.folder, lambda s: s.state == "stopping")
            running.send(signal.SIGINT)
            outcome = running.wait(20)
    assert (outcome.code, outcome.document["unfinished"]) == (130, 2)


def test_a_command_that_is_killed_leaves_a_kept_run(project: Path, write: Write) -> None:
    with Running(project, *run_args(write(serverless(HELLO)), "-u", "2", "-t", "60s")) as running:
        pids = [worker.pid for worker in running.until_running().workers]
        snapshot(running.folder, lambda s: (s.totals.requests or 0) > 0)
        running.send(signal.SIGKILL)

        def ended() -> Manifest | None:
            manifest = running.manifest()
            return manifest if manifest is not None and manifest.exit_code is not None else None

        manifest = wait_until(ended, "the exit code of the run")
        wait_until(
            lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids),
            f"the end of workers {pids}, who outlive their command",
        )
    assert (manifest.state, manifest.exit_code) == ("interrupted", 130)
    assert manifest.totals.requests > 0
