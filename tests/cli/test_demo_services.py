"""`loadtui demo --serve`."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from loadtui.cli import demo, demo_services
from loadtui.demo.stack import PORTS
from loadtui.errors import UsageError


def _refused(*arguments: str) -> str:
    with pytest.raises(UsageError) as error:
        demo.command.main(list(arguments), standalone_mode=False)
    return str(error.value)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--free-ports"], "ports are for --serve; the guided run takes a free one by itself"),
        (["--port-rag", "9"], "ports are for --serve; the guided run takes a free one by itself"),
        (["--serve", "--regress"], "--serve does not go with --regress"),
        (["--serve", "--json", "x"], "--serve does not go with --json"),
        (["--regress", "--error-rate", "0.1"], "--regress does not go with --error-rate"),
        (["--slow", "0"], "--slow: found 0, expected a factor above 0 such as 1.3"),
        (["--error-rate", "2"], '--error-rate: found "2", expected a share such as 1% or 0.01'),
        (
            ["--serve", "--stall", "5s"],
            "--stall: expected a length and how often such as 5s/60s, found '5s'",
        ),
        (
            ["--serve", "--port-mcp", "70000"],
            "--port-mcp: found 70000, expected a port such as 8020",
        ),
    ],
)
def test_what_makes_no_sense_is_one_sentence(arguments: list[str], said: str) -> None:
    assert _refused(*arguments) == said


def test_ports_and_trouble_reach_the_services(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(
        demo_services, "serve_target", lambda ports, how: asked.append((ports, how)) or 0
    )
    demo.command.main(["--serve"], standalone_mode=False)
    demo.command.main(
        ["--serve", "--free-ports", "--port-rag", "9002", "--slow", "2", "--stall", "5s/60s"],
        standalone_mode=False,
    )
    assert asked == [
        ({"gateway": 8000, "rag": 8002, "mcp": 8020}, {"seed": 1, "pin": True}),
        (
            {"gateway": 0, "rag": 9002, "mcp": 0},
            {"seed": 1, "pin": True, "slow": 2.0, "stall": "5s/60s"},
        ),
    ]


class _Dying:
    """A stack of services one of which ends by itself."""

    def __init__(self, ports: dict[str, int], **how: object) -> None:
        self.urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        self.left = False

    def __enter__(self) -> _Dying:
        return self

    def __exit__(self, *_: object) -> None:
        self.left = True

    def ended(self) -> str:
        return "rag"


def test_a_service_that_ends_by_itself_ends_it_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("loadtui.demo.stack.DemoStack", _Dying)
    assert demo_services.serve_target(PORTS, {}) == 1
    out = capsys.readouterr()
    assert out.err == "the rag service ended by itself, so all of them stop\n"
    assert "loadtui run" in out.out
    assert " -H " not in out.out, "the plans look for the services at these ports"


def _get(url: str) -> object:
    with urllib.request.urlopen(f"{url}/health", timeout=10) as answer:
        return json.load(answer)


def _alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "\nState:\tZ" not in status.read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_it_serves_all_three_until_it_is_stopped(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "loadtui", "demo", "--serve", "--free-ports"],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Ctrl-C"):
                break
        text = "".join(lines)
        urls = dict(re.findall(r"^(\w+) +(http://\S+) ", text, re.MULTILINE))
        assert list(urls) == ["gateway", "rag", "mcp"], text
        for name, url in urls.items():
            assert _get(url) == {"status": "ok"}
            assert f"demo/{name}.toml -H {url}" in text
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert len(children) == 3
        if hasattr(os, "sched_getaffinity"):
            first = min(os.sched_getaffinity(0))
            assert all(os.sched_getaffinity(int(pid)) == {first} for pid in children)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, said) == (0, "stopped\n")
    assert not any(_alive(int(pid)) for pid in children)
    assert list(tmp_path.iterdir()) == []
