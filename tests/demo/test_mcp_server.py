"""The MCP target's tools, called without the protocol.

Over the protocol they are called by the scenario's own tests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loadtui.demo import mcp_server as mcp_module
from loadtui.demo import repository as repository_module
from loadtui.demo.degradation import Degradation
from loadtui.demo.mcp_server import mcp_app
from loadtui.errors import UsageError
from tests.support.tools import need_tool


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    need_tool("git")
    monkeypatch.setattr(mcp_module, "MEDIAN_S", dict.fromkeys(mcp_module.MEDIAN_S, 1e-6))


@pytest.fixture
def execute(ask: Any) -> Iterator[Any]:
    """`execute(tool, **args)` -> (status, document), in one server for a test."""
    app = mcp_app(1)
    with asyncio.Runner() as runner:

        def one(tool: str, **args: object) -> tuple[int, Any]:
            answer = runner.run(ask(app, "POST", "/execute", {"tool": tool, "args": args}))
            return answer.status, answer.document

        yield one


def test_files(execute: Any) -> None:
    status, answer = execute("read_file", path="README.md")
    assert (status, answer["result"][:6]) == (200, "# Demo")
    assert execute("write_file", path="notes/a.md", content="abc") == (
        200,
        {"result": "wrote 3 bytes to notes/a.md"},
    )
    names = ["README.md", "docs/", "notes/", "outside", "src/"]
    assert execute("list_directory") == (200, {"result": "\n".join(names)})
    refused = {"error": "outside/passwd is outside the sandbox"}
    assert execute("read_file", path="outside/passwd") == (400, refused)


def test_git_sees_what_is_written(execute: Any) -> None:
    assert execute("git_status") == (200, {"result": "## main\n?? outside\n"})
    assert execute("git_diff") == (200, {"result": ""})
    execute("write_file", path="README.md", content="other\n")
    assert "\n M README.md\n" in execute("git_status")[1]["result"]
    assert "\n+other\n" in execute("git_diff")[1]["result"]
    status, answer = execute("git_log", limit=2)
    assert status == 200
    assert [line.partition(": ")[2] for line in answer["result"].splitlines()] == [
        "Note what has changed",
        "Write the report",
    ]


def test_the_web_is_what_the_server_holds(execute: Any) -> None:
    assert execute("web_fetch", url="http://docs.demo/queueing")[1]["result"][:10] == "# Queueing"
    status, answer = execute("web_fetch", url="http://127.0.0.1:1/")
    assert status == 400
    assert answer["error"].startswith("http://127.0.0.1:1/: 404, this server holds http://docs.d")


def test_bad_calls_are_refused_in_words(execute: Any, ask: Any) -> None:
    assert execute("nothing") == (400, {"error": "Unknown tool: nothing"})
    status, answer = execute("git_log", limit=0)
    assert (status, "greater than or equal to 1" in answer["error"]) == (400, True)
    status, answer = execute("read_file")
    assert (status, "path" in answer["error"]) == (400, True)
    answer = asyncio.run(ask(mcp_app(1), "POST", "/execute"))
    assert (answer.status, answer.document) == (400, {"error": "the body is not JSON"})


def test_health_and_counts(ask: Any) -> None:
    app = mcp_app(1, Degradation(error_rate=1.0))

    async def course() -> list[Any]:
        body = {"tool": "git_status"}
        return [
            await ask(app, "GET", "/health"),
            await ask(app, "POST", "/execute", body),
            await ask(app, "GET", "/stats"),
        ]

    health, failed, stats = asyncio.run(course())
    assert (health.status, health.document) == (200, {"status": "ok"})
    assert (failed.status, failed.document) == (503, {"error": "Service degraded"})
    label = "POST /execute git_status"
    assert stats.document == {
        "received": {label: 1},
        "answered": {label: 1},
        "failed": {label: 1},
        "waiting": 0,
    }


def test_slow_multiplies_what_a_call_takes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(mcp_module, "MEDIAN_S", {"file": 0.01, "git": 0.01, "web": 0.01})
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    times = []
    for number, slow in enumerate((1.0, 3.0)):
        folder = tmp_path / str(number)
        folder.mkdir()
        tools = mcp_module.Tools(folder, 1, Degradation(slow=slow))
        with monkeypatch.context() as patch:
            patch.setattr(mcp_module.asyncio, "sleep", sleep)
            asyncio.run(tools.read_file("README.md"))
        times.append(slept[0])
        assert (slept[1] > 0) == (slow > 1), "what is really done takes longer, too"
        slept.clear()
    assert times[1] == pytest.approx(3 * times[0])


def test_without_git_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository_module.shutil, "which", lambda name: None)
    with pytest.raises(UsageError, match="MCP server needs git, install"):
        mcp_app(1)


def test_nobodys_configuration_has_a_part(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ask: Any
) -> None:
    """A program named in the user's own configuration is not run."""
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    (tmp_path / ".gitconfig").write_text(f"[core]\nfsmonitor = {trap}\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / ".gitconfig"))
    answer = asyncio.run(ask(mcp_app(1), "POST", "/execute", {"tool": "git_status"}))
    assert answer.status == 200
    assert not (tmp_path / "sprung").exists()
