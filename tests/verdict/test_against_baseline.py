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
from loadtui.verdict.against_baseline import judge_against_baseline
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

    def run(one: Run, others: list[Run] | None = None, strict: bool = False) -> Any:
        folders = [other.folder for other in others or []]
        return judge_against_baseline(
            one, baseline, others=folders, project=tmp_path, strict=strict
        )

    return run


def test_unchanged(keep: Keep, judge: Callable[..., Any]) -> None:
    found = judge(keep())
    assert (found.exit_code, found.verdict, found.comparison_error) == (0, "pass", "")
    assert found.comparison.base.kind == "baseline"
    assert all(row.word != "unchanged" for row in found.comparison.rows)
    assert found.comparison.counts["unchanged"] >= 4


def test_slower_fails_and_is_kept(keep: Keep, judge: Callable[..., Any]) -> None:
    run = keep(SLOW)
    found = judge(run)
    assert (found.exit_code, found.verdict) == (1, "fail")
    write_manifest(run.folder, found)
    assert read_manifest(run.folder).comparison == found.comparison
    assert {row.metric for row in found.comparison.rows} >= {"p50", "p95"}


def test_strict_and_inconclusive(keep: Keep, judge: Callable[..., Any]) -> None:
    run = keep({"GET /a": Traffic(126, count=50)})
    found = judge(run)
    assert found.comparison.counts["inconclusive"] == 3
    assert (found.exit_code, found.verdict) == (0, "pass")
    found = judge(run, strict=True)
    assert (found.exit_code, found.verdict) == (4, "inconclusive")


def test_strict_and_not_comparable(keep: Keep, judge: Callable[..., Any]) -> None:
    run = keep(fingerprint="f2")
    assert (judge(run).exit_code, judge(run).verdict) == (0, "pass")
    assert (judge(run, strict=True).exit_code, judge(run, strict=True).verdict) == (
        4,
        "inconclusive",
    )


def test_runs_are_judged_together(keep: Keep, judge: Callable[..., Any]) -> None:
    first, last = keep(SLOW), keep(SLOW)
    found = judge(last, [first])
    assert found.comparison.current.runs == [first.id, last.id]


def test_an_invalid_or_broken_off_run_is_left_alone(keep: Keep, judge: Callable[..., Any]) -> None:
    run = keep(SLOW)
    bad = [
        {"validity": Validity(False, ["lost"]), "exit_code": 3},
        {"state": "interrupted", "exit_code": 130},
    ]
    for fields in bad:
        one = Run(run.folder, msgspec.structs.replace(run.manifest, **fields))
        found = judge(one)
        assert found.comparison is None
        assert found.exit_code == fields["exit_code"]


def test_what_cannot_be_compared_does_not_pass(keep: Keep, judge: Callable[..., Any]) -> None:
    wrong = plan(tolerances=(Tolerance("slow", fail="+50%"),))
    found = judge(keep(slow=0.1, plan=wrong))
    assert "tolerance[0] (slow)" in found.comparison_error
    assert (found.exit_code, found.verdict) == (2, "")


def test_a_failed_run_stays_failed(keep: Keep, judge: Callable[..., Any]) -> None:
    found = judge(keep({"GET /a": Traffic(100, count=50, failing=0.7)}))
    assert (found.exit_code, found.verdict) == (1, "fail")
    assert found.comparison.failures
