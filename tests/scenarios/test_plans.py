"""The plans of the four phases, and the same shortened for the embedded target."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from loadtui.demo.stack import PORTS
from loadtui.demo.tour import scenario_folder
from loadtui.plan.model import Plan
from loadtui.plan.toml import load_plan
from loadtui.store.journal import StageBegan
from loadtui.store.stage_spans import stage_spans

FOLDER = scenario_folder()
PHASES = ("baseline", "gateway", "rag", "mcp")
CLASSES = {
    "APIGatewayUser": "gateway",
    "RAGServiceUser": "rag",
    "MCPServerUser": "mcp",
}
SHARES = {
    "gateway": {"POST /v1/chat/completions": 0.7, "GET /v1/models": 0.2, "GET /health": 0.1},
    "rag": {"POST /query": 0.7, "POST /index": 0.3},
    "mcp": {"MCP list_directory": 0.1, "MCP git_status": 0.16, "MCP web_fetch": 0.2},
}
"""Of each scenario's requests; of MCP's tools among others the rarest and the most used."""
SECONDS = {"gateway": 0.018, "rag": 0.015, "mcp": 0.020}
"""What the embedded target takes for a request of each kind on average, with room to spare."""
ENOUGH = 600


def phase(name: str, *, short: bool = False) -> Plan:
    return load_plan(FOLDER / "demo" / f"{name}.toml" if short else FOLDER / f"{name}.toml")


@pytest.mark.parametrize(
    ("name", "stages"),
    [
        ("gateway", [(10, 1, 300), (50, 5, 300), (100, 10, 300)]),
        ("rag", [(5, 1, 300), (25, 3, 300), (50, 5, 300)]),
        ("mcp", [(5, 1, 300), (20, 2, 300)]),
        ("baseline", [(dict.fromkeys(CLASSES, 1), 3, 120)]),
    ],
)
def test_stages(name: str, stages: list[tuple[object, float, float]]) -> None:
    assert [(s.users, s.spawn_rate, s.duration_s) for s in phase(name).stages] == stages


@pytest.mark.parametrize("name", PHASES)
def test_each_service_is_looked_for_where_the_target_has_it(name: str) -> None:
    plan = phase(name)
    hosts = plan.hosts or dict.fromkeys(plan.user_classes, plan.host)
    assert hosts == {one: f"http://127.0.0.1:{PORTS[CLASSES[one]]}" for one in plan.user_classes}


@pytest.mark.parametrize(
    ("name", "promises"),
    [
        (
            "baseline",
            [
                (None, None, "error_rate < 1%"),
                (None, "POST /v1/chat/completions", "p95 < 2s"),
                (None, "POST /query", "p95 < 3s"),
                (None, None, "qdrant_timeout_rate < 0.1%"),
                (None, None, "sandbox_violations == 0"),
            ],
        ),
        (
            "gateway",
            [
                ("L1", None, "error_rate < 0.1%"),
                ("L2", None, "error_rate < 1%"),
                ("L3", None, "error_rate < 1%"),
                ("L3", "POST /v1/chat/completions", "p95 < 2s"),
                ("L3", None, "ttft.p95 < 1s"),
            ],
        ),
        (
            "rag",
            [
                (None, None, "error_rate < 1%"),
                ("L3", "POST /query", "p95 < 3s"),
                (None, None, "qdrant_timeout_rate < 0.1%"),
            ],
        ),
        (
            "mcp",
            [
                (None, None, "error_rate < 1%"),
                (None, "MCP *_*", "error_rate < 1%"),
                (None, None, "sandbox_violations == 0"),
            ],
        ),
    ],
)
def test_promises(name: str, promises: list[tuple[str | None, str | None, str]]) -> None:
    assert [(t.stage, t.endpoint, t.check) for t in phase(name).thresholds] == promises


def test_every_tool_has_a_promise_and_what_only_happens_at_the_start_has_none() -> None:
    """The measured part of a stage has no `initialize`, so a promise on it would be missing."""
    pattern = "MCP *_*"
    tools = ["read_file", "write_file", "list_directory", "git_status", "git_log", "git_diff"]
    assert all(fnmatchcase(f"MCP {tool}", pattern) for tool in [*tools, "web_fetch"])
    assert not fnmatchcase("MCP initialize", pattern)
    assert not fnmatchcase("MCP tools/list", pattern)


@pytest.mark.parametrize("name", PHASES)
def test_tolerances(name: str) -> None:
    found = {tolerance.metric: tolerance.fail for tolerance in phase(name).tolerances}
    assert found.items() >= {"p95": "+50%", "error_rate": "+0.5pp", "rps": "-30%"}.items()
    if name in ("rag", "baseline"):
        assert found["qdrant_timeout_rate"] == "+0.1pp"
    if name in ("mcp", "baseline"):
        assert found["sandbox_violations"] == "+0%"


@pytest.mark.parametrize("name", PHASES)
def test_shortened_is_the_same_but_for_its_times(name: str) -> None:
    whole, short = phase(name), phase(name, short=True)
    assert short.name == f"demo-{name}"
    assert (FOLDER / "demo" / f"{name}.toml").read_text().startswith("# SHORTENED: ")
    for field in ("locustfiles", "user_classes", "host", "hosts", "thresholds", "tolerances"):
        assert getattr(short, field) == getattr(whole, field), field
    assert [(s.name, s.users) for s in short.stages] == [(s.name, s.users) for s in whole.stages]


def _expected(plan: Plan) -> dict[tuple[str, str], float]:
    """(stage, endpoint) -> requests in its measured part, as the plan's think time has it."""
    low, high = map(float, str(plan.args["think"]).split("-"))
    began, start, before = [], 0, 0
    for stage in plan.stages:
        ramp_s = (stage.total_users - before) / stage.spawn_rate
        began.append(
            StageBegan(stage.name, start, stage.users, stage.spawn_rate, ramp_s, stage.duration_s)
        )
        start, before = start + int(stage.duration_s), stage.total_users
    found = {}
    for span in stage_spans(began, start):
        seconds = span.measured_to - span.measured_from
        assert seconds >= 20, "shorter ones are not compared"
        for one in plan.user_classes:
            users = span.users[one] if isinstance(span.users, dict) else span.users
            service = CLASSES[one]
            rate = users / ((low + high) / 2 + SECONDS[service])
            for endpoint, share in SHARES[service].items():
                found[span.name, endpoint] = rate * share * seconds
    return found


@pytest.mark.parametrize("name", ["gateway", "rag", "mcp"])
def test_shortened_has_requests_enough_to_be_compared(name: str) -> None:
    """Of the health endpoint there are at least the 400 that a p95 needs, of all others 600."""
    expected = _expected(phase(name, short=True))
    for (stage, endpoint), count in expected.items():
        assert count >= (400 if endpoint == "GET /health" else ENOUGH), (stage, endpoint)


@pytest.mark.parametrize("name", PHASES)
def test_think_time_outweighs_the_wait(name: str) -> None:
    """So that a target that takes twice as long does not seem to take far fewer requests: they
    fall by less than the 15 % at which there is a warning."""
    plan = phase(name, short=True)
    low, high = map(float, str(plan.args["think"]).split("-"))
    think_s, wait_s = (low + high) / 2, max(SECONDS[CLASSES[one]] for one in plan.user_classes)
    assert (think_s + wait_s) / (think_s + 2 * wait_s) > 0.85


def test_one_user_of_each_asks_often_enough_where_it_is_compared() -> None:
    expected = _expected(phase("baseline", short=True))
    for endpoint in ("POST /v1/chat/completions", "POST /query"):
        assert expected["alone", endpoint] >= ENOUGH
