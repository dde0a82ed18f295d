"""What is said of a verdict: one page of data, and nothing like it anywhere else."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args, get_type_hints

import msgspec
import pytest

import loadtui
from loadtui.report.account import verdict_words
from loadtui.report.account.judgements import JudgementOutcome
from loadtui.report.account.verdict_words import (
    COMPARISON_VERDICTS,
    INVALID_RUN,
    JUDGEMENT_OUTCOMES,
    PROVENANCES,
    ROW_WORDS,
    RUN_STATES,
    RUN_VERDICTS,
    THRESHOLD_STATUSES,
    Wording,
    missing_requests,
    row_wording,
    run_wording,
    started_sentence,
    time_scale_wording,
    validity_sentence,
)
from loadtui.store.comparison import ComparisonRow, Verdict, VerdictWord
from loadtui.store.manifest import (
    Manifest,
    ProvenanceKind,
    State,
    ThresholdResult,
    Totals,
    Validity,
)
from loadtui.store.stored_run import Run
from loadtui.verdict.exit_codes import OutcomeWord

SIGN_AND_WORD = re.compile(
    r"^\W?\W (pass|fail|missing|invalid|valid|inconclusive|regressed|improved|unchanged|"
    r"not comparable|not judged|interrupted|simulated|imported)\b",
    re.IGNORECASE,
)


def literal(type_: object) -> set[str]:
    return {word for word in get_args(type_) if word}


def test_there_is_a_wording_for_everything_that_can_come_of_a_run() -> None:
    assert set(RUN_VERDICTS) == literal(OutcomeWord)
    assert set(RUN_STATES) == literal(State)
    assert set(ROW_WORDS) == literal(VerdictWord)
    assert set(COMPARISON_VERDICTS) == literal(Verdict)
    assert set(JUDGEMENT_OUTCOMES) == literal(JudgementOutcome)
    assert set(THRESHOLD_STATUSES) == literal(get_type_hints(ThresholdResult)["status"])
    assert set(PROVENANCES) == literal(ProvenanceKind)


def test_the_forms_of_a_wording() -> None:
    wording = Wording("✗", "invalid", "bad", "its numbers cannot be trusted")
    assert wording.headline == "✗ INVALID"
    assert wording.in_list == "✗ INVALID"
    assert wording.explained == "✗ INVALID, its numbers cannot be trusted"
    assert wording.phrase == "invalid, its numbers cannot be trusted"
    assert RUN_VERDICTS["pass"].in_list == "✓ pass"


@pytest.mark.parametrize(
    ("state", "verdict", "error", "headline"),
    [
        ("finished", "pass", "", "✓ PASS"),
        ("finished", "fail", "", "✗ FAIL"),
        ("finished", "invalid", "", "✗ INVALID"),
        ("finished", "inconclusive", "", "? INCONCLUSIVE"),
        ("finished", "", "no baseline", "✗ NOT COMPARED"),
        ("interrupted", "", "", "! INTERRUPTED"),
        ("failed", "invalid", "", "✗ INVALID"),
        ("failed", "pass", "", "✗ FAILED"),
        ("running", "", "", "● RUNNING"),
    ],
)
def test_what_came_of_a_run(state: str, verdict: str, error: str, headline: str) -> None:
    assert run_wording(state, verdict, comparison_error=error).headline == headline


def test_a_row_that_fails_has_the_sign_of_a_failure() -> None:
    row = ComparisonRow("L1", "GET /a", "p95", "regressed", "warning", "log")
    assert row_wording(row).in_list == "! regressed"
    failing = msgspec.structs.replace(row, status="fail")
    assert row_wording(failing).in_list == "✗ REGRESSED"


def test_validity_and_time_scale(run: Run) -> None:
    manifest = run.manifest
    assert validity_sentence(manifest).startswith("valid")
    invalid = msgspec.structs.replace(manifest, validity=Validity(False, ["one", "two"]))
    assert validity_sentence(invalid) == f"INVALID, {INVALID_RUN.sentence}: one; two"
    assert time_scale_wording(manifest) is None
    plan = msgspec.structs.replace(manifest.plan, time_scale=0.4)
    scaled = time_scale_wording(msgspec.structs.replace(manifest, plan=plan))
    assert scaled is not None
    assert (scaled.word, scaled.sentence) == (
        "time scale 0.4",
        "stages do not last as the plan says",
    )


def test_requests_that_are_in_no_count(run: Run) -> None:
    def of(**counts: int) -> Manifest:
        totals = Totals(requests=1200, **counts)
        return msgspec.structs.replace(run.manifest, totals=totals)

    assert (missing_requests(of()), started_sentence(of())) == ([], "")
    gone = of(unfinished=1, lost=46)
    assert [row[:2] for row in missing_requests(gone)] == [
        ("unfinished", "1 request unfinished"),
        ("lost", "46 requests lost"),
    ]
    started = "1 247 requests started: 1 200 recorded, 1 unfinished, 46 lost"
    assert started_sentence(gone) == started


def test_no_other_module_has_a_table_of_signs_and_words() -> None:
    page = Path(verdict_words.__file__)
    tables = [
        f"{path.name}:{node.lineno}: {node.value}"
        for path in Path(loadtui.__file__).parent.rglob("*.py")
        if path != page
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and SIGN_AND_WORD.match(node.value)
    ]
    assert tables == []
