"""What an issue says of how to reproduce a run is a command that works when it is pasted."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.issues.reproduction import run_again
from loadtui.store.stored_run import Run
from tests.support.command import command
from tests.support.delay_server import DelayServer

pytestmark = pytest.mark.thorough
LOCUSTFILE = """
from locust import FastHttpUser, constant, events, tag, task


@events.init_command_line_parser.add_listener
def _(parser):
    parser.add_argument("--words", default="none")
    parser.add_argument("--token", is_secret=True, default="")

class Quick(FastHttpUser):
    wait_time = constant(0.05)

    @tag("read")
    @task
    def get(self):
        self.client.get("/" + self.environment.parsed_options.words.replace(" ", "-"))

    @task
    def put(self):
        self.client.put("/")

class Other(Quick):
    pass
"""
PLAN = """
locustfile = "../it's a locustfile.py"

[[stage]]
name = "L1"
users = 2
spawn_rate = 100
duration = "20s"

[[threshold]]
check = "max < 0.001ms"
"""
BARE = ["it's a locustfile.py", "Quick", "-u", "2", "-r", "50", "-t", "20s", "-T", "read"]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a plan in a folder of it, and `loadtui` on the path."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "loadtui").write_text(f'#!/bin/sh\nexec {sys.executable} -m loadtui "$@"\n')
    (bin_ / "loadtui").chmod(0o755)
    monkeypatch.setenv("PATH", str(bin_), prepend=os.pathsep)
    root = tmp_path / "repository"
    plans = root / "services" / "the plans"
    plans.mkdir(parents=True)
    (root / "services" / "it's a locustfile.py").write_text(LOCUSTFILE)
    (plans / "slow one.toml").write_text(PLAN)
    (root / ".gitignore").write_text(".loadtui\n")
    git = ["git", "-C", str(root), "-c", "user.name=t", "-c", "user.email=t@t.test"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"]):
        subprocess.run([*git, *words], check=True)
    return root


@pytest.fixture(scope="module")
def server() -> Iterator[DelayServer]:
    with DelayServer() as running:
        yield running


@pytest.mark.parametrize(
    ("folder", "words", "own"),
    [
        ("services", ["the plans/slow one.toml"], ["--words", "it's & more"]),
        ("services/the plans", ["slow one.toml"], []),
        ("", ["services/the plans/slow one.toml"], ["--words=$HOME"]),
        ("services", [*BARE, "--check", "max < 0.001ms @ GET *"], ["--words", "a b"]),
    ],
)
def test_it_makes_the_same_run_again(
    checkout: Path, server: DelayServer, folder: str, words: list[str], own: list[str]
) -> None:
    place = checkout / folder
    given = ["run", *words, "-H", server.url, "--time-scale", "0.1", "--processes", "1", "--no-ui"]
    first = command(place, *given, "-q", *(["--", *own] if own else []))
    assert first.code in (1, 3), first.stderr
    (folder_of_first,) = (checkout / ".loadtui" / "runs").iterdir()
    run = Run.open(folder_of_first)
    pasted = run_again(run.manifest, place)
    if first.code == 1:  # a machine that others use makes runs invalid, of which no issue is made
        body = command(place, "issue", "--dry-run").stdout
        assert [line[4:] for line in body.splitlines() if line.startswith("    ")] == pasted
    assert pasted[0] == f"git checkout {run.manifest.git and run.manifest.git.commit}"
    done = subprocess.run(
        ["sh", "-c", "\n".join(pasted)], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert done.returncode in (1, 3), done.stderr
    runs = [Run.open(path) for path in (checkout / ".loadtui" / "runs").iterdir()]
    [again] = [other for other in runs if other.id != run.id]
    for field in ("fingerprint", "plan", "git", "invocation"):
        assert getattr(again.manifest, field) == getattr(run.manifest, field), field


def test_a_secret_argument_is_not_told(checkout: Path, server: DelayServer) -> None:
    own = ["--", "--tok", "hunter2", "--token=hunter3", "--words", "w"]
    load = [*BARE[:-2], "-t", "2s", "-H", server.url, "--check", "max < 0.001ms", "-q", "--no-ui"]
    done = command(checkout / "services", "run", *load, *own)
    assert done.code in (1, 3), done.stderr
    (folder,) = (checkout / ".loadtui" / "runs").iterdir()
    assert "hunter" not in (folder / "manifest.json").read_text()
    invocation = Run.open(folder).manifest.invocation
    assert invocation is not None
    assert shlex.join(invocation.arguments) == "--tok '***' '--token=***' --words w"
