"""A command that is given in another folder than its plan lies in."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.plan.toml import load_plan
from loadtui.report.account.account import account_of_run
from loadtui.report.account.subject import run_subject
from loadtui.verdict.promotion import promote
from tests.support.command import Write, command, load
from tests.support.fake_host import serverless
from tests.support.stored_runs import Traffic, keep_run

pytestmark = pytest.mark.thorough

CLASS = """
    from pathlib import Path
    Path("where.txt").write_text("here")

    class Api(ServerlessUser):
        @task
        def a(self):
            fire(self, "a")
"""
PLAN = """
    locustfile = "api.py"
    [[stage]]
    users = 1
    spawn_rate = 1
    duration = "2s"
"""


def made(project: Path, write: Write) -> tuple[Path, str]:
    """The folder commands are given in, and the plan's path from there."""
    (project / "scenarios").mkdir()
    write(serverless(CLASS), "scenarios/api.py")
    here = project.parent / "here"
    here.mkdir()
    return here, f"../project/{write(PLAN, 'scenarios/api.toml')}"


def test_a_run_is_saved_in_the_project_of_its_plan(project: Path, write: Write) -> None:
    here, plan = made(project, write)
    ended = load(here, plan)
    sentence = f"no baseline 'api' in {project / 'baselines'}: not compared"
    assert f"loadtui: {sentence}\n" in ended.stderr
    assert ended.document["not_compared"] == sentence
    assert ended.folder.parent == project / ".loadtui" / "runs"
    assert not (here / ".loadtui").exists()
    assert (here / "where.txt").is_file(), "relative paths start where the command was given"
    assert f"It is a run of the project {project}, where its plan is" in ended.stderr
    account = account_of_run(run_subject(ended.run, project))
    assert [one.reason for one in account.with_outcome("undecided")][-1] == sentence

    shown = command(here, "runs", "show", ended.document["run"])
    assert f"\n? {sentence}\n" in shown.stdout
    assert command(here, "runs", "show", "latest").code == 2
    assert command(project / "scenarios", "runs", "show", "latest").code == 0


def test_it_is_compared_with_the_baseline_of_its_project(project: Path, write: Write) -> None:
    """Which is one of a longer stage, so that the verdict is known: they are not comparable."""
    from loadtui.plan.fingerprint import fingerprint
    from loadtui.plan.fingerprint_parts import fingerprint_parts

    here, plan = made(project, write)
    write(PLAN.replace('"2s"', '"62s"'), "scenarios/api.toml")
    longer = load_plan(project / "scenarios" / "api.toml")
    base = keep_run(
        project.parent / "base",
        {"GET a": Traffic()},
        stages=[("S1", 60)],
        users=1,
        plan=longer,
        fingerprint=fingerprint(longer),
        fingerprint_parts=fingerprint_parts(longer),
    )
    path = promote(base, project / "baselines").path
    write(PLAN, "scenarios/api.toml")

    ended = load(here, plan, "--require-baseline")
    manifest = ended.run.manifest
    assert manifest.baseline_file == str(path)
    if not manifest.validity.valid:  # A machine too busy to judge it.
        assert ended.code == 3
        return
    assert ended.code == 1
    assert manifest.comparison is not None
    assert manifest.comparison.not_compared[1:] == ["length of stage S1: 2s, in the base 1m2s"]
    failed = account_of_run(run_subject(ended.run, project)).with_outcome("fail")
    assert [one.kind for one in failed] == ["comparison"]
    issue = command(project, "issue", "latest", "--dry-run")
    assert "shows no regression, so no issue is opened" in issue.stderr
