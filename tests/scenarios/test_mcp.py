"""The MCP scenario runs over both transports, and its mix is what its text says."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loadtui.demo.target import DemoTarget
from loadtui.demo.tour import scenario_folder
from tests.support.command import load
from tests.support.plain_locust import RUN_TIME
from tests.support.tools import need_tool

SCENARIO = scenario_folder() / "mcp.py"
FILES = {"read_file", "write_file", "list_directory", "read_file (outside)"}
GIT = {"git_status", "git_log", "git_diff"}
WEB = {"web_fetch"}


@pytest.fixture(scope="module")
def target() -> Iterator[DemoTarget]:
    need_tool("git")
    with DemoTarget("mcp") as running:
        yield running


def received(target: DemoTarget) -> dict[str, int]:
    with urllib.request.urlopen(f"{target.url}/stats") as answer:
        counts: dict[str, int] = json.load(answer)["received"]
        return counts


def test_plain_locust_runs_it_over_mcp(target: DemoTarget, tmp_path: Path) -> None:
    users = ["-u", "8", "-r", "50", "-t", RUN_TIME, "-s", "5"]
    load = [*users, "-H", target.url, "--think", "0.01-0.02"]
    ran = subprocess.run(
        [sys.executable, "-m", "locust", "-f", SCENARIO, "--headless", *load, "--json"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    rows = {row["name"]: row for row in json.loads(ran.stdout)}
    assert {row["method"] for row in rows.values()} == {"MCP"}
    assert {name: row["num_failures"] for name, row in rows.items()} == dict.fromkeys(rows, 0)
    sent = {name: row["num_requests"] for name, row in rows.items()}
    assert sent.pop("initialize") == sent.pop("tools/list") == 8
    assert received(target)["MCP initialize"] == 8
    assert set(sent) <= FILES | GIT | WEB


def test_loadtui_runs_it_over_execute(target: DemoTarget, tmp_path: Path) -> None:
    rate = ("-u", "8", "-r", "50", "-t", "1s", "-H", target.url)
    own = ("--transport", "execute", "--think", "0.01-0.02")
    outcome = load(tmp_path, str(SCENARIO), *rate, own=own)
    assert outcome.quiet_code == 0, outcome.stderr
    rows: dict[str, Any] = outcome.endpoints()
    assert set(rows) <= {f"MCP {name}" for name in FILES | GIT | WEB}
    assert sum(row["failures"] for row in rows.values()) == 0
    counts = received(target)
    executed = {name: count for name, count in counts.items() if name.startswith("POST /execute")}
    assert sum(executed.values()) == sum(r["requests"] for r in rows.values())
    violations = outcome.document["metrics"]["sandbox_violations"]
    assert violations["count"] == 0, "known, so that a check on it can hold"


PROBE = """
import collections, json, sys
sys.path.insert(0, sys.argv[1])
import mcp
from locust.env import Environment

class Answer:
    def __init__(self, status, body):
        self.status_code, self.body = status, body
    def json(self):
        return json.loads(self.body)

mcp.MCPServerUser.host = "http://127.0.0.1:1"
user = mcp.MCPServerUser(Environment())
waits = [user.wait_time() for _ in range(200)]
tags = collections.Counter(tag for task in mcp.MCPServerUser.tasks for tag in task.locust_tag_set)
answers = [mcp.executed(Answer(*answer)) for answer in json.loads(sys.argv[2])]
told = [[found.ok, found.refused, found.text or found.error] for found in answers]
print(json.dumps([min(waits), max(waits), tags, told]))
"""


def test_weights_think_time_and_answers_of_execute() -> None:
    answers = {
        (200, '{"result": "x"}'): [True, False, "x"],
        (400, '{"error": "outside the sandbox"}'): [
            False,
            True,
            "tool error: outside the sandbox",
        ],
        (200, '{"error": "no"}'): [False, True, "tool error: no"],
        (200, "<p/>"): [False, False, "status 200 without result and error"],
        (404, "[]"): [False, False, "status 404 without result and error"],
        (403, '{"result": "x"}'): [False, True, "tool error: None"],
    }
    ran = subprocess.run(
        [sys.executable, "-c", PROBE, SCENARIO.parent, json.dumps(list(answers))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    least, most, tags, told = json.loads(ran.stdout)
    assert 2 <= least < 3 < 5 < most <= 6
    assert tags == {"file": 40, "git": 40, "web": 20}
    assert told == list(answers.values())
