"""Locust's web API: the same questions to Locust and to loadtui, and what becomes of runs."""

from __future__ import annotations

import csv
import functools
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from loadtui.cli.swarm_runs import LOAD_OPTIONS
from loadtui.cli.web_port import LOOPBACK
from loadtui.store.stored_run import Run
from tests.support.project import Followed, Project
from tests.support.servers import Nginx, free_port
from tests.support.tools import need_tool
from tests.support.waiting import wait_until
from tests.support.web_question import Heard, asked

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "run.md"
LOCUSTFILE = """
from locust import FastHttpUser, constant, events, tag, task

@events.init_command_line_parser.add_listener
def arguments(parser):
    parser.add_argument("--color", default="red")
    parser.add_argument("--think", type=float, default=0.05)

@events.init.add_listener
def routes(environment, web_ui, **kwargs):
    if web_ui:
        @web_ui.app.route("/users")
        def users():
            return f"{environment.runner.user_count} users"

class Visitor(FastHttpUser):
    def wait_time(self):
        return self.environment.parsed_options.think

    @task(3)
    def good(self):
        self.client.get("/", name=f"/{self.environment.parsed_options.color}")

    @task(2)
    def bad(self):
        self.client.get("/500")

    @task
    def wrong(self):
        raise ValueError("no")
"""
SHAPE = """
from locust import LoadTestShape

class Wave(LoadTestShape):
    def tick(self):
        return (2, 2)
"""
JSON = ("/stats/requests", "/exceptions", "/tasks", "/worker-count")
CSV = ("/stats/requests/csv", "/stats/failures/csv", "/exceptions/csv")
OTHERS = ("/logs", "/nothing", "/swarm")
REFUSED: list[dict[str, str]] = [
    {},
    {"user_count": "x"},
    {"user_count": "1"},
    {"user_count": "1", "spawn_rate": "0"},
    {"user_count": "1", "spawn_rate": "nan"},
    {"user_count": "-1", "spawn_rate": "1"},
    {"user_count": "1", "spawn_rate": "much"},
    {"user_count": "1", "spawn_rate": "1", "run_time": "soon"},
]
END_S = 10.0
BUSY = (0, 3)
"""Exit codes of a run that went well; tests that share the machine may make it invalid."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    made = Project(tmp_path / "project")
    made.write("locustfile.py", LOCUSTFILE)
    yield made
    made.close()


class Served:
    """A command that serves the web API, such as `loadtui run --no-ui --web-port 0 ...`, and where
    it answers."""

    def __init__(
        self, project: Project, *arguments: str, command: tuple[str, ...] = ("run", "--no-ui")
    ) -> None:
        options = ["--web-port", "0", "--processes", "1"]
        self.project = project
        self.command: Followed = project.follow(*command, *arguments, *options)
        self.command.wait_for(r"at http://\S+;")
        found = re.search(r"at (http://\S+);", self.command.said)
        assert found is not None
        self.address = found[1]

    def ask(
        self, path: str, method: str = "GET", form: dict[str, str] | None = None, **headers: str
    ) -> Heard:
        return asked(self.address + path, method, form, **headers)

    def statistics(self, wanted: str = "", **values: object) -> dict[str, Any]:
        """As soon as they have these values, and requests of an endpoint if one is named."""

        def look() -> dict[str, Any] | None:
            document: dict[str, Any] = self.ask("/stats/requests").document
            names = {row["name"] for row in document["stats"] if row["num_requests"]}
            there = not wanted or wanted in names
            return document if there and values.items() <= document.items() else None

        return wait_until(look, f"{values} and requests of {wanted or 'any endpoint'}")

    def end(self) -> int:
        self.command.send(signal.SIGTERM)
        return self.command.end()

    def runs(self) -> list[Run]:
        return [Run.open(folder) for folder in sorted(self.project.runs.iterdir())]


@pytest.fixture
def locust(project: Project) -> Iterator[str]:
    """Where Locust answers, with one worker process as well."""
    address = f"http://{LOOPBACK}:{free_port()}"
    place = ["--web-host", LOOPBACK, "--web-port", address.rpartition(":")[2]]
    # Master and worker meet at a fixed port otherwise, as those of any other Locust here.
    meeting = f"{free_port()}"
    place += ["--master-bind-port", meeting, "--master-port", meeting]
    process = subprocess.Popen(
        [sys.executable, "-m", "locust", "-f", "locustfile.py", "--processes", "1", *place],
        cwd=project.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def ready() -> bool:
        assert process.poll() is None, "Locust has not started"
        try:
            return asked(f"{address}/stats/requests").document["worker_count"] == 1
        except OSError:
            return False

    try:
        wait_until(ready, "Locust and its worker")
        yield address
    finally:
        process.terminate()
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def shape(value: object) -> object:
    """Keys and types of a JSON document; of a list those of its elements."""
    match value:
        case dict():
            return {key: shape(one) for key, one in value.items()}
        case list():
            return sorted({str(shape(one)) for one in value})
        case bool() | str():
            return type(value).__name__
        case None | int() | float():  # 0 and 0.0, and a percentile in Locust's first two seconds
            return "number"
    raise AssertionError(value)


def compare(ours: str, theirs: str) -> None:
    """Ask both everything that can be read."""
    for path in (*JSON, *CSV, *OTHERS):
        our, their = asked(ours + path), asked(theirs + path)
        assert our.status == their.status, path
        assert our.headers["Access-Control-Allow-Origin"] is None
        if their.status != 200:
            continue
        assert our.headers["Content-Type"] == their.headers["Content-Type"]
        assert without_digits(our) == without_digits(their)
        if path in CSV:
            rows, expected = (list(csv.reader(io.StringIO(one.text))) for one in (our, their))
            assert rows[0] == expected[0]
            assert len(rows) == len(expected), path
            assert {len(row) for row in rows} == {len(row) for row in expected}
        elif path == "/logs":
            assert our.document.keys() == their.document.keys()
        else:
            assert shape(our.document) == shape(their.document), path


def without_digits(heard: Heard) -> str:
    return re.sub(r"\d", "0", heard.headers.get("Content-Disposition", ""))


def told(address: str) -> tuple[object, ...]:
    """What does not depend on how quick a program is."""
    figures = asked(f"{address}/stats/requests").document
    return (
        figures["state"],
        figures["user_count"],
        figures["worker_count"],
        [worker["user_count"] for worker in figures["workers"]],
        [(row["method"], row["name"]) for row in figures["stats"]],
        [(error["method"], error["name"], error["error"]) for error in figures["errors"]],
        len(asked(f"{address}/exceptions").document["exceptions"]),
        asked(f"{address}/tasks").document,
    )


@pytest.mark.thorough
def test_answers_as_locust_does(project: Project, locust: str, nginx: Nginx) -> None:
    served = Served(project, "locustfile.py")
    addresses = (served.address, locust)

    def both(path: str, form: dict[str, str]) -> Heard:
        ours, theirs = (asked(address + path, form=form) for address in addresses)
        assert (ours.status, ours.text) == (theirs.status, theirs.text)
        return ours

    def until(done: Callable[[str], bool]) -> None:
        for address in addresses:
            try:
                wait_until(functools.partial(done, address), "both to be there")
            except AssertionError as error:
                whose = "ours" if address == served.address else "Locust's"
                error.add_note(f"{whose}: {asked(f'{address}/stats/requests').text}")
                raise

    def same() -> None:
        assert told(served.address) == told(locust)
        compare(*addresses)

    def has_two(address: str) -> bool:
        return bool(asked(f"{address}/stats/requests").document["user_count"] == 2)

    def busy(address: str) -> bool:
        figures = asked(f"{address}/stats/requests").document
        there = {row["name"] for row in figures["stats"]} >= {"/blue", "/500"}
        raised = asked(f"{address}/exceptions").document["exceptions"]
        running = figures["user_count"] == 3 and figures["state"] == "running"
        return bool(running and there and raised)

    same()
    for form in REFUSED:
        assert both("/swarm", form).document["success"] is False
    load = {"user_count": "2", "spawn_rate": "2", "host": nginx.url, "color": "blue"}
    assert both("/swarm", {**load, "run_time": "1h"}).document["run_time"] == 3600
    until(has_two)
    both("/swarm", {"user_count": "3", "spawn_rate": "3"})
    until(busy)
    same()
    both("/stop", {})
    both("/stats/reset", {"": ""})
    assert served.end() in (1, 3)
    [run] = served.runs()
    assert run.manifest.ended_because == "stopped through the web API"
    assert run.manifest.state == "finished"
    assert run.manifest.steered
    assert run.manifest.invocation is not None
    assert run.manifest.invocation.arguments == ["--color=blue"]


def test_the_example_of_the_guide(project: Project, nginx: Nginx) -> None:
    curl = need_tool("curl")
    section = GUIDE.read_text(encoding="utf-8").partition("## Locust's web API")[2]
    block = re.search(r"```sh\n(.+?)```", section, re.DOTALL)
    assert block is not None
    first, *questions, last = block[1].splitlines()
    assert (first, last) == ("loadtui run locustfile.py --no-ui --web-port 8089 &", "kill %1")
    served = Served(project, "locustfile.py")
    answers = []
    for question in questions:
        line = question.replace("http://127.0.0.1:8000", nginx.url).replace("curl", curl, 1)
        line = line.replace("http://127.0.0.1:8089", served.address)
        said = subprocess.run(line, shell=True, capture_output=True, text=True, check=True)
        answers.append(said.stdout)
    assert '"message": "Swarming started"' in answers[0]
    assert '"state"' in answers[1]
    assert answers[2] == '{\n  "message": "Test stopped",\n  "success": true\n}\n'
    assert served.statistics(state="stopped")["user_count"] == 0
    served.end()
    [run] = served.runs()
    assert run.manifest.invocation is not None
    users, rate, _ = LOAD_OPTIONS
    assert run.manifest.invocation.options[:4] == [users, "10", rate, "5"]


@pytest.mark.thorough
def test_every_swarm_is_a_run(project: Project, nginx: Nginx) -> None:
    served = Served(project, "locustfile.py", "-H", nginx.url, "-t", "1s")
    load = {"user_count": "1", "spawn_rate": "1"}
    wrong = served.ask("/swarm", form={**load, "think": "long"}).document
    assert wrong["success"] is False
    assert "--think: invalid float value: 'long'" in wrong["message"]
    assert served.ask("/users").status == 404
    assert served.ask("/swarm", form={**load, "think": "0.01"}).document["host"] == nginx.url
    served.statistics("/red", state="running")
    assert served.ask("/users").text == "1 users"
    assert served.ask("/stats/reset").text == "ok"
    rows = served.statistics("/red")["stats"]
    assert served.ask("/stats/report").headers["Content-Type"] == "text/html; charset=utf-8"
    served.ask("/stop")
    first = served.runs()[0].manifest
    assert (first.totals.requests or 0) > rows[-1]["num_requests"], "what is saved stays whole"
    assert served.ask("/swarm", form={**load, "run_time": "1s", "color": "green"}).status == 200
    served.statistics("/green", state="stopped")
    served.ask("/stats/reset", "POST")
    # Locust repeats its last answer for two seconds.
    wait_until(lambda: served.statistics()["stats"][0]["num_requests"] == 0, "the reset")
    assert served.statistics()["state"] == "stopped"
    assert served.end() in (1, 3)
    second = served.runs()[1].manifest
    assert second.ended_because == "the run time is over"
    assert second.invocation is not None
    assert second.invocation.arguments == ["--color=green", "--think=0.01"]


@pytest.mark.thorough
def test_the_command_line_of_locust(project: Project, nginx: Nginx) -> None:
    words = ["-f", "locustfile.py", "-H", "http://127.0.0.1:9", "--think", "5", "-s", "1"]
    served = Served(project, *words, command=("locust",))
    load = {"user_count": "2", "spawn_rate": "2", "host": nginx.url, "think": "0.01"}
    assert served.ask("/swarm", form=load).document["host"] == nginx.url
    served.statistics("/red", state="running", user_count=2)
    served.ask("/stop")
    served.end()
    [run] = served.runs()
    assert run.manifest.plan.target == nginx.url
    assert run.manifest.totals.requests


@pytest.mark.thorough
def test_ctrl_c_ends_run_and_command(project: Project, nginx: Nginx) -> None:
    served = Served(project, "locustfile.py", "-H", nginx.url, "-u", "1")
    served.statistics("/red", state="running")
    served.ask("/swarm", form={"user_count": "2", "spawn_rate": "2", "run_time": "1h"})
    served.statistics(user_count=2)
    served.command.send(signal.SIGINT)
    assert served.command.end() == 130
    [run] = served.runs()
    assert run.manifest.state == "interrupted"


@pytest.mark.thorough
def test_what_begins_at_once_with_a_run_time_ends_the_command(
    project: Project, nginx: Nginx
) -> None:
    project.write("locustfile.py", LOCUSTFILE.replace('raise ValueError("no")', "pass"))
    flags = ["-H", nginx.url, "-u", "1", "-t", "2s", "--check", "error_rate < 100%"]
    served = Served(project, "locustfile.py", *flags)
    assert served.ask("/").status == 200
    assert served.command.end() in BUSY
    [run] = served.runs()
    assert run.manifest.ended_because == "the run time is over"


@pytest.mark.thorough
def test_a_shape_and_stages_say_how_many_users(project: Project, nginx: Nginx) -> None:
    project.write("shaped.py", LOCUSTFILE + SHAPE)
    project.write(
        "steps.toml",
        f'locustfile = "locustfile.py"\nhost = "{nginx.url}"\n'
        '[[stage]]\nname = "one"\nusers = 2\nspawn_rate = 2\nduration = "1h"\n',
    )
    started = {"shaped.py": "shape class 'Wave'", "steps.toml": "the stages of steps.toml"}
    for target, words in started.items():
        served = Served(project, target, *(["-H", nginx.url] if target == "shaped.py" else []))
        for _ in range(2):
            answer = served.ask("/swarm", form={"user_count": "50"}).document
            assert answer["message"] == f"Swarming started using {words}"
            served.statistics("/red", user_count=2)
        served.ask("/stop")
        served.end()


def test_a_locustfile_that_cannot_run_is_refused_at_once(project: Project) -> None:
    project.write("broken.py", "import nothing_of_that_name\n")
    given = project.give("run", "broken.py", "--no-ui", "--web-port", "0")
    assert given.returncode == 2
    assert "nothing_of_that_name" in given.stderr


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--web-host", "127.0.0.1"], "--web-host: give --web-port as well"),
        (["--web-port", "70000"], "--web-port: found 70000, expected a port such as 8089, or 0"),
        (["--web-port", "0", "--detach"], "--web-port does not go with --detach"),
        (["--web-port", "0", "other.py"], "--web-port: give one plan or locustfile, not several"),
    ],
)
def test_options_that_make_no_sense(project: Project, options: list[str], sentence: str) -> None:
    project.write("other.py", LOCUSTFILE)
    given = project.give("run", "locustfile.py", "--no-ui", *options)
    assert given.returncode == 2
    assert sentence in given.stderr


@pytest.mark.thorough
def test_on_a_terminal_the_run_that_begins_at_once_is_on_a_screen(
    project: Project, nginx: Nginx
) -> None:
    project.write("locustfile.py", LOCUSTFILE)
    web = ["--processes", "1", "--web-port", f"{free_port()}"]
    waiting = project.follow("run", "locustfile.py", *web, keys=True)
    assert waiting.end() == 2
    assert "--web-port on a terminal: add --no-ui, or -u" in waiting.said
    shown = project.follow("run", "locustfile.py", "-H", nginx.url, "-u", "1", *web, keys=True)
    shown.wait_for("RUNNING")
    stopped = asked(f"http://{LOOPBACK}:{web[-1]}/stop", "POST")
    assert stopped.document["success"] is True
    shown.wait_for("leaves")  # by q, without being asked: it is over
    shown.type("q")
    assert shown.end() in (1, 3)
