"""Where baselines are looked for, what is said when there is none, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from loadtui import __main__ as entry
from loadtui.cli.baseline_options import BaselineChoice
from loadtui.cli.run_baseline import baseline_for, comparing_for
from loadtui.errors import UsageError
from loadtui.plan.model import Plan
from loadtui.plan.toml import load_plan
from loadtui.store.run_folder import BASELINES_VARIABLE
from loadtui.verdict.promotion import promote
from tests.support.stored_runs import Traffic, keep_run

Out = pytest.CaptureFixture[str]
WANTED = BaselineChoice(wanted=True)
PLAN = 'locustfile = "api.py"\n[[stage]]\nusers = 1\nspawn_rate = 1\nduration = "5s"\n'


def write_plan(folder: Path, name: str = "api") -> Plan:
    folder.mkdir(parents=True)
    (folder / "api.py").write_text("")
    (folder / f"{name}.toml").write_text(PLAN)
    return load_plan(folder / f"{name}.toml")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project, beside the folder in which commands are given."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.delenv("LOADTUI_DEBUG", raising=False)
    return tmp_path / "p"


@pytest.fixture
def plan(project: Path) -> Plan:
    return write_plan(project / "scenarios")


def promoted(plan: Plan, folder: Path) -> Path:
    run = keep_run(folder.parent / "base" / plan.name, {"GET /a": Traffic()}, plan=plan)
    return promote(run, folder).path


def test_it_is_found_from_the_plan(project: Path, plan: Plan) -> None:
    path = promoted(plan, project / "baselines")
    comparing = comparing_for(plan, WANTED, project)
    assert comparing.against is not None
    assert (Path(comparing.against.baseline), comparing.not_compared) == (path, "")
    found = baseline_for(plan, WANTED._replace(name="api", required=True))
    assert found is not None
    assert (Path(found.baseline), found.required) == (path, True)


def test_that_there_is_none_is_a_sentence(project: Path, plan: Plan) -> None:
    sentence = f"no baseline 'api' in {project / 'baselines'}: not compared"
    assert comparing_for(plan, WANTED, project) == (None, sentence)
    declined = comparing_for(plan, BaselineChoice(declined=True), project)
    assert declined.not_compared == "not compared with a baseline: --no-baseline was given"
    assert comparing_for(plan, BaselineChoice(), project).not_compared == ""


@pytest.mark.parametrize("how", ["option", "variable"])
def test_another_folder(
    project: Path, plan: Plan, how: str, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    run = keep_run(project / ".loadtui" / "runs" / "one", {"GET /a": Traffic()}, plan=plan)
    options: list[str] = []
    if how == "option":
        options = ["--baselines", "../reviewed"]
    else:
        monkeypatch.setenv(BASELINES_VARIABLE, "../reviewed")
    reviewed = project.parent / "reviewed"
    before = os.environ.get(BASELINES_VARIABLE)
    assert entry.run(["baseline", "promote", str(run.folder), *options]) == 0
    assert (reviewed / "api.json").is_file()
    assert not (project / "baselines").exists()
    assert entry.run(["compare", "api", str(run.folder), *options]) == 0
    capsys.readouterr()
    assert entry.run(["baseline", "list", "--json", *options]) == 0
    assert '"api"' in capsys.readouterr().out
    assert entry.run(["baseline", "show", "api", *options]) == 0
    assert entry.run(["baseline", "rm", "api", "-y", *options]) == 0
    assert os.environ.get(BASELINES_VARIABLE) == before
    assert entry.run(["baseline", "show", "api", *options]) == 2
    assert str(reviewed) in capsys.readouterr().err


def test_a_run_is_promoted_and_compared_in_its_own_project(
    project: Path, plan: Plan, capsys: Out
) -> None:
    """Whatever is called the same where the command is given."""
    promoted(plan, Path("baselines").absolute())
    run = keep_run(project / ".loadtui" / "runs" / "one", {"GET /a": Traffic()}, plan=plan)
    assert entry.run(["baseline", "promote", str(run.folder)]) == 0
    assert capsys.readouterr().out == f"{project / 'baselines' / 'api.json'}: 1 run of api\n"
    assert entry.run(["compare", "api", str(run.folder)]) == 0
    assert "is compared with itself" in capsys.readouterr().out


@pytest.mark.parametrize("several", [False, True])
def test_a_baseline_that_is_required_has_to_be_there_before_anything_runs(
    project: Path, plan: Plan, several: bool, capsys: Out
) -> None:
    plans = [str(plan.source)]
    if several:
        other = write_plan(project / "scenarios" / "more", "other")
        promoted(other, project / "baselines")
        plans.insert(0, str(other.source))
    assert entry.run(["run", *plans, "--no-ui", "--require-baseline"]) == 2
    err = capsys.readouterr().err
    assert f"no baseline 'api' in {project / 'baselines'}, and --require-baseline asks" in err
    assert not (project / ".loadtui").exists()


def test_two_plans_of_one_name_are_refused(project: Path, capsys: Out) -> None:
    a = write_plan(project / "scenarios" / "a")
    promoted(a, project / "baselines")
    b = write_plan(project / "scenarios" / "b")
    assert entry.run(["run", str(b.source), "--no-ui"]) == 2
    err = capsys.readouterr().err
    assert "scenarios/b/api.toml and scenarios/a/api.toml" in err
    assert entry.run(["check", str(b.source)]) == 2
    assert "scenarios/b/api.toml and scenarios/a/api.toml" in capsys.readouterr().err
    run = keep_run(project / ".loadtui" / "runs" / "one", {"GET /a": Traffic()}, plan=b)
    assert entry.run(["baseline", "promote", str(run.folder)]) == 2
    assert "two plans of" in capsys.readouterr().err
    assert entry.run(["compare", "api", str(run.folder)]) == 0
    said = capsys.readouterr().out
    assert (
        "! the base was made from scenarios/a/api.toml, the run from scenarios/b/api.toml" in said
    )


def test_a_plan_that_was_moved_keeps_its_baseline(project: Path, plan: Plan) -> None:
    path = promoted(plan, project / "baselines")
    (project / "scenarios").rename(project / "load")
    moved = load_plan(project / "load" / "api.toml")
    found = baseline_for(moved, WANTED)
    assert found is not None
    assert Path(found.baseline) == path


def test_options_that_do_not_go_together(plan: Plan, capsys: Out) -> None:
    wrong = ["run", str(plan.source), "--no-baseline", "--require-baseline"]
    assert entry.run(wrong) == 2
    assert "--no-baseline does not go with --require-baseline" in capsys.readouterr().err
    with pytest.raises(UsageError, match="there is no baseline 'nightly'"):
        baseline_for(plan, WANTED._replace(name="nightly"))
