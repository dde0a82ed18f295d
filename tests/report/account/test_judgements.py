"""A verdict as single judgements, and what a report says around them."""

from __future__ import annotations

import html
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from loadtui.errors import UsageError
from loadtui.issues.issue_draft import draft_issue
from loadtui.issues.regression_issue import issue_of_run
from loadtui.report.account.account import Account, account_of_comparison, account_of_run
from loadtui.report.account.compared_rows import row_counts
from loadtui.report.account.subject import (
    ComparisonSubject,
    run_subject,
    run_subject_against,
    uncompared_subject,
)
from loadtui.report.formats import REPORT_FORMATS
from loadtui.report.github_annotations import print_annotations
from loadtui.store.comparison import ComparisonRow, VerdictWord
from loadtui.store.manifest import Provenance
from loadtui.store.manifest_file import write_manifest
from loadtui.store.stored_run import Run
from loadtui.verdict.against_baseline import compare_with_baseline
from loadtui.verdict.promotion import promote
from tests.support.judged_runs import BROKEN, GOOD, SLOW, baseline, compared, invalid
from tests.support.stored_runs import Traffic, keep_run, plan


def account_as_judged(run: Run, project: Path) -> Account:
    return account_of_run(run_subject(run, project))


def counts(account: Account) -> Counter[str]:
    return Counter(judgement.outcome for judgement in account.judgements)


def test_a_regression(tmp_path: Path) -> None:
    baseline(tmp_path)
    account = account_as_judged(compared(tmp_path, SLOW), tmp_path)
    failed = [
        (judgement.stage, judgement.endpoint, judgement.name)
        for judgement in account.with_outcome("fail")
    ]
    assert failed == [("L1", "GET /a", name) for name in ("p50", "p95", "p99")]
    p95 = account.with_outcome("fail")[1]
    assert (p95.base, p95.value) != ("", "")
    assert p95.change.startswith("+")
    assert p95.sentence.startswith(f"p95 (L1 · GET /a): {p95.value}, was {p95.base}; +")
    assert "fails at +50 %" in p95.sentence
    assert account.headline == "gateway: ✗ FAIL"
    assert (account.outcome, account.exit_code, account.validity[:5]) == ("fail", 1, "valid")


def test_metrics_that_did_not_change_are_cases_too(tmp_path: Path) -> None:
    """A run keeps only what changed; the rest is had from the baseline again."""
    path = baseline(tmp_path)
    run = compared(tmp_path, SLOW)
    assert run.manifest.comparison is not None
    saved = run.manifest.comparison
    assert len(saved.rows) < sum(saved.counts.values())
    subject = run_subject(run, tmp_path)
    assert subject.base == path
    metrics = [
        judgement for judgement in account_of_run(subject).judgements if judgement.kind == "metric"
    ]
    judged = sum(saved.counts.get(word, 0) for word in ("regressed", "unchanged", "improved"))
    assert len(metrics) == judged == 10
    assert all(judgement.endpoint for judgement in metrics)


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
    assert [judgement.name for judgement in account.judgements][
        -1
    ] == "7 more metrics against gateway"
    assert account.judgements[-1].outcome == "pass"
    assert len(account.with_outcome("fail")) == 3


def test_most_requests_failed(tmp_path: Path) -> None:
    baseline(tmp_path)
    account = account_as_judged(compared(tmp_path, BROKEN), tmp_path)
    assert (account.outcome, account.exit_code) == ("fail", 1)
    first = account.with_outcome("fail")[0]
    assert (first.kind, first.name, first.value) == ("threshold", "error_rate < 1%", "69.6 %")
    assert {"error_rate"} <= {judgement.name for judgement in account.with_outcome("fail")}


def test_an_invalid_run_is_an_error_and_passes_nothing(tmp_path: Path) -> None:
    account = account_as_judged(invalid(tmp_path), tmp_path)
    assert (account.word, account.outcome, account.exit_code) == ("✗ INVALID", "error", 3)
    assert counts(account) == {"error": 1, "undecided": 1}
    assert account.validity == (
        "INVALID, its numbers cannot be trusted: 12 requests were lost | on the <way>"
    )
    assert account.with_outcome("undecided")[0].reason.startswith("not judged, because the run is")


def test_too_few_samples_decide_nothing(tmp_path: Path) -> None:
    few = {"GET /a": Traffic(100, count=1)}
    baseline(tmp_path, few)
    account = account_as_judged(compared(tmp_path, few), tmp_path)
    undecided = account.with_outcome("undecided")
    assert undecided
    assert all("inconclusive" in judgement.reason for judgement in undecided)


def test_against_another_base_the_verdict_is_another(tmp_path: Path) -> None:
    baseline(tmp_path)
    run = compared(tmp_path, SLOW)
    same = keep_run(tmp_path / "same", SLOW, seed=5, plan=plan())
    assert account_of_run(run_subject_against(run, same, tmp_path)).exit_code == 0
    alone = account_of_run(uncompared_subject(run))
    assert (alone.exit_code, alone.word) == (0, "✓ PASS")
    assert not [judgement for judgement in alone.judgements if judgement.kind == "metric"]


def test_what_user_code_did(tmp_path: Path) -> None:
    run = keep_run(tmp_path / "now", GOOD, plan=plan())
    totals = msgspec.structs.replace(run.manifest.totals, exceptions=3, unfinished=4, lost=2)
    run.manifest = msgspec.structs.replace(
        run.manifest, totals=totals, process_exit_code=7, exit_code=1, verdict="fail"
    )
    write_manifest(run.folder, run.manifest)
    outcomes = {
        judgement.name: judgement.outcome
        for judgement in account_as_judged(run, tmp_path).judgements
    }
    assert outcomes["user code raises nothing"] == "fail"
    assert outcomes["the locustfile sets no failing exit code"] == "fail"
    assert outcomes["all requests finish"] == "warning"
    assert outcomes["all requests are saved"] == "warning"


def test_a_run_that_was_interrupted(tmp_path: Path) -> None:
    run = keep_run(tmp_path / "now", GOOD, plan=plan())
    run.manifest = msgspec.structs.replace(
        run.manifest, state="interrupted", exit_code=130, verdict=""
    )
    write_manifest(run.folder, run.manifest)
    account = account_as_judged(run, tmp_path)
    assert (account.word, account.outcome, account.exit_code) == ("! INTERRUPTED", "error", 130)
    assert account.with_outcome("error")[0].sentence.startswith(
        "the run comes to its end: interrupted"
    )


@pytest.mark.parametrize("kind", ["simulated", "imported"])
def test_numbers_that_were_not_measured_are_named(tmp_path: Path, kind: str) -> None:
    run = keep_run(tmp_path / "now", GOOD, plan=plan(), provenance=Provenance(kind, "seed 1"))
    account = account_as_judged(run, tmp_path)
    assert account.headline == f"gateway: ✓ PASS on {kind.upper()} numbers"
    assert account.label == f"gateway ({kind.upper()})"
    assert account.provenance.startswith(kind.upper())
    assert account.provenance.endswith("(seed 1)")


def test_a_comparison(tmp_path: Path) -> None:
    from loadtui.verdict.compare_sides import compare_sides
    from loadtui.verdict.sides import side_of_runs

    base = keep_run(tmp_path / "base", GOOD, plan=plan())
    run = keep_run(tmp_path / "now", BROKEN, plan=plan(), seed=2)
    comparison = compare_sides(side_of_runs([base]), side_of_runs([run]), run.manifest.plan)
    account = account_of_comparison(ComparisonSubject(comparison, 1, [run], base))
    assert (account.title, account.outcome, account.exit_code) == ("now against base", "fail", 1)
    reasons = [judgement.reason for judgement in account.with_outcome("fail")]
    assert "run now did not meet error_rate < 1%" in reasons


NO_BASELINE = "no baseline 'gateway' in baselines: not compared"


def test_that_there_was_no_baseline_is_in_every_report(tmp_path: Path) -> None:
    run = keep_run(tmp_path / "alone", GOOD, plan=plan(), not_compared=NO_BASELINE)
    subject = run_subject(run, tmp_path)
    account = account_of_run(subject)
    (undecided,) = account.with_outcome("undecided")
    assert (undecided.kind, undecided.reason) == ("comparison", NO_BASELINE)
    assert (account.outcome, account.exit_code) == ("pass", 0)
    for known in REPORT_FORMATS:
        text = " ".join(known.of_runs([subject], False).decode().split())
        assert html.unescape(text).count("in baselines: not compared") == 1, known.name
    assert "::warning" in print_annotations([account])
    assert uncompared_subject(run).manifest.not_compared == ""


@pytest.mark.parametrize("required", [False, True])
def test_another_load_is_one_judgement_and_no_issue(tmp_path: Path, required: bool) -> None:
    base = baseline(tmp_path)
    run = keep_run(tmp_path / "now", SLOW, seed=2, plan=plan(), fingerprint="f2")
    manifest = compare_with_baseline(
        run, base, others=[], project=tmp_path, strict=False, required=required
    )
    write_manifest(run.folder, manifest)
    subject = run_subject(Run.open(run.folder), tmp_path)
    account = account_of_run(subject)
    assert account.exit_code == int(required)
    assert counts(account)["undecided"] + counts(account)["fail"] == 1
    (told,) = account.with_outcome("fail" if required else "undecided")
    assert told.kind == "comparison"
    assert told.reason.startswith("not comparable; it is another load: locustfile,")
    assert not [one for one in account.judgements if one.kind == "metric"]
    assert issue_of_run(subject, Path(), {}) is None
    if required:
        with pytest.raises(UsageError, match="shows no regression, so no issue is opened: not com"):
            draft_issue(subject.run, tmp_path, {})


def test_rows_of_a_stage_that_was_not_compared_are_told_together(tmp_path: Path) -> None:
    stages = [("L1", 30), ("L2", 30)]
    base = keep_run(tmp_path / "base", GOOD, seed=1, plan=plan(), stages=stages)
    path = promote(base, tmp_path / "baselines").path
    run = keep_run(tmp_path / "now", GOOD, seed=2, plan=plan(), stages=stages[:1])
    run.manifest = compare_with_baseline(run, path, others=[], project=tmp_path, strict=False)
    write_manifest(run.folder, run.manifest)
    account = account_as_judged(Run.open(run.folder), tmp_path)
    (told,) = [one for one in account.judgements if one.kind == "comparison"]
    assert (told.stage, told.outcome) == ("L2", "undecided")
    assert told.reason == "not comparable; the run has no such stage"
    assert {one.stage for one in account.judgements if one.kind == "metric"} == {"L1"}


def test_only_what_changed_is_counted_as_changed() -> None:
    def rows(*words: VerdictWord) -> list[ComparisonRow]:
        return [ComparisonRow("L1", "GET /a", "p95", word, "pass", "log") for word in words]

    assert row_counts(rows("not comparable", "not comparable"), 15) == "2 not compared of 15"
    assert row_counts(rows("regressed", "improved", "inconclusive", "new", "shown"), 9) == (
        "2 changed, 1 undecided, 1 new of 9"
    )
    assert row_counts([], 3) == "0 changed of 3"
