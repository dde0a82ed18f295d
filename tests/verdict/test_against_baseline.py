"""The last step of judging a run, as its host takes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from loadtui.plan.model import Tolerance
from loadtui.store.manifest import Validity
from loadtui.store.manifest_file import read_manifest, write_manifest
from loadtui.store.stored_run import Run
from loadtui.verdict.against_baseline import compare_with_baseline
from loadtui.verdict.promotion import promote
from tests.support.stored_runs import Traffic, keep_run, plan

Keep = Callable[..., Run]
GOOD = {"GET /a": Traffic(100, count=50)}
SLOW = {"GET /a": Traffic(220, count=50)}


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    count = 0

    def write(traffic: Any = GOOD, **fields: Any) -> Run:
        nonlocal count
        count += 1
        return keep_run(tmp_path / f"run-{count}", traffic, seed=count, **fields)

    return write


@pytest.fixture
def judge(keep: Keep, tmp_path: Path) -> Callable[..., Any]:
    baseline = promote(keep(), tmp_path / "baselines").path

    def run(alone: Run, others: list[Run] | None = None, strict: bool = False) -> Any:
        folders = [other.folder for other in others or []]
        return compare_with_baseline(
            alone, baseline, others=folders, project=tmp_path, strict=strict
        )

    return run


def test_unchanged(keep: Keep, judge: Callable[..., Any]) -> None:
    judged = judge(keep())
    assert (judged.exit_code, judged.verdict, judged.comparison_error) == (0, "pass", "")
    assert judged.comparison.base.kind == "baseline"
    assert all(row.word != "unchanged" for row in judged.comparison.rows)
    assert judged.comparison.counts["unchanged"] >= 4


def test_slower_fails_and_is_kept(keep: Keep, judge: Callable[..., Any]) -> None:
    run = keep(SLOW)
    judged = judge(run)
    assert (judged.exit_code, judged.verdict) == (1, "fail")
    write_manifest(run.folder, judged)
    assert read_manifest(run.folder).comparison == judged.comparison
    assert {row.metric for row in judged.comparison.rows} >= {"p50", "p95"}


def test_strict_and_inconclusive(keep: Keep, judge: Callable[..., Any]) -> None:
    run = keep({"GET /a": Traffic(126, count=50)})
    judged = judge(run)
    assert judged.comparison.counts["inconclusive"] == 3
    assert (judged.exit_code, judged.verdict) == (0, "pass")
    judged = judge(run, strict=True)
    assert (judged.exit_code, judged.verdict) == (4, "inconclusive")


def test_strict_and_not_comparable(keep: Keep, judge: Callable[..., Any]) -> None:
    run = keep(fingerprint="f2")
    assert (judge(run).exit_code, judge(run).verdict) == (0, "pass")
    assert (judge(run, strict=True).exit_code, judge(run, strict=True).verdict) == (
        4,
        "inconclusive",
    )


def test_runs_are_judged_together(keep: Keep, judge: Callable[..., Any]) -> None:
    first, last = keep(SLOW), keep(SLOW)
    judged = judge(last, [first])
    assert judged.comparison.current.runs == [first.id, last.id]


def test_an_invalid_or_broken_off_run_is_left_alone(keep: Keep, judge: Callable[..., Any]) -> None:
    run = keep(SLOW)
    bad = [
        {"validity": Validity(False, ["lost"]), "exit_code": 3},
        {"state": "interrupted", "exit_code": 130},
    ]
    for fields in bad:
        alone = Run(run.folder, msgspec.structs.replace(run.manifest, **fields))
        judged = judge(alone)
        assert judged.comparison is None
        assert judged.exit_code == fields["exit_code"]


def test_what_cannot_be_compared_does_not_pass(keep: Keep, judge: Callable[..., Any]) -> None:
    wrong = plan(tolerances=(Tolerance("slow", fail="+50%"),))
    judged = judge(keep(slow=0.1, plan=wrong))
    assert "tolerance[0] (slow)" in judged.comparison_error
    assert (judged.exit_code, judged.verdict) == (2, "")


def test_a_failed_run_stays_failed(keep: Keep, judge: Callable[..., Any]) -> None:
    judged = judge(keep({"GET /a": Traffic(100, count=50, failing=0.7)}))
    assert (judged.exit_code, judged.verdict) == (1, "fail")
    assert judged.comparison.failures
