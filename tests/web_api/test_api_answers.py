from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from loadtui.errors import UsageError
from loadtui.web_api.api_answers import ApiAnswers
from loadtui.web_api.resting_answers import RestingAnswers
from loadtui.web_api.swarm_form import SwarmForm
from loadtui.web_api.swarmed_runs import SwarmedRuns
from loadtui.wire.http_exchange import HttpQuestion
from loadtui.wire.inspection import Inspection, WebApiAtRest
from loadtui.wire.swarm import Swarm

FORM = [("Content-Type", "application/x-www-form-urlencoded")]


class Api:
    """With a thread that takes every form and has it run, by a host that says what it is asked."""

    def __init__(self, host: Any) -> None:
        self.runs = SwarmedRuns()
        self.forms: list[SwarmForm] = []
        self.refuses = ""
        self.inspection = Inspection(web_api=WebApiAtRest({}, "http://before", []))
        self.stages = ""
        self._host = host
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while (form := self.runs.next_form(60)) is not None:
            self.forms.append(form)
            if self.refuses:
                self.runs.run_refused(self.refuses)
            else:
                self.runs.run_began(self._host.folder)

    def ask(self, method: str, path: str, body: str = "") -> Any:
        if not hasattr(self, "answers"):
            resting = RestingAnswers(lambda: self.inspection, 1)
            self.answers = ApiAnswers(self.runs, resting, self.stages)
        return self.answers.answer(HttpQuestion(method, path, "", FORM, body.encode()))

    def swarm(self, body: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.ask("POST", "/swarm", body).body)
        return document


@pytest.fixture
def api(host: Any) -> Iterator[Api]:
    made = Api(host)
    yield made
    made.runs.close()


def test_a_swarm_begins_a_run(api: Api) -> None:
    assert api.swarm("user_count=2&spawn_rate=1&run_time=1m&think=3") == {
        "success": True,
        "message": "Swarming started",
        "host": "http://before",
        "run_time": 60,
    }
    assert api.forms == [SwarmForm(2, 1.0, 60, None, {"think": ["3"]})]


def test_host_and_options_hold_until_another_form_changes_them(api: Api, host: Any) -> None:
    first = api.swarm("user_count=2&spawn_rate=1&run_time=1m&host=http%3A//a&think=3&color=red")
    assert first["host"] == "http://a"
    second = api.swarm("user_count=3&spawn_rate=1&color=blue")
    third = api.swarm("user_count=3&spawn_rate=1&host=http%3A//shop%3Acanary%40b")
    assert third["host"] == "http://***@b"
    assert second == {"success": True, "message": "Swarming started", "host": "http://a"}
    changes = [command.swarm for command in host.heard if command.do == "swarm"]
    assert changes[:1] == [Swarm(3, 1.0, None, "http://a", {"think": ["3"], "color": ["blue"]})]


def test_what_cannot_be_is_refused_with_the_host(api: Api) -> None:
    assert api.swarm("user_count=x&host=http%3A//a") == {
        "success": False,
        "message": "Invalid user_count value: 'x' (must be an integer)",
        "host": "http://before",
    }
    api.refuses = "there is no such file"
    refused = api.swarm("user_count=1&spawn_rate=1")
    assert (refused["success"], refused["message"]) == (False, "there is no such file")


def test_a_locustfile_that_cannot_be_imported(api: Api) -> None:
    def look() -> Inspection:
        raise UsageError("it does not compile")

    answers = ApiAnswers(api.runs, RestingAnswers(look, 1))
    body = b"user_count=1&spawn_rate=1"
    answer = answers.answer(HttpQuestion("POST", "/swarm", "", FORM, body))
    assert json.loads(answer.body) == {
        "success": False,
        "message": "it does not compile",
        "host": None,
    }


@pytest.mark.parametrize(
    ("shape", "stages", "words"),
    [("Wave", "", "shape class 'Wave'"), (None, "the stages of a.toml", "the stages of a.toml")],
)
def test_a_shape_or_stages_need_no_numbers(
    api: Api, host: Any, shape: str | None, stages: str, words: str
) -> None:
    api.inspection.shape, api.stages = shape, stages
    for _ in range(2):
        assert api.swarm("")["message"] == f"Swarming started using {words}"
    assert len(api.forms) == 1
    assert [command for command in host.heard if command.do == "swarm"] == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_stop_and_what_was_said_last(api: Api, method: str) -> None:
    api.swarm("user_count=2&spawn_rate=1")
    assert json.loads(api.ask(method, "/stop").body) == {
        "success": True,
        "message": "Test stopped",
    }
    assert api.runs.last.keys() == {"/stats/requests"}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_host_answers_the_rest(api: Api, method: str) -> None:
    api.swarm("user_count=2&spawn_rate=1")
    assert api.ask(method, "/stats/reset").body == b"POST /stats/reset"
    assert api.ask(method, "/mine").body == f"{method} /mine".encode()


def test_the_root_is_a_line_of_text(api: Api) -> None:
    answer = api.ask("GET", "/")
    assert answer.code == 200
    assert b"loadtui serve" in answer.body
    assert answer.body.count(b"\n") == 1


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/swarm", "POST"), ("PUT", "/stop", "POST, GET"), ("POST", "/", "GET")],
)
def test_methods(api: Api, method: str, path: str, allowed: str) -> None:
    answer = api.ask(method, path)
    assert (answer.code, ("Allow", allowed) in answer.headers) == (405, True)
