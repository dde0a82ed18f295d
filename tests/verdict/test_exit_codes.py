"""The table of exit codes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.plan.model import Plan
from loadtui.store.manifest import (
    RUN_FORMAT,
    Manifest,
    Provenance,
    ThresholdResult,
    Totals,
    Validity,
)
from loadtui.verdict.exit_codes import (
    STAGES_ARE_RUN,
    WAIVED,
    combined_exit_code,
    exit_code_for,
    outcome_word,
    run_outcome,
    waive_defaults,
)


def _result(status: Any) -> ThresholdResult:
    return ThresholdResult("p95 < 2s", None, None, 1.0, status)


def _manifest(**fields: Any) -> Manifest:
    given: dict[str, Any] = {"state": "finished", "plan": Plan("p", ()), **fields}
    return Manifest(
        RUN_FORMAT, "r", provenance=Provenance("measured"), fingerprint="", started="", **given
    )


GOOD: dict[str, Any] = {
    "state": "finished",
    "valid": True,
    "thresholds": [_result("pass")],
    "exceptions": 0,
    "allow_exceptions": False,
    "process_exit_code": None,
}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, 0),
        ({"thresholds": []}, 0),
        ({"thresholds": [_result("pass"), _result("fail")]}, 1),
        ({"thresholds": [_result("missing")]}, 1),
        ({"exceptions": 2}, 1),
        ({"exceptions": 2, "allow_exceptions": True}, 0),
        ({"process_exit_code": 0}, 0),
        ({"process_exit_code": 42}, 1),
        ({"process_exit_code": 0, "thresholds": [_result("fail")]}, 1),
        ({"valid": False}, 3),
        ({"valid": False, "thresholds": [_result("fail")], "exceptions": 1}, 3),
        ({"state": "failed"}, 3),
        ({"state": "interrupted"}, 130),
        ({"state": "interrupted", "valid": False, "thresholds": [_result("fail")]}, 130),
    ],
)
def test_one_run(change: dict[str, Any], code: int) -> None:
    assert exit_code_for(**{**GOOD, **change}) == code


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([], 0),
        ([0, 0], 0),
        ([0, 4], 4),
        ([4, 1], 1),
        ([1, 3, 4], 3),
        ([3, 2, 1], 2),
        ([2, 130, 3], 130),
        ([1, 42, 0], 42),
        ([7, 42, 4], 42),
        ([42, 3], 3),
    ],
)
def test_several_runs(codes: list[int], code: int) -> None:
    assert combined_exit_code(codes) == code


@given(st.lists(st.sampled_from([0, 1, 2, 3, 4, 7, 42, 130]), max_size=6))
def test_several_runs_pass_only_when_all_pass(codes: list[int]) -> None:
    assert (combined_exit_code(codes) == 0) == (not any(codes))
    assert combined_exit_code(codes) == combined_exit_code(reversed(codes))


@pytest.mark.parametrize(
    ("code", "said"), [(0, "pass"), (1, "fail"), (3, "invalid"), (130, ""), (2, "")]
)
def test_word(code: int, said: str) -> None:
    assert outcome_word(code) == said


@pytest.mark.parametrize(
    ("on_error", "fields", "outcome"),
    [
        (None, {"totals": Totals(9, 1)}, (0, "pass")),
        (0, {"totals": Totals(9, 1)}, (0, "pass")),
        (0, {"thresholds": [_result("fail")], "totals": Totals(9, 1)}, (1, "fail")),
        (0, {"totals": Totals(9, exceptions=1)}, (1, "fail")),
        (7, {"totals": Totals(9)}, (0, "pass")),
        (7, {"totals": Totals(9, 1)}, (7, "fail")),
        (7, {"totals": Totals(9, exceptions=1)}, (7, "fail")),
        (7, {"thresholds": [_result("fail")], "totals": Totals(9)}, (1, "fail")),
        (7, {"thresholds": [_result("fail")], "totals": Totals(9, 1)}, (7, "fail")),
        (7, {"state": "interrupted", "totals": Totals(9, 1)}, (130, "")),
        (7, {"validity": Validity(False), "totals": Totals(9, 1)}, (3, "invalid")),
        (3, {"totals": Totals(9, 1)}, (3, "fail")),
    ],
)
def test_a_code_for_errors(
    on_error: int | None, fields: dict[str, Any], outcome: tuple[int, str]
) -> None:
    plan = Plan("p", (), exit_code_on_error=on_error)
    assert run_outcome(_manifest(plan=plan, **fields)) == outcome


@pytest.mark.parametrize(
    ("code", "fields", "outcome"),
    [
        (7, {}, (7, "fail")),
        (7, {"thresholds": [_result("fail")]}, (7, "fail")),
        (256 + 9, {}, (9, "fail")),
        (0, {}, (0, "pass")),
        (0, {"thresholds": [_result("fail")]}, (1, "fail")),
        (7, {"state": "interrupted"}, (130, "")),
        (7, {"validity": Validity(False)}, (3, "invalid")),
        (7, {"exit_asked": False}, (7, "fail")),
        (0, {"exit_asked": False, "thresholds": [_result("waived")]}, (0, "pass")),
        (0, {"exit_asked": False, "thresholds": [_result("missing")]}, (1, "fail")),
    ],
)
def test_a_code_with_which_user_code_ends_the_program(
    code: int, fields: dict[str, Any], outcome: tuple[int, str]
) -> None:
    fields = {"exit_asked": True, **fields}
    assert run_outcome(_manifest(process_exit_code=code, **fields)) == outcome


def test_an_exit_code_of_0_waives_default_thresholds_that_fail() -> None:
    planned, default = _result("fail"), msgspec.structs.replace(_result("fail"), default=True)
    unjudged = msgspec.structs.replace(_result("missing"), default=True)
    unrun = msgspec.structs.replace(default, check=STAGES_ARE_RUN)
    manifest = _manifest(thresholds=[planned, default, unjudged, unrun], process_exit_code=0)
    judged = waive_defaults(manifest).thresholds
    assert [result.status for result in judged] == ["fail", "waived", "missing", "fail"]
    assert judged[1].reason == WAIVED
    for other in ({"process_exit_code": None}, {"process_exit_code": 1}, {"exit_asked": True}):
        kept = msgspec.structs.replace(manifest, **other)
        assert waive_defaults(kept) == kept
