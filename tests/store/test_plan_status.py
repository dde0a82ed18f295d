from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.plan.fingerprint import fingerprint
from loadtui.plan.resolve import scaled
from loadtui.plan.toml import load_plan
from loadtui.report.markdown.status_markdown import STATUS_BEGIN, STATUS_END, with_status
from loadtui.report.text.status_text import status_text
from loadtui.store.manifest import Git, Provenance
from loadtui.store.plan_status import PlanStatus, project_status
from loadtui.verdict.promotion import promote
from tests.support.stored_runs import Traffic, keep_run

PLAN = """
locustfile = "shop.py"
[[stage]]
users = 10
spawn_rate = 5
duration = "62s"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "shop.toml").write_text(PLAN)
    (tmp_path / "scenarios" / "shop.py").write_text("x = 1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    return tmp_path


def keep(project: Path, name: str, kind: str = "measured", scale: float = 1, **traffic: float):
    plan = scaled(load_plan(project / "scenarios" / "shop.toml"), scale)
    folder = project / ".loadtui" / "runs" / name
    folder.mkdir(parents=True)
    return keep_run(
        folder,
        {"GET /a": Traffic(**traffic)},
        run=name,
        plan=plan,
        fingerprint=fingerprint(plan),
        provenance=Provenance(kind),  # type: ignore[arg-type]
        git=Git("0123456789abcdef", dirty=True),
    )


def only(project: Path) -> PlanStatus:
    (status,) = project_status(project)
    return status


def test_never_executed(project: Path) -> None:
    status = only(project)
    assert (status.plan, status.path, status.known) == (
        "shop",
        "scenarios/shop.toml",
        "never executed",
    )
    assert status.last is None
    assert status.baseline is None


def test_a_simulated_run_is_no_measurement(project: Path) -> None:
    keep(project, "20260101-000000-shop-aaaa", "simulated")
    assert only(project).known == "simulated only"


def test_a_measured_run_goes_before_a_newer_simulated_one(project: Path) -> None:
    keep(project, "20260101-000000-shop-aaaa")
    keep(project, "20260102-000000-shop-bbbb", "simulated")
    status = only(project)
    assert status.known == "measured"
    assert status.runs == 2
    assert status.last is not None
    assert status.last.run == "20260101-000000-shop-aaaa"
    assert status.last.commit == "0123456789+"
    assert status.last.verdict == "pass"
    assert not status.last.stale


@pytest.mark.parametrize("scale", [1, 0.5])
def test_a_changed_locustfile_makes_stale_but_a_comment_does_not(
    project: Path, scale: float
) -> None:
    run = keep(project, "20260101-000000-shop-aaaa", scale=scale)
    if scale == 1:
        promote(run, project / "baselines")
    locustfile = project / "scenarios" / "shop.py"
    locustfile.write_text("x = 1  # one\n")
    status = only(project)
    assert status.last is not None
    assert not status.last.stale
    locustfile.write_text("x = 2\n")
    status = only(project)
    assert status.last is not None
    assert status.last.stale
    if scale == 1:
        assert status.baseline is not None
        assert status.baseline.stale
        assert (status.baseline.runs, status.baseline.kind) == (1, "measured")


def test_a_failing_run_is_told_as_one(project: Path) -> None:
    keep(project, "20260101-000000-shop-aaaa", failing=0.696)
    status = only(project)
    assert status.last is not None
    assert status.last.verdict == "fail"
    assert " fail " in status_text([status], 100, color=False)


def test_what_cannot_be_read_is_told(project: Path) -> None:
    (project / "baselines").mkdir()
    (project / "baselines" / "shop.json").write_text("<<<<<<< HEAD\n")
    (project / "scenarios" / "torn.toml").write_text("[[stage]\n")
    shop, torn = project_status(project)
    assert shop.baseline is not None
    assert "shop.json" in shop.baseline.error
    assert torn.known == "unreadable"
    assert str(project) not in shop.baseline.error + torn.error
    text = status_text([shop, torn], 100, color=False)
    assert "torn.toml" in text
    assert "shop.json" in text


def test_every_document_states_the_same(project: Path) -> None:
    status = project_status(project)
    document = f"# Shop\n\n{STATUS_BEGIN}\nold\n{STATUS_END}\nrest\n"
    once = with_status(document, "README.md", status)
    assert once.startswith(f"# Shop\n\n{STATUS_BEGIN}\n| plan | known |")
    assert once.endswith(f"{STATUS_END}\nrest\n")
    assert with_status(once, "README.md", status) == once


def test_names_cannot_break_the_table() -> None:
    status = PlanStatus("a|b<b>\x1b[31m\n", "x.toml", "never executed")
    line = with_status(f"{STATUS_BEGIN}{STATUS_END}", "x", [status]).splitlines()[3]
    assert line.startswith("| a\\\\|b&lt;b&gt;")
    assert "\x1b" not in line
