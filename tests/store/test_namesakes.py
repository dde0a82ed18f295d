"""Two plans of one name in a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.plan.toml import load_plan
from loadtui.store.namesakes import refuse_namesake
from tests.support.run_writer import RunWriter


def write_plan(path: Path, name: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "load.py").write_text("")
    path.write_text((f'name = "{name}"\n' if name else "") + 'locustfile = "load.py"\n')
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    return tmp_path


def test_both_are_named(project: Path) -> None:
    a = load_plan(write_plan(project / "scenarios" / "a" / "api.toml"))
    refuse_namesake(a, project)
    write_plan(project / "scenarios" / "b" / "nightly.toml", "api")
    with pytest.raises(UsageError, match=r"scenarios/a/api\.toml and scenarios/b/nightly\.toml"):
        refuse_namesake(a, project)


def test_other_names_and_files_that_are_no_plans_are_no_trouble(project: Path) -> None:
    a = load_plan(write_plan(project / "scenarios" / "a" / "api.toml"))
    write_plan(project / "scenarios" / "b" / "api.toml", "other")
    (project / "scenarios" / "c").mkdir()
    (project / "scenarios" / "c" / "api.toml").write_text("[server]\nport = 1\n")
    refuse_namesake(a, project)


def test_the_plan_of_the_newest_run_and_that_of_the_baseline(project: Path) -> None:
    """Which may lie where plans are not looked for."""
    a = load_plan(write_plan(project / "load" / "a" / "api.toml"))
    b = write_plan(project / "load" / "b" / "api.toml")
    refuse_namesake(a, project)
    with pytest.raises(UsageError, match=r"load/b/api\.toml"):
        refuse_namesake(a, project, "load/b/api.toml")
    RunWriter(project / ".loadtui" / "runs" / "20261123-101502-api-3f2a").manifest(
        plan=load_plan(b)
    )
    with pytest.raises(UsageError, match=r"load/b/api\.toml"):
        refuse_namesake(a, project)
    b.unlink()  # It was moved.
    refuse_namesake(a, project, "load/b/api.toml")


def test_a_plan_of_another_project_is_no_namesake(project: Path, tmp_path: Path) -> None:
    """As the demo's, whose run was saved here."""
    a = load_plan(write_plan(project / "scenarios" / "api.toml"))
    other = write_plan(tmp_path.parent / f"{tmp_path.name}-other" / "api.toml")
    RunWriter(project / ".loadtui" / "runs" / "20261123-101502-api-3f2a").manifest(
        plan=load_plan(other)
    )
    refuse_namesake(a, project)
