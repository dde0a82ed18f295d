"""The made-up project of screen tests does what a real one does, as far as screens rely on it."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from loadtui.errors import UsageError
from loadtui.store.run_folder import runs_root
from loadtui.tui.project import ProjectAccess
from loadtui.tui.project.run_rows import PromotionChoices, RunRow
from loadtui.tui.watched.moment import Moment
from loadtui.tui.workbench import project_access
from tests.support.stored_runs import Traffic, keep_run, plan
from tests.support.workbench_fakes import RUNS, fake_project

TRAFFIC = {"GET /a": Traffic(), "GET /b": Traffic(ms=30.0, failing=0.1)}
STAGES = (("L1", 40), ("L2", 40))


@dataclass
class Known:
    """A project and what is known of it."""

    access: ProjectAccess
    over: Path
    """A run that is over and whose plan has a baseline."""
    without_baseline: Path
    """A run whose plan has none, and which may be removed."""


@pytest.fixture(scope="module")
def real_project(tmp_path_factory: pytest.TempPathFactory) -> Known:
    folder = tmp_path_factory.mktemp("project")
    runs = runs_root(folder)
    (folder / "broken.toml").write_text("locustfile = 3\n")
    for seed, (run, name) in enumerate((("first", "shop"), ("second", "shop"), ("third", "other"))):
        keep_run(runs / run, TRAFFIC, stages=STAGES, seed=seed + 1, plan=plan(name=name))
    access = project_access(folder)
    access.runs.promote(runs / "first", PromotionChoices("shop", force=True))
    return Known(access, runs / "second", runs / "third")


@pytest.fixture(params=["fake", "real"])
def known(request: pytest.FixtureRequest, story: Any) -> Known:
    if request.param == "real":
        known: Known = request.getfixturevalue("real_project")
        return known

    def moment(second: int) -> Moment:
        snapshot = story.finished("fail", 1) if second >= 300 else story.snapshot(max(1, second))
        return Moment(snapshot, story.points(300), cursor=float(second))

    return Known(fake_project(moment), RUNS[1].folder, RUNS[2].folder)


@pytest.mark.parametrize("field", get_type_hints(ProjectAccess))
def test_every_method_takes_what_the_protocol_says(known: Known, field: str) -> None:
    protocol = get_type_hints(ProjectAccess)[field]
    methods = [name for name in vars(protocol) if not name.startswith("_")]
    assert methods
    for name in methods:
        promised = [*inspect.signature(getattr(protocol, name)).parameters][1:]
        offered = [*inspect.signature(getattr(getattr(known.access, field), name)).parameters]
        assert offered == promised, name


def test_runs_are_listed_newest_first(known: Known) -> None:
    runs = known.access.runs.runs()
    assert all(isinstance(run, RunRow) for run in runs)
    assert [run.started for run in runs] == sorted((run.started for run in runs), reverse=True)
    assert len({run.folder for run in runs}) == len(runs)
    assert [run.run for run in runs] == [run.folder.name for run in runs]
    over = next(run for run in runs if run.folder == known.over)
    assert (over.active, over.problem) == (False, "")
    assert over.requests is not None


def test_a_plan_is_its_file_and_a_broken_one_says_why(known: Known) -> None:
    plans = known.access.plans.plans()
    assert len({entry.path for entry in plans}) == len(plans)
    (broken,) = [entry for entry in plans if entry.path.name == "broken.toml"]
    assert "broken.toml" in broken.problem


def test_a_promotion_and_an_export_say_what_was_written(known: Known, tmp_path: Path) -> None:
    promoted = known.access.runs.promote(known.over, PromotionChoices("gateway", force=True))
    assert "gateway.json" in promoted
    endings = known.access.runs.export_formats()
    assert {".html", ".md", ".json"} <= set(endings)
    assert all(ending.startswith(".") for ending in endings)
    path = tmp_path / "out.md"
    assert known.access.runs.export(known.over, path) == f"written: {path}"


def test_a_removed_run_is_not_listed(known: Known) -> None:
    folder = known.without_baseline
    if not folder.exists() and folder.is_absolute():
        keep_run(folder, TRAFFIC, stages=STAGES, plan=plan(name="other"))
    before = {run.folder for run in known.access.runs.runs()}
    known.access.runs.remove(folder)
    assert {run.folder for run in known.access.runs.runs()} == before - {folder}
    if folder.is_absolute():
        keep_run(folder, TRAFFIC, stages=STAGES, plan=plan(name="other"))


def test_what_can_be_compared(known: Known) -> None:
    comparer = known.access.comparer
    kinds = [candidate.ref.kind for candidate in comparer.candidates()]
    assert kinds == sorted(kinds), "baselines, then runs"
    assert {"baseline", "run"} == set(kinds)
    base, run = comparer.against_baseline(known.over)
    assert (base.kind, run.kind, run.path) == ("baseline", "run", known.over)
    assert comparer.suggestion() is not None
    with pytest.raises(UsageError, match="has no baseline"):
        comparer.against_baseline(known.without_baseline)


def test_a_comparison_is_of_the_sides_that_were_asked_for(known: Known) -> None:
    base, run = known.access.comparer.against_baseline(known.over)
    result = known.access.comparer.compare(base, run, True)
    assert (result.base, result.run) == (base, run)
    assert result.new_errors is None, "a baseline keeps no errors"
    assert {row.stage for row in result.comparison.rows} <= set(result.stages)
    curves = known.access.comparer.draw(result, result.stages[0], None)
    assert tuple(pair.stage for pair in curves.over_time) == result.stages
    assert curves.base_curve is not None
    assert curves.run_curve is not None


def test_a_replay_begins_unfinished_and_ends_with_an_exit_code(known: Known) -> None:
    replayed = known.access.replays.recorded(known.over)
    assert replayed.length > 0
    assert replayed.stages[0] == 0
    assert list(replayed.stages) == sorted(set(replayed.stages))
    assert replayed.moment(1).snapshot.exit_code is None
    end = replayed.moment(replayed.length)
    assert end.cursor == replayed.length
    assert end.snapshot.exit_code is not None


def test_a_history_has_a_value_or_none_for_each_run(known: Known) -> None:
    history = known.access.histories.history(known.over)
    started = [run.started for run in history.runs]
    assert started == sorted(started), "oldest first"
    assert history.metrics
    assert all(len(course.values) == len(history.runs) for course in history.metrics)


def test_an_issue_is_previewed_for_its_run(known: Known) -> None:
    preview = known.access.issues.preview(known.over)
    assert preview.draft.run == known.over.name
    assert preview.draft.folder == known.over
    assert bool(preview.repository) is not bool(preview.problem)


def test_a_picture_is_named_after_its_screen(known: Known) -> None:
    path = known.access.screenshots.save("live", "<svg/>")
    assert path.name.startswith("live")
    assert path.suffix == ".svg"
