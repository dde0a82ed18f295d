"""McpUser against a server of the official SDK, under plain Locust.

The minute with 50 users: `pytest -m soak tests/users/test_mcp.py`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.mcp_server import McpServer
from tests.support.plain_locust import RUN_TIME

LOCUSTFILE = Path(__file__).parents[1] / "support" / "mcp_users.py"


@pytest.fixture
def server() -> Iterator[McpServer]:
    with McpServer() as running:
        yield running


def locust(server: McpServer, users: int, rate: int, run_time: str) -> dict[str, Any]:
    """Statistics by name."""
    load = ["-u", str(users), "-r", str(rate), "-t", run_time, "-s", "10", "-H", server.url]
    ran = subprocess.run(
        [sys.executable, "-m", "locust", "-f", LOCUSTFILE, *load, "--headless", "--json"],
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    rows = json.loads(ran.stdout)
    assert {row["method"] for row in rows} == {"MCP"}
    return {row["name"]: row for row in rows}


@pytest.mark.parametrize(
    ("users", "rate", "run_time"),
    [
        (8, 50, RUN_TIME),
        pytest.param(50, 25, "60s", marks=pytest.mark.soak),
    ],
)
def test_no_protocol_error_and_one_initialize_a_session(
    server: McpServer, users: int, rate: int, run_time: str
) -> None:
    rows = locust(server, users, rate, run_time)
    print({name: row["num_requests"] for name, row in rows.items()})
    assert set(rows) == {"initialize", "tools/list", "echo", "ask_back", "fail"}
    assert {name: row["num_failures"] for name, row in rows.items()} == dict.fromkeys(rows, 0)
    counted = server.stats()
    methods, statuses = counted["methods"], counted["statuses"]
    print(counted)
    calls = sum(rows[name]["num_requests"] for name in ("echo", "ask_back", "fail"))
    assert rows["initialize"]["num_requests"] == users
    assert methods["initialize"] == methods["notifications/initialized"] == users
    assert methods["tools/list"] == users
    assert methods["tools/call"] == calls
    asked = rows["ask_back"]["num_requests"]
    assert counted["answers"] == {"ping": asked, "roots/list: Method not found": asked}
    assert statuses == {
        "POST /mcp 200": 2 * users + calls,
        "POST /mcp 202": users + 2 * asked,
        "DELETE /mcp 200": users,
    }
    assert counted["sessions"] == 0
