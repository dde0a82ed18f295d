from __future__ import annotations

import argparse
import json
from typing import Any

import pytest
from locust import User, task
from locust.env import Environment
from locust.web import request

from loadtui.engine.locustfile.web_app import PATHS, LocustWebApp
from loadtui.wire.http_exchange import HttpQuestion


class Anna(User):
    @task
    def work(self) -> None:
        pass


@pytest.fixture
def environment() -> Environment:
    options = argparse.Namespace(
        think=1.0, count=1, loud=False, name=None, tags=["a"], numbers=[1], word="x"
    )
    made = Environment(user_classes=[Anna], parsed_options=options, locustfile="a.py")
    made.create_local_runner()
    return made


@pytest.fixture
def web_app(environment: Environment) -> LocustWebApp:
    return LocustWebApp(environment)


def test_locusts_application_answers(environment: Environment, web_app: LocustWebApp) -> None:
    environment.stats.log_request("GET", "/", 5, 7)
    answer = web_app.answer(HttpQuestion("GET", "/stats/requests"))
    assert (answer.status, answer.code) == ("200 OK", 200)
    assert dict(answer.headers)["Content-Type"] == "application/json"
    assert json.loads(answer.body)["stats"][0]["num_requests"] == 1
    assert web_app.answer(HttpQuestion("POST", "/stats/reset")).body == b"ok"
    assert environment.stats.num_requests == 0
    assert web_app.answer(HttpQuestion("GET", "/nothing")).code == 404
    assert web_app.answer(HttpQuestion("GET", "/swarm")).code == 405


def test_secrets_are_blacked_out(
    environment: Environment, web_app: LocustWebApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "value/of+shop")
    app: Any = environment.web_ui.app
    app.route("/page", endpoint="page")(lambda: "<p>value/of+shop value%2Fof%2Bshop</p>")
    app.route("/document", endpoint="document")(
        lambda: {"value/of+shop": ["Cookie: sid=1", 5, None]}
    )
    app.route("/picture", endpoint="picture")(
        lambda: (b"value/of+shop", 200, {"Content-Type": "image/png"})
    )
    page = web_app.answer(HttpQuestion("GET", "/page"))
    assert page.body == b"<p>*** ***</p>"
    assert dict(page.headers)["Content-Length"] == str(len(page.body))
    document = web_app.answer(HttpQuestion("GET", "/document"))
    assert json.loads(document.body) == {"***": ["Cookie: ***", 5, None]}
    assert web_app.answer(HttpQuestion("GET", "/picture")).body == b"value/of+shop"


def test_the_runner_is_still_there(environment: Environment, web_app: LocustWebApp) -> None:
    assert environment.runner is not None
    assert environment.web_ui is not None


def test_a_route_of_the_locustfile_hears_all_of_the_question(
    environment: Environment, web_app: LocustWebApp
) -> None:
    app: Any = environment.web_ui.app

    @app.route("/mi ne/é", methods=["POST"])
    def mine() -> tuple[str, int, dict[str, str]]:
        heard = f"{request.args['a']} {request.form['b']} {request.headers['X-Two']}"
        return heard, 202, {"X-Own": "1"}

    form = [("content-type", "application/x-www-form-urlencoded"), ("X-Two", "3"), ("x-two", "4")]
    answer = web_app.answer(HttpQuestion("POST", "/mi ne/é", "a=1", form, b"b=2"))
    assert (answer.code, answer.body) == (202, b"1 2 3,4")
    assert ("X-Own", "1") in answer.headers


def test_a_route_that_raises(environment: Environment, web_app: LocustWebApp) -> None:
    app: Any = environment.web_ui.app

    @app.route("/broken")
    def broken() -> str:
        raise KeyError("no")

    answer = web_app.answer(HttpQuestion("GET", "/broken"))
    assert (answer.code, answer.body) == (500, b"KeyError: 'no'")


def test_the_last_answers_are_of_now(environment: Environment, web_app: LocustWebApp) -> None:
    """Locust's application repeats an answer for two seconds."""
    known = environment.web_ui
    web_app.answer(HttpQuestion("GET", "/stats/requests"))
    environment.stats.log_request("GET", "/", 5, 7)
    last = web_app.last_answers()
    assert json.loads(last["/stats/requests"].body)["stats"][0]["num_requests"] == 1
    assert last.keys() == set(PATHS)
    assert {answer.code for answer in last.values()} == {200}
    assert environment.web_ui is known


@pytest.mark.parametrize(
    ("name", "values", "taken"),
    [
        ("think", ["2"], 2.0),
        ("count", ["2"], 2),
        ("loud", ["true"], True),
        ("loud", ["1"], False),
        ("name", ["Anna"], "Anna"),
        ("tags", ["b,c"], ["b", "c"]),
        ("tags", ["b", "c"], ["b", "c"]),
        ("numbers", ["2,3"], [2, 3]),
        ("word", [""], ""),
    ],
)
def test_options_keep_their_type(
    environment: Environment, web_app: LocustWebApp, name: str, values: list[str], taken: object
) -> None:
    web_app.take_options({name: values, "unknown": ["1"]})
    assert vars(environment.parsed_options)[name] == taken
    assert not hasattr(environment.parsed_options, "unknown")


def test_a_value_of_another_type(web_app: LocustWebApp) -> None:
    with pytest.raises(ValueError, match="could not convert string to float: 'long'"):
        web_app.take_options({"think": ["long"]})
