"""Where runs are: option, then environment, then the project's settings, then the project."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest

from loadtui import __main__ as entry
from loadtui.cli.group import COMMANDS, loadtui
from loadtui.store.run_folder import RUNS_VARIABLE, runs_root
from tests.support.command import load

Out = pytest.CaptureFixture[str]
PLAN = 'locustfile = "a.py"\n[[stage]]\nusers = 2\nspawn_rate = 2\nduration = "5s"\n'


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text("import locust\n")
    (tmp_path / "a.toml").write_text(PLAN)
    return tmp_path


def simulated(*before: str) -> None:
    assert entry.run([*before, "simulate", "a.toml", "--requests", "200", "--quiet"]) == 0


def test_the_nearer_word_wins(project: Path, monkeypatch: pytest.MonkeyPatch, capfd: Out) -> None:
    (project / "pyproject.toml").write_text('[tool.loadtui]\nruns = "settings"\n')
    simulated()
    monkeypatch.setenv(RUNS_VARIABLE, "variable")
    simulated()
    simulated("--runs", "option")
    assert os.environ[RUNS_VARIABLE] == "variable", "the option is for one command"
    for folder in ("settings", "variable", "option"):
        [run] = (project / folder).iterdir()
        capfd.readouterr()
        assert entry.run(["runs", "list", "--runs", folder, "--json"]) == 0
        assert run.name in capfd.readouterr().out
    assert not (project / ".loadtui").exists()


@pytest.mark.thorough
def test_a_run_is_saved_where_the_option_says(project: Path) -> None:
    (project / "b.py").write_text(
        "from locust import User, constant, task\n"
        "class A(User):\n    wait_time = constant(0.1)\n    @task\n    def t(self): ...\n"
    )
    outcome = load(project, "b.py", "-u", "1", "-t", "2", "--runs", "there")
    assert outcome.folder.parent == project / "there"
    assert not (project / ".loadtui").exists()


def test_a_relative_folder_is_one_of_here(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(RUNS_VARIABLE, "somewhere")
    assert runs_root(project / "deeper") == project / "somewhere"
    monkeypatch.setenv(RUNS_VARIABLE, "")
    assert runs_root(project) == project / ".loadtui" / "runs"


def test_what_is_no_folder_is_refused(project: Path, capfd: Out) -> None:
    assert entry.run(["runs", "list", "--runs", "a.py"]) == 2
    assert "a.py" in capfd.readouterr().err


def test_every_command_about_runs_has_it() -> None:
    """Of `simulate` and `calibrate` --runs is how many; `locust` has Locust's options."""
    own = {"locust", "init", "check", "simulate", "calibrate", "schema", "completion", "help"}
    context = click.Context(loadtui)
    without = set()
    for name in COMMANDS:
        command = loadtui.get_command(context, name)
        assert command is not None
        inner = list(getattr(command, "commands", {}).values()) or [command]
        if not any("runs_folder" in {p.name for p in one.params} for one in inner):
            without.add(name)
    assert without == own
