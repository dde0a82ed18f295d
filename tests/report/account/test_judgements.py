"""A verdict as single judgements, and what a report says around them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from loadtui.report.account.account import Account, account_of_comparison, account_of_run
from loadtui.report.account.subject import (
    ComparisonSubject,
    run_subject,
    run_subject_against,
    uncompared_subject,
)
from loadtui.store.manifest import Provenance
from loadtui.store.manifest_file import write_manifest
from loadtui.store.stored_run import Run
from tests.support.judged_runs import BROKEN, GOOD, SLOW, baseline, compared, invalid
from tests.support.stored_runs import Traffic, keep_run, plan


def told(run: Run, project: Path) -> Account:
    return account_of_run(run_subject(run, project))


def counts(account: Account) -> Counter[str]:
    return Counter(case.outcome for case in account.cases)


def test_a_regression(tmp_path: Path) -> None:
    baseline(tmp_path)
    account = told(compared(tmp_path, SLOW), tmp_path)
    failed = [(case.stage, case.endpoint, case.name) for case in account.with_outcome("fail")]
    assert failed == [("L1", "GET /a", name) for name in ("p50", "p95", "p99")]
    p95 = account.with_outcome("fail")[1]
    assert (p95.base, p95.found) != ("", "")
    assert p95.change.startswith("+")
    assert p95.sentence.startswith(f"p95 (L1 · GET /a): {p95.found}, was {p95.base}; +")
    assert "fails at +50 %" in p95.sentence
    assert account.headline == "gateway: ✗ FAIL"
    assert (account.outcome, account.exit_code, account.validity[:5]) == ("fail", 1, "valid")


def test_metrics_that_did_not_change_are_cases_too(tmp_path: Path) -> None:
    """A run keeps only what changed; the rest is had from the baseline again."""
    path = baseline(tmp_path)
    run = compared(tmp_path, SLOW)
    assert run.manifest.comparison is not None
    kept = run.manifest.comparison
    assert len(kept.rows) < sum(kept.counts.values())
    subject = run_subject(run, tmp_path)
    assert subject.base == path
    metrics = [case for case in account_of_run(subject).cases if case.kind == "metric"]
    judged = sum(kept.counts.get(word, 0) for word in ("regressed", "unchanged", "improved"))
    assert len(metrics) == judged == 10
    assert all(case.endpoint for case in metrics)


@pytest.mark.parametrize("gone", ["removed", "replaced"])
def test_without_the_baseline_the_rest_is_counted(tmp_path: Path, gone: str) -> None:
    path = baseline(tmp_path)
    run = compared(tmp_path, SLOW)
    if gone == "removed":
        path.unlink()
    else:
        other = tmp_path / "other"
        path.write_bytes(baseline(other, SLOW).read_bytes().replace(b'"base"', b'"bose"'))
    subject = run_subject(run, tmp_path)
    assert subject.base is None
    account = account_of_run(subject)
    assert [case.name for case in account.cases][-1] == "7 more metrics against gateway"
    assert account.cases[-1].outcome == "pass"
    assert len(account.with_outcome("fail")) == 3


def test_most_requests_failed(tmp_path: Path) -> None:
    baseline(tmp_path)
    account = told(compared(tmp_path, BROKEN), tmp_path)
    assert (account.outcome, account.exit_code) == ("fail", 1)
    first = account.with_outcome("fail")[0]
    assert (first.kind, first.name, first.found) == ("threshold", "error_rate < 1%", "69.6 %")
    assert {"error_rate"} <= {case.name for case in account.with_outcome("fail")}


def test_an_invalid_run_is_an_error_and_passes_nothing(tmp_path: Path) -> None:
    account = told(invalid(tmp_path), tmp_path)
    assert (account.word, account.outcome, account.exit_code) == ("✗ INVALID", "error", 3)
    assert counts(account) == {"error": 1, "undecided": 1}
    assert account.validity == (
        "INVALID, its numbers say nothing: 12 requests were lost | on the <way>"
    )
    assert account.with_outcome("undecided")[0].reason.startswith("not judged, because the run is")


def test_too_few_samples_decide_nothing(tmp_path: Path) -> None:
    few = {"GET /a": Traffic(100, count=1)}
    baseline(tmp_path, few)
    account = told(compared(tmp_path, few), tmp_path)
    undecided = account.with_outcome("undecided")
    assert undecided
    assert all("inconclusive" in case.reason for case in undecided)


def test_against_another_base_the_verdict_is_another(tmp_path: Path) -> None:
    baseline(tmp_path)
    run = compared(tmp_path, SLOW)
    same = keep_run(tmp_path / "same", SLOW, seed=5, plan=plan())
    assert account_of_run(run_subject_against(run, same, tmp_path)).exit_code == 0
    alone = account_of_run(uncompared_subject(run))
    assert (alone.exit_code, alone.word) == (0, "✓ PASS")
    assert not [case for case in alone.cases if case.kind == "metric"]


def test_what_user_code_did(tmp_path: Path) -> None:
    run = keep_run(tmp_path / "now", GOOD, plan=plan())
    totals = msgspec.structs.replace(run.manifest.totals, exceptions=3, unfinished=4)
    run.manifest = msgspec.structs.replace(
        run.manifest, totals=totals, process_exit_code=7, exit_code=1, verdict="fail"
    )
    write_manifest(run.folder, run.manifest)
    said = {case.name: case.outcome for case in told(run, tmp_path).cases}
    assert said["user code raises nothing"] == "fail"
    assert said["the locustfile is content"] == "fail"
    assert said["all requests finish"] == "warning"


def test_a_run_that_was_interrupted(tmp_path: Path) -> None:
    run = keep_run(tmp_path / "now", GOOD, plan=plan())
    run.manifest = msgspec.structs.replace(
        run.manifest, state="interrupted", exit_code=130, verdict=""
    )
    write_manifest(run.folder, run.manifest)
    account = told(run, tmp_path)
    assert (account.word, account.outcome, account.exit_code) == ("! INTERRUPTED", "error", 130)
    assert account.with_outcome("error")[0].sentence.startswith(
        "the run ends in order: interrupted"
    )


@pytest.mark.parametrize("kind", ["simulated", "imported"])
def test_numbers_that_were_not_measured_are_named(tmp_path: Path, kind: str) -> None:
    run = keep_run(tmp_path / "now", GOOD, plan=plan(), provenance=Provenance(kind, "seed 1"))
    account = told(run, tmp_path)
    assert account.headline == f"gateway: ✓ PASS on {kind.upper()} numbers"
    assert account.label == f"gateway ({kind.upper()})"
    assert account.provenance.startswith(kind.upper())
    assert account.provenance.endswith("(seed 1)")


def test_a_comparison(tmp_path: Path) -> None:
    from loadtui.verdict.compare_sides import compare_sides
    from loadtui.verdict.sides import side_of_runs

    base = keep_run(tmp_path / "base", GOOD, plan=plan())
    run = keep_run(tmp_path / "now", BROKEN, plan=plan(), seed=2)
    found = compare_sides(side_of_runs([base]), side_of_runs([run]), run.manifest.plan)
    account = account_of_comparison(ComparisonSubject(found, 1, [run], base))
    assert (account.title, account.outcome, account.exit_code) == ("now against base", "fail", 1)
    reasons = [case.reason for case in account.with_outcome("fail")]
    assert "run now did not keep error_rate < 1%" in reasons
