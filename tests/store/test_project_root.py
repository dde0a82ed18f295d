"""Which project a file belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.plan.model import Plan
from loadtui.store import project_root as module
from loadtui.store.project_root import (
    project_here,
    project_of_plan,
    project_of_run,
    project_root,
    relative_plan_file,
)
from loadtui.store.run_folder import baselines_root


def made(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder commands are given in, beside the projects."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    "sign",
    ["pyproject.toml", ".git/HEAD", ".loadtui/runs/one/manifest.json", "baselines/other.json"],
)
def test_a_project_is_told_by_any_of_these(tmp_path: Path, sign: str) -> None:
    made(tmp_path / "p" / sign)
    plan = made(tmp_path / "p" / "load" / "smoke" / "api.toml")
    assert project_root(plan) == tmp_path / "p"
    assert project_root(plan.parent) == tmp_path / "p"


def test_a_folder_of_scenarios_lies_in_its_project(tmp_path: Path) -> None:
    plan = made(tmp_path / "p" / "scenarios" / "nightly" / "api.toml")
    assert project_root(plan) == tmp_path / "p"
    # Runs that were once made in the wrong folder do not make it a project.
    made(tmp_path / "p" / "scenarios" / ".loadtui" / "runs" / "one" / "manifest.json")
    assert project_root(plan) == tmp_path / "p"


def test_nothing_tells_of_a_project(tmp_path: Path) -> None:
    assert project_root(made(tmp_path / "a" / "api.toml")) is None


def test_the_nearest_counts(tmp_path: Path) -> None:
    made(tmp_path / "p" / "pyproject.toml")
    made(tmp_path / "p" / "service" / "pyproject.toml")
    plan = made(tmp_path / "p" / "service" / "load" / "api.toml")
    assert project_root(plan) == tmp_path / "p" / "service"


@pytest.mark.parametrize(
    ("sign", "text"), [("baselines/api.json", "{}"), ("pyproject.toml", "[tool.loadtui]\n")]
)
def test_what_is_loadtuis_own_counts_before_what_any_project_has(
    tmp_path: Path, sign: str, text: str
) -> None:
    """As in a repository of several packages whose baselines lie at its top."""
    made(tmp_path / "p" / sign, text)
    made(tmp_path / "p" / "service" / "pyproject.toml", "[project]\n")
    assert project_root(tmp_path / "p" / "service" / "api.toml") == tmp_path / "p"


def test_nothing_beyond_the_repository_counts(tmp_path: Path) -> None:
    made(tmp_path / "p" / "baselines" / "api.json")
    made(tmp_path / "p" / "module" / ".git")  # a submodule has a file
    assert project_root(tmp_path / "p" / "module" / "load" / "api.toml") == tmp_path / "p/module"


def test_folders_that_all_lie_in_are_no_project_by_accident(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    made(home / ".git" / "HEAD")
    made(home / ".loadtui" / "runs" / "one" / "manifest.json")
    made(home / "baselines" / "api.json")
    assert project_root(made(home / "work" / "api.toml")) is None
    assert project_root(made(home / "api.toml")) == home
    assert project_root(made(home / "scenarios" / "api.toml")) == home
    made(home / "pyproject.toml", "[tool.loadtui]\n")
    assert project_root(home / "work" / "api.toml") == home


def test_a_plan_belongs_to_its_project_wherever_the_command_is_given(
    tmp_path: Path, here: Path
) -> None:
    file = made(tmp_path / "p" / "scenarios" / "api.toml")
    plan = Plan("api", ("x.py",), source=str(file))
    assert project_of_plan(plan) == tmp_path / "p"
    assert baselines_root(project_of_plan(plan)) == tmp_path / "p" / "baselines"
    assert relative_plan_file(plan) == "scenarios/api.toml"


def test_a_plan_outside_of_every_project(tmp_path: Path, here: Path) -> None:
    inside, outside = made(here / "load" / "a.toml"), made(tmp_path / "there" / "b.toml")
    assert project_of_plan(Plan("a", ("x.py",), source=str(inside))) == here
    assert project_of_plan(Plan("b", ("x.py",), source=str(outside))) == tmp_path / "there"


def test_a_locustfile_without_a_plan(tmp_path: Path, here: Path) -> None:
    made(tmp_path / "p" / "pyproject.toml")
    within, outside = made(tmp_path / "p" / "load.py"), made(tmp_path / "there" / "load.py")
    assert project_of_plan(Plan("load", (str(within),))) == tmp_path / "p"
    assert project_of_plan(Plan("load", (str(outside),))) == here
    assert project_of_plan(Plan("gone", (str(tmp_path / "gone.py"),))) == here
    assert project_of_plan(Plan("imported", ())) == here
    assert relative_plan_file(Plan("gone", (str(tmp_path / "gone.py"),))) == ""


def test_the_current_folder_belongs_to_a_project_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path / "p" / "pyproject.toml")
    (tmp_path / "p" / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "p" / "sub")
    assert project_here() == tmp_path / "p"
    monkeypatch.chdir(tmp_path)
    assert project_here() == tmp_path


def test_a_run_belongs_to_the_project_whose_run_it_is(tmp_path: Path, here: Path) -> None:
    assert project_of_run(here / ".loadtui" / "runs" / "one") == here
    (tmp_path / "link").symlink_to(here)
    assert project_of_run(tmp_path / "link" / ".loadtui" / "runs" / "one") == here
    assert project_of_run(tmp_path / "p" / ".loadtui" / "runs" / "one") == tmp_path / "p"
    made(tmp_path / "q" / "pyproject.toml", '[tool.loadtui]\nruns = "kept"\n')
    assert project_of_run(tmp_path / "q" / "kept" / "one") == tmp_path / "q"
    assert project_of_run(tmp_path / "loose" / "one") == here


def test_the_variable_names_the_baselines_of_every_project(
    tmp_path: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path / "p" / "pyproject.toml", '[tool.loadtui]\nbaselines = "reviewed"\n')
    assert baselines_root(tmp_path / "p") == tmp_path / "p" / "reviewed"
    monkeypatch.setenv("LOADTUI_BASELINES", "shared")
    assert baselines_root(tmp_path / "p") == here / "shared"


def test_without_a_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def nobody() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(module.Path, "home", nobody)
    assert project_root(tmp_path) is None
