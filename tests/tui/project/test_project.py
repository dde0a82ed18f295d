"""A project's plans, runs, comparisons and replays, read from its folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from loadtui.errors import UsageError
from loadtui.samples.estimate import TOTAL
from loadtui.store.load_tallies import load_tallies
from loadtui.store.run_folder import runs_root
from loadtui.store.stored_run import Run
from loadtui.tui.project.comparisons import SideRef
from loadtui.tui.project.plan_rows import age
from loadtui.tui.project.run_rows import LOCUST_CSV, PromotionChoices
from loadtui.tui.project.screenshots import ProjectScreenshotStore
from loadtui.tui.workbench import project_access
from loadtui.verdict.run_summary import summarise
from tests.support.stored_runs import Traffic, keep_run, plan

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TRAFFIC = {"GET /a": Traffic(), "GET /b": Traffic(ms=30.0, failing=0.1)}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Two measured runs, the first of them promoted, and a plan."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "gateway.py").write_text("from locust import HttpUser\n")
    (folder / "scenarios" / "gateway.toml").write_text(
        'locustfile = "gateway.py"\nhost = "http://shop:canary@127.0.0.1:8000"\n'
        '[[stage]]\nname = "L1"\nusers = 10\nspawn_rate = 1\nduration = "5m"\n'
        '[[threshold]]\ncheck = "p95 < 2s"\n'
    )
    (folder / "scenarios" / "broken.toml").write_text("locustfile = 3\n")
    for seed, (run, ms) in enumerate((("first", 100.0), ("second", 180.0)), start=1):
        traffic = {**TRAFFIC, "GET /a": Traffic(ms=ms)}
        stages = (("L1", 40), ("L2", 40))
        keep_run(runs_root(folder) / run, traffic, stages=stages, seed=seed,
                 plan=plan(name="gateway"))  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def access(project):
    access = project_access(project)
    access.runs.promote(runs_root(project) / "first", PromotionChoices("gateway", force=True))
    return access


def folder_of(project, run):
    return runs_root(project) / run


def test_plans_tell_what_is_known(access, project):
    broken, gateway = sorted(access.plans.plans(), key=lambda entry: entry.name)
    assert broken.problem.startswith(str(project / "scenarios" / "broken.toml"))
    assert gateway.known == "baseline"
    assert gateway.baseline.startswith("1 run, 0 min old")
    assert (gateway.load, gateway.host) == ("10 users · 05:00", "http://***@127.0.0.1:8000")
    assert gateway.checks == ("p95 < 2s",)
    assert gateway.runs == 2
    assert [stage.duration for stage in gateway.stages] == ["5m"]


def test_the_locustfiles_that_run_when_none_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    catalog = project_access(tmp_path).plans
    assert catalog.plans() == []
    for name in ("locustfile.py", "one.py", "two.py"):
        (tmp_path / name).write_text(f"class {name[:3].title()}: pass\n")
    [own] = catalog.plans()
    assert (own.name, own.path, own.load) == (
        "locustfile",
        tmp_path / "locustfile.py",
        "the locustfile's own load",
    )
    (tmp_path / "locust.conf").write_text("locustfile = one.py, two.py\n")
    [both] = catalog.plans()
    assert (both.name, both.path, both.load) == (
        "one",
        tmp_path / "one.py",
        "the locustfiles' own load",
    )
    for name in ("one.py", "two.py"):
        user = f"from locust import User, task\nclass {name[:3]}(User):\n    @task\n"
        (tmp_path / name).write_text(f"{user}    def t(self): pass\n")
    monkeypatch.setenv("LOCUST_CSV", "out")
    assert catalog.check(both.path) == (
        "one.py is ready to run as one: one, two; ignored: --csv (from LOCUST_CSV)"
    )
    (tmp_path / "two.py").unlink()
    [missing] = catalog.plans()
    assert missing.problem.startswith("locust.conf: two.py: no such locustfile; ")


def test_runs_know_their_baseline_and_can_be_found(access):
    runs = {run.folder.name: run for run in access.runs.runs()}
    assert runs["first"].baseline == "gateway"
    assert runs["second"].baseline == ""
    assert runs["second"].requests > 1000
    assert runs["second"].holds("GATEWAY measured")
    assert not runs["second"].holds("gateway simulated")


def test_what_a_promotion_is_refused_for(access, project):
    with pytest.raises(UsageError, match="is not promoted"):
        access.runs.promote(folder_of(project, "second"), PromotionChoices("../up"))


@pytest.mark.parametrize("suffix", [".json", ".md", ".txt"])
def test_export_takes_its_form_from_the_name(access, project, tmp_path, suffix):
    path = tmp_path / f"out{suffix}"
    assert access.runs.export(folder_of(project, "second"), path) == f"written: {path}"
    assert path.stat().st_size > 500


def test_export_refuses_what_it_cannot_write(access, project, tmp_path):
    with pytest.raises(UsageError, match="known are"):
        access.runs.export(folder_of(project, "second"), tmp_path / "out.pdf")
    with pytest.raises(UsageError, match="cannot write"):
        access.runs.export(folder_of(project, "second"), tmp_path / "missing" / "out.md")


def test_every_ending_that_is_offered_has_a_form(access):
    from loadtui.report.formats import format_for

    for suffix in access.runs.export_formats():
        assert suffix == LOCUST_CSV or format_for(Path(f"x{suffix}"))


def test_csv_is_what_locust_writes(access, project, tmp_path):
    said = access.runs.export(folder_of(project, "second"), tmp_path / "out.csv")
    assert {path.name for path in tmp_path.iterdir()} == {
        "out_stats.csv", "out_stats_history.csv", "out_failures.csv", "out_exceptions.csv",
    }  # fmt: skip
    assert said.startswith("written: ")


def test_the_newest_run_with_a_baseline_is_suggested_and_compared(access, project):
    base, newest = access.comparer.suggestion()
    assert (base.kind, newest.kind) == ("baseline", "run")
    first = SideRef("run", "first", folder_of(project, "first"))
    second = SideRef("run", "second", folder_of(project, "second"))
    found = access.comparer.compare(first, second, any_load=False)
    words = {row.key: row.word for row in found.comparison.rows}
    assert words["L1", "GET /a", "p95"] == "regressed"
    assert words["L1", TOTAL, "p95"] == "shown"
    assert found.stages == ("L1", "L2")
    assert found.new_errors == ()
    drawn = access.comparer.draw(found, "L1", "GET /a")
    assert drawn.run_curve.ms[9] > 1.5 * drawn.base_curve.ms[9]
    assert [pair.stage for pair in drawn.over_time] == ["L1", "L2"]
    assert all(pair.base and pair.run for pair in drawn.over_time)
    against = access.comparer.compare(
        *access.comparer.against_baseline(second.path), any_load=False
    )
    assert against.new_errors is None
    assert access.comparer.draw(against, "L2", None).base_curve.ms
    assert {one.ref.kind for one in access.comparer.candidates()} == {"baseline", "run"}


def test_the_end_of_a_replay_has_the_figures_of_the_kept_run(access, project):
    recorded = access.replays.recorded(folder_of(project, "second"))
    run = Run.open(folder_of(project, "second"))
    kept = summarise(run.manifest.stages, run.manifest.endpoints, load_tallies(run), percentiles=())
    end = recorded.moment(recorded.length).snapshot
    assert end.totals == kept.totals.whole
    assert end.exit_code == run.manifest.exit_code
    assert end.thresholds == run.manifest.thresholds
    whole = {(e.endpoint.method, e.endpoint.name): e.figures.whole
             for e in kept.endpoints if e.stage is None}  # fmt: skip
    assert {(row.method, row.name): row.figures for row in end.endpoints} == whole


def test_a_replay_shows_no_more_than_had_happened(access, project):
    recorded = access.replays.recorded(folder_of(project, "second"))
    run = Run.open(folder_of(project, "second"))
    counted = dict(run.windows().group_by("second").agg(pl.col("count").sum())
                   .iter_rows())  # fmt: skip
    for second in (0, 1, 30, recorded.stages[1] + 1):
        moment = recorded.moment(second)
        snapshot = moment.snapshot
        before = sum(count for at, count in counted.items() if at < second)
        assert snapshot.totals.requests == before
        assert sum(row.figures.requests for row in snapshot.endpoints) == before
        assert snapshot.exit_code is None
        assert moment.cursor == second
        assert snapshot.stage == (0 if second < recorded.stages[1] else 1)
    assert moment.points == recorded.moment(5).points
    assert all(point.p50_ms <= point.p95_ms <= point.p99_ms
               for point in moment.points if point.p50_ms)  # fmt: skip


def test_a_removed_run_is_gone(access, project):
    keep_run(folder_of(project, "third"), TRAFFIC, stages=(("L1", 5),), plan=plan(name="other"))
    access.runs.remove(folder_of(project, "third"))
    assert {run.folder.name for run in access.runs.runs()} == {"first", "second"}


def test_pictures_lie_in_the_project(tmp_path):
    path = ProjectScreenshotStore(tmp_path, lambda: NOW).save("live", "<svg/>")
    assert path == tmp_path / ".loadtui/pictures/live-20261123-120000-000000.svg"
    assert path.read_text() == "<svg/>"
    assert (tmp_path / ".loadtui" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize(("when", "said"), [
    ("2026-11-23T11:57:00Z", "3 min old"),
    ("2026-11-23T07:00:00+00:00", "5 h old"),
    ("2026-11-11T12:00:00Z", "12 d old"),
    ("2026-11-24T12:00:00Z", "0 min old"),
    ("whenever", "of unknown age"),
])  # fmt: skip
def test_age(when, said):
    assert age(when, NOW) == said
