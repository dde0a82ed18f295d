from __future__ import annotations

import json
from typing import Any

import pytest

from loadtui.web_api.resting_answers import RestingAnswers, json_answer, text_answer
from loadtui.wire.http_exchange import HttpAnswer, HttpQuestion
from loadtui.wire.inspection import Inspection, OwnArgument, WebApiAtRest

NOW = "current_response_time_percentiles"
FIGURES: dict[str, Any] = {
    "state": "ready",
    "stats": [],
    "user_count": 0,
    "worker_count": 0,
    "workers": [],
    NOW: {"response_time_percentile_0.5": None},
}
THINK = OwnArgument("think", "--think", "value")
AT_REST = WebApiAtRest(
    {"/stats/requests": json_answer(FIGURES), "/tasks": json_answer({})}, "http://a", [THINK]
)
LAST = {
    "/stats/requests": json_answer(FIGURES | {"stats": [1], "user_count": 2}),
    "/tasks": json_answer({"ran": 1}),
}


@pytest.fixture
def looked() -> list[int]:
    return []


@pytest.fixture
def resting(looked: list[int]) -> RestingAnswers:
    def look() -> Inspection:
        looked.append(1)
        return Inspection(shape="Wave", web_api=AT_REST)

    return RestingAnswers(look, processes=2)


def figures(resting: RestingAnswers, last: dict[str, HttpAnswer]) -> dict[str, Any]:
    answer = resting.answer(HttpQuestion("GET", "/stats/requests"), last)
    document: dict[str, Any] = json.loads(answer.body)
    return document


def test_before_a_run_as_many_workers_are_ready(resting: RestingAnswers) -> None:
    document = figures(resting, {})
    assert document["state"] == "ready"
    assert document["worker_count"] == 2
    assert [worker["state"] for worker in document["workers"]] == ["ready", "ready"]
    assert document[NOW] == {"response_time_percentile_0.5": 0}
    answer = resting.answer(
        HttpQuestion("GET", "/worker-count"), {"/worker-count": AT_REST.answers["/tasks"]}
    )
    assert json.loads(answer.body) == {"worker_count": 2}


def test_after_a_run_its_figures_stay_until_they_are_reset(resting: RestingAnswers) -> None:
    document = figures(resting, LAST)
    assert (document["state"], document["stats"], document["user_count"]) == ("stopped", [1], 0)
    assert document[NOW] == {"response_time_percentile_0.5": None}
    assert resting.answer(HttpQuestion("POST", "/stats/reset"), LAST).body == b"ok"
    document = figures(resting, LAST)
    assert (document["state"], document["stats"]) == ("stopped", [])
    resting.forget_reset()
    assert figures(resting, LAST)["stats"] == [1]


def test_a_host_whose_workers_have_left(resting: RestingAnswers) -> None:
    question = HttpQuestion("GET", "/stats/requests")
    running = json_answer(FIGURES | {"state": "running", "stats": ["stopped"]})
    assert resting.after_the_end(question, running) is running
    stopped = json_answer(FIGURES | {"state": "stopped"})
    assert json.loads(resting.after_the_end(question, stopped).body)["worker_count"] == 2
    other = text_answer("200 OK", '"stopped"')
    assert resting.after_the_end(HttpQuestion("GET", "/mine"), other) is other


def test_other_paths_and_methods(resting: RestingAnswers) -> None:
    assert resting.answer(HttpQuestion("GET", "/tasks"), LAST).body == LAST["/tasks"].body
    assert resting.answer(HttpQuestion("GET", "/mine"), LAST).code == 404
    refused = resting.answer(HttpQuestion("POST", "/tasks"), LAST)
    assert (refused.code, ("Allow", "GET") in refused.headers) == (405, True)


def test_locustfiles_are_looked_at_once(resting: RestingAnswers, looked: list[int]) -> None:
    assert looked == []
    assert (resting.shape, resting.host, resting.arguments) == ("Wave", "http://a", [THINK])
    assert looked == [1]
