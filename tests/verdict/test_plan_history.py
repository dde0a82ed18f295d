from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from loadtui.report.json.history_document import history_document
from loadtui.report.text.history_text import history_text, sparkline
from loadtui.samples.estimate import TOTAL, Key
from loadtui.store.manifest import Provenance
from loadtui.store.stored_run import Run
from loadtui.verdict.plan_history import PlanHistory, read_plan_history
from tests.support.stored_runs import Traffic, keep_run, plan


@pytest.fixture
def kept(tmp_path: Path) -> list[Run]:
    return []


def keep(tmp_path: Path, kept: list[Run], ms: float, **fields: Any) -> Run:
    count = len(kept) + 1
    fields.setdefault("fingerprint", "0123456789abcdef")
    run = keep_run(
        tmp_path / f"run{count:02d}",
        {"GET /a": Traffic(ms, 10), "GET /b": Traffic(5, 5)},
        seed=count,
        run=f"run{count:02d}",
        started=f"2026-11-23T10:{count:02d}:00Z",
        plan=plan(),
        stages=(("L1", 21),),
        **fields,
    )
    kept.append(run)
    return run


@pytest.fixture
def found(tmp_path: Path, kept: list[Run]) -> PlanHistory:
    for _ in range(6):
        keep(tmp_path, kept, 100)
    for _ in range(6):
        keep(tmp_path, kept, 130)
    keep(tmp_path, kept, 900, fingerprint="another")
    keep(tmp_path, kept, 900, provenance=Provenance("simulated"))
    keep(tmp_path, kept, 900, steered=True)
    return read_plan_history(kept[0], kept, {"run02"})


def test_a_step_is_told_with_the_run_it_came_with(found: PlanHistory) -> None:
    assert [run.run for run in found.runs] == [f"run{count:02d}" for count in range(1, 13)]
    assert [run.run for run in found.runs if run.promoted] == ["run02"]
    courses = {course.key: course for course in found.metrics}
    (change,) = courses[Key("L1", "GET /a", "p50")].changes
    assert change.run == "run07"
    assert change.worse
    assert change.change == pytest.approx(0.3, abs=0.05)
    assert courses[Key("L1", "GET /b", "p50")].changes == []
    assert found.left_out == ["run run15 was steered by hand"]


def test_as_text(found: PlanHistory) -> None:
    text = history_text(found, 100, color=False)
    assert "gateway · measured · 12 runs of the same load" in text
    assert "baseline: run02" in text
    assert "! +30 % since run07" in text.replace("+29 %", "+30 %").replace("+31 %", "+30 %")
    assert "GET /b" not in text
    assert "GET /b" in history_text(found, 100, color=False, everything=True)
    assert max(map(len, text.splitlines())) <= 100


def test_as_a_document(found: PlanHistory) -> None:
    document = history_document(found)
    assert len(document["runs"]) == 12
    assert all(len(metric["values"]) == 12 for metric in document["metrics"])
    assert {metric["endpoint"] for metric in document["metrics"]} == {"GET /a", "GET /b", TOTAL}


def test_one_run_is_a_history_too(tmp_path: Path, kept: list[Run]) -> None:
    run = keep(tmp_path, kept, 100)
    found = read_plan_history(run, kept)
    assert len(found.runs) == 1
    assert not any(course.changes for course in found.metrics)
    assert "1 run of the same load" in history_text(found, 80, color=False)


def test_sparklines() -> None:
    assert sparkline([1, 2, None, 8]) == "▁▂ █"
    assert sparkline([3, 3]) == "▄▄"
    assert sparkline([None]) == " "
    assert sparkline([1, 5], "_.-=^") == "_^"
