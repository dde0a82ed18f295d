"""The gateway scenario is a plain locustfile, and its plan says what the scenario's text says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.demo.target import DemoTarget
from loadtui.demo.tour import scenario_folder
from loadtui.plan.toml import load_plan
from tests.support.plain_locust import RUN_TIME
from tests.support.servers import Nginx

SCENARIO = scenario_folder() / "gateway.py"
KEY = "sk-a-key-that-nobody-may-see"

PROBE = f"""
import sys
sys.path.insert(0, {str(SCENARIO.parent)!r})
import gateway
"""


@pytest.fixture(scope="module")
def target() -> Iterator[DemoTarget]:
    with DemoTarget() as running:
        yield running


def _locust(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "locust", "-f", str(SCENARIO), "--headless", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )


def _probe(code: str, **environment: str) -> str:
    """Run code in a process that imported the scenario; importing Locust patches its process."""
    ran = subprocess.run(
        [sys.executable, "-c", PROBE + code],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_plain_locust_runs_it(target: DemoTarget, tmp_path: Path) -> None:
    load = ["-u", "10", "-r", "10", "-t", RUN_TIME, "-H", target.url, "--json", "--only-summary"]
    ran = _locust(*load, "--think", "0.01-0.02", cwd=tmp_path, OPENAI_API_KEY=KEY)
    assert ran.returncode == 0, ran.stderr
    rows = {(row["method"], row["name"]): row for row in json.loads(ran.stdout)}
    assert set(rows) == {
        ("POST", "/v1/chat/completions"),
        ("GET", "/v1/models"),
        ("GET", "/health"),
    }
    assert all(row["num_failures"] == 0 for row in rows.values())
    total = sum(row["num_requests"] for row in rows.values())
    assert total > 100
    chats = rows["POST", "/v1/chat/completions"]["num_requests"]
    assert 0.5 < chats / total < 0.9
    assert KEY not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("think", "said"),
    [
        ("fast", "expected a range of seconds such as 2-5 or 0.1-0.3, got 'fast'"),
        ("5-2", "the range '5-2' ends before it begins, write 2-5"),
    ],
)
def test_a_bad_think_time_is_refused_in_words(tmp_path: Path, think: str, said: str) -> None:
    ran = _locust("--think", think, cwd=tmp_path)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr


def test_weights_think_time_and_default() -> None:
    code = """
import collections, json, types
from locust.env import Environment
gateway.APIGatewayUser.host = "http://127.0.0.1:1"
tasks = collections.Counter(task.__name__ for task in gateway.APIGatewayUser.tasks)
def waits(options):
    user = gateway.APIGatewayUser(Environment(parsed_options=options))
    drawn = [user.wait_time() for _ in range(200)]
    return min(drawn), max(drawn)
print(json.dumps([tasks, waits(types.SimpleNamespace(think="0.25-0.5")), waits(None)]))
"""
    tasks, (least, most), (slow, slowest) = json.loads(_probe(code))
    assert tasks == {"chat_completion": 70, "models": 20, "health": 10}
    assert 0.25 <= least < most <= 0.5
    assert 2 <= slow < 3 < slowest <= 5


def test_answers_that_are_not_completions_are_failures(tmp_path: Path, nginx: Nginx) -> None:
    """nginx answers every path with 200 and two letters."""
    load = ["-u", "2", "-r", "2", "-t", RUN_TIME, "-H", nginx.url, "--json", "--only-summary"]
    ran = _locust(*load, "--think", "0.01-0.02", cwd=tmp_path)
    assert ran.returncode == 1
    rows = {row["name"]: row for row in json.loads(ran.stdout)}
    chat = rows["/v1/chat/completions"]
    assert chat["num_failures"] == chat["num_requests"] > 0
    assert rows["/v1/models"]["num_failures"] == 0
    assert "the answer is not JSON" in ran.stderr


def test_the_plan_climbs_in_three_stages() -> None:
    plan = load_plan(SCENARIO.with_suffix(".toml"))
    assert plan.name == "gateway"
    assert [(s.name, s.users, s.spawn_rate, s.duration_s) for s in plan.stages] == [
        ("L1", 10, 1, 300),
        ("L2", 50, 5, 300),
        ("L3", 100, 10, 300),
    ]
    assert [(t.stage, t.check) for t in plan.thresholds] == [
        ("L1", "error_rate < 0.1%"),
        ("L2", "error_rate < 1%"),
        ("L3", "error_rate < 1%"),
        ("L3", "p95 < 2s"),
        ("L3", "ttft.p95 < 1s"),
    ]
    assert plan.tolerances[0].metric == "p95"
    assert (plan.tolerances[0].warn, plan.tolerances[0].fail) == ("+25%", "+50%")
    assert plan.args == {"think": "2-5"}
