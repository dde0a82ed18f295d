"""The first phase, much shortened: all three scenarios in one run, against all three services."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.demo.stack import FREE, PORTS, DemoStack
from loadtui.demo.tour import scenario_folder
from tests.support.command import load

pytestmark = pytest.mark.thorough


def test_one_user_of_each_meets_no_error(tmp_path: Path) -> None:
    folder = scenario_folder()
    text = (folder / "demo" / "baseline.toml").read_text().replace('"../', f'"{folder}/')
    with DemoStack(FREE) as stack:
        for service, port in PORTS.items():
            text = text.replace(f"http://127.0.0.1:{port}", stack.urls[service])
        plan = tmp_path / "demo-baseline.toml"
        plan.write_text(text.replace('"2m"', '"4s"').replace("0.08-0.12", "0.01-0.03"))
        outcome = load(tmp_path, plan.name)
    document = outcome.document
    assert document["errors"] == []
    assert document["exceptions"] == []
    assert document["metrics"]["sandbox_violations"]["count"] == 0
    assert document["metrics"]["qdrant_timeout_rate"]["rate"] == 0
    assert document["metrics"]["ttft"]["count"] > 0
    assert outcome.endpoints().keys() >= {
        "POST /v1/chat/completions",
        "POST /query",
        "POST /index",
        "MCP initialize",
        "MCP read_file",
        "MCP git_status",
        "MCP web_fetch",
    }
    assert outcome.quiet_code == 0
