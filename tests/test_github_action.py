"""`.github/actions/loadtui`, step by step as GitHub's runner takes it, and the workflows."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.composite_action import CompositeAction
from tests.support.github_server import TOKEN, GitHub
from tests.support.project import Project
from tests.support.servers import Nginx
from tests.support.tools import need_tool

ROOT = Path(__file__).resolve().parents[1]
ACTION = ROOT / ".github" / "actions" / "loadtui"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
LOCUSTFILE = """
from locust import FastHttpUser, constant, task

class Visitor(FastHttpUser):
    wait_time = constant(0.02)

    @task
    def get(self):
        self.client.get("/")
"""
ARGUMENTS = ["-u", "2", "-r", "100", "-t", "2s", "--processes", "1"]


@pytest.fixture
def github() -> Iterator[GitHub]:
    with GitHub() as server:
        server.add_issue("a pull request", "", [])
        yield server


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """With what the step that installs makes."""
    programs = tmp_path / "scratch" / "loadtui" / "bin"
    programs.mkdir(parents=True)
    for name in ("loadtui", "python"):
        program = programs / name
        module = "-m loadtui" if name == "loadtui" else ""
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n')
        program.chmod(0o755)
    return tmp_path / "scratch"


@pytest.mark.parametrize(
    ("check", "code"),
    [("error_rate < 5%", 0), pytest.param("rps > 1000000", 1, marks=pytest.mark.thorough)],
)
def test_it_runs_reports_and_ends_as_the_run_did(
    tmp_path: Path, scratch: Path, github: GitHub, check: str, code: int
) -> None:
    project = Project(tmp_path / "project")
    project.write("locustfile.py", LOCUSTFILE)
    action = CompositeAction(ACTION, {"token": TOKEN, "ref": "refs/pull/1/merge"})
    _without_installing(action)
    with Nginx(need_tool("nginx"), tmp_path / "target") as target:
        asked = ["-H", target.url, "--check", check, *ARGUMENTS]
        inputs = {"run": "locustfile.py", "arguments": "\n".join(asked), "comment": "true"}
        env = {
            **github.environ(),
            "GITHUB_REF": "refs/pull/1/merge",
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            "XDG_STATE_HOME": str(tmp_path / "state"),
        }
        ended = action.run(inputs, scratch, project.folder, env)
    # A machine that is busy makes a run invalid, which ends with 3 and is reported all the same.
    assert ended in (code, 3), action.said
    assert action.outputs["run"]["exit-code"] == str(ended)
    assert action.done == ["Run", "Comment on the pull request", "End as the run did"]
    reports = Path(action.outputs["run"]["reports"])
    assert sorted(path.name for path in reports.iterdir()) == [
        "junit.xml", "report.html", "report.md", "result.json",
    ]  # fmt: skip
    run = json.loads((reports / "result.json").read_text())["run"]
    [comment] = github.comments[1]
    assert run in comment
    assert run in (tmp_path / "summary.md").read_text()
    assert TOKEN not in action.said


def test_what_cannot_run_ends_with_2_and_comments_on_nothing(
    tmp_path: Path, scratch: Path, github: GitHub
) -> None:
    project = Project(tmp_path / "project")
    action = CompositeAction(ACTION, {"token": TOKEN, "ref": "refs/pull/1/merge"})
    _without_installing(action)
    inputs = {"run": "nowhere.toml", "comment": "true", "issue": "true"}
    assert action.run(inputs, scratch, project.folder, github.environ()) == 2
    assert "nowhere.toml" in action.said
    assert github.asked == []


def _without_installing(action: CompositeAction) -> None:
    steps = action.definition["runs"]["steps"]
    [installs] = [step for step in steps if step.get("name") == "Install loadtui"]
    steps.remove(installs)


@pytest.mark.parametrize("path", [ACTION / "action.yml", *WORKFLOWS], ids=lambda path: path.name)
def test_others_actions_are_pinned_by_hash(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)(.*)", text)
    assert used
    for action, remark in used:
        assert action.startswith("./") or (
            re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action)
            and re.fullmatch(r" # v\d+\.\d+\.\d+", remark)
        ), action


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_job_has_more_rights_than_it_says(path: Path) -> None:
    workflow: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"]["contents"] == "read"
        assert job["timeout-minutes"]
