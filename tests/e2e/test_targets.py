"""A plan whose user classes send to different base URLs: every view says `several`."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from loadtui.plan.toml import load_plan
from loadtui.store.manifest_file import write_manifest
from loadtui.store.run_folder import runs_root
from loadtui.store.stored_run import Run
from loadtui.tui.workbench import project_access
from loadtui.verdict.sides import compared_run
from tests.support.command import Write, command, load
from tests.support.fake_host import serverless
from tests.support.project import Project, snapshot
from tests.support.stored_runs import Traffic, keep_run

pytestmark = pytest.mark.thorough

CLASSES = """
    class Api(ServerlessUser):
        @task
        def a(self):
            fire(self, "a")

    class Page(ServerlessUser):
        @task
        def b(self):
            fire(self, "b")
"""
PLAN = """
    locustfile = "two_hosts.py"
    host = "http://127.0.0.1:8001"
    hosts = { Api = "http://127.0.0.1:8002" }
    [[stage]]
    users = 2
    spawn_rate = 2
    duration = "3s"
"""
ONE_URL = "http://127.0.0.1:800"


@pytest.fixture
def plan(project: Path, write: Write) -> str:
    write(serverless(CLASSES), "two_hosts.py")
    return write(PLAN, "two_hosts.toml")


@pytest.fixture
def run(project: Path, plan: str) -> Run:
    """A saved run of the plan, in which every request failed."""
    folder = runs_root(project) / "20261123-101502-two_hosts-3f2a"
    return keep_run(folder, {"GET /a": Traffic(failing=1.0)}, plan=load_plan(project / plan))


def test_check(project: Path, plan: str) -> None:
    assert re.search(r"target +several\n", command(project, "check", plan).stdout)
    assert command(project, "check", plan, "--json").document["target"] == "several"


def test_run_and_its_saved_run(project: Path, plan: str) -> None:
    outcome = load(project, plan)
    assert outcome.document["target"] == "several", outcome.stderr
    assert outcome.run.manifest.plan.target == "several"


def test_a_class_that_does_not_run_is_no_target(project: Path, write: Write) -> None:
    """The locustfile has one class of the two that the plan's host and hosts are for."""
    write(serverless(CLASSES.partition("class Page")[0]), "two_hosts.py")
    write(PLAN, "two_hosts.toml")
    assert load(project, "two_hosts.toml").document["target"] == f"{ONE_URL}2"


def test_live_screen(tmp_path: Path) -> None:
    project = Project(tmp_path / "live")
    project.write("two_hosts.py", serverless(CLASSES))
    project.write("two_hosts.toml", PLAN.replace("3s", "60s"))
    try:
        folder = project.detach("two_hosts.toml", "--processes", "1")
        assert snapshot(folder, lambda _: True).target == "several"
    finally:
        project.give("stop", "--now")
        project.close()


def test_simulate(project: Path, plan: str) -> None:
    outcome = command(project, "simulate", plan, "--json", "-")
    assert outcome.document["target"] == "several"


def test_text(run: Run, project: Path) -> None:
    assert "several" in command(project, "runs", "show", run.id).stdout.splitlines()[0]


@pytest.mark.parametrize("name", ["report.md", "report.html"])
def test_reports(run: Run, project: Path, name: str) -> None:
    outcome = command(project, "report", run.id, "-o", name)
    text = (project / name).read_text(encoding="utf-8")
    assert re.search(r"target\W.{0,40}\bseveral\b", text, re.IGNORECASE | re.DOTALL), outcome.stderr
    assert ONE_URL not in text


def test_plans_screen(project: Path, plan: str) -> None:
    [row] = project_access(project).plans.plans()
    assert row.host == "several"


def test_issue(run: Run, project: Path) -> None:
    outcome = command(project, "issue", "--dry-run", run.id)
    assert re.search(r"target.*several", outcome.stdout), outcome.stdout + outcome.stderr


def test_compare(run: Run, project: Path, plan: str) -> None:
    assert compared_run(run).target == "several"
    other = keep_run(
        runs_root(project) / "20261123-111502-two_hosts-3f2b",
        {"GET /a": Traffic()},
        plan=msgspec.structs.replace(run.manifest.plan, hosts={}),
    )
    write_manifest(other.folder, other.manifest)
    compared = command(project, "compare", other.id, run.id)
    assert f"target: several, in the base {ONE_URL}1" in compared.stdout
