"""Which runs prove that an issue is resolved, and why others do not."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from loadtui.github.issue_report import IssueJudgement, IssueLoad, IssueReport
from loadtui.github.run_proof import ProvedJudgement, RunProof

REPORT = IssueReport(
    runs=("first", "second"),
    started="2026-01-01T10:00:00Z",
    loads=(IssueLoad("f1", 1.0, "measured"),),
    baselines=("api",),
    hosts=("shop.test",),
    judgements=(
        IssueJudgement("metric:p95", 0.1, "p95 (L1 · GET /)"),
        IssueJudgement("threshold:max", None, "max < 1s (L1 · total)"),
        IssueJudgement("run:raises", None, "user code raises nothing"),
    ),
)
PROOF = RunProof(
    run="third",
    started="2026-01-01T12:00:00.000+01:00",
    load=REPORT.loads[0],
    host="shop.test",
    steered=False,
    baseline="api",
    baseline_runs=frozenset({"base"}),
    rows_lost=False,
    judgements={
        "metric:p95": ProvedJudgement("pass", 0.1),
        "threshold:max": ProvedJudgement("pass"),
    },
    not_asked=frozenset({"run:other"}),
)


def test_the_same_judgements_passed_in_a_later_run_of_the_same_load() -> None:
    assert PROOF.why_not(REPORT) == ""


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"run": "second"}, "it is about run second itself"),
        ({"started": REPORT.started}, "run third started no later than run second"),
        ({"started": "2026-01-01T10:30:00+01:00"}, "run third started no later than run second"),
        ({"started": "some day"}, "run third started no later than run second"),
        ({"load": IssueLoad("f1", 1.0, "simulated")}, "run third is simulated"),
        ({"load": IssueLoad("f0", 0.05, "measured")}, "runs at time scale 1, and run third ran"),
        ({"load": IssueLoad("f2", 1.0, "measured")}, "another load than it is about"),
        ({"host": "staging.test"}, "it is about shop.test, and run third went to staging.test"),
        ({"steered": True}, "users were changed by hand in run third"),
        ({"baseline": ""}, "baseline 'api', and run third was compared with no baseline"),
        ({"baseline": "slow"}, "run third was compared with baseline 'slow'"),
        ({"baseline_runs": frozenset({"first"})}, "run first, which it is about, is part of"),
        ({"judgements": {}}, "run third did not judge p95 (L1 · GET /) and 1 more again"),
        ({"rows_lost": True, "judgements": {}}, "does not show p95 (L1 · GET /) any more"),
        ({"not_asked": frozenset({"run:raises"})}, "did not judge user code raises nothing again"),
    ],
)
def test_what_proves_nothing(change: dict[str, Any], why: str) -> None:
    assert why in PROOF._replace(**change).why_not(REPORT)


@pytest.mark.parametrize(
    ("proved", "why"),
    [
        (ProvedJudgement("undecided", 0.1), "run third could not decide p95 (L1 · GET /)"),
        (ProvedJudgement("warning", 0.1), "run third did not pass p95 (L1 · GET /)"),
        (ProvedJudgement("pass", 0.5), "judged p95 (L1 · GET /) with a wider tolerance"),
        (ProvedJudgement("pass"), "judged p95 (L1 · GET /) with a wider tolerance"),
        (ProvedJudgement("pass", 0.05), ""),
    ],
)
def test_how_a_judgement_was_proved(proved: ProvedJudgement, why: str) -> None:
    judged = {**PROOF.judgements, "metric:p95": proved}
    found = PROOF._replace(judgements=judged).why_not(REPORT)
    assert (why in found) if why else not found


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"begun_before": True}, "not complete; close it by hand"),
        ({"left_out": 3}, "more failed in it than an issue can list"),
        ({"loads": (*REPORT.loads, IssueLoad("f2", 1.0, "measured"))}, "another load"),
    ],
)
def test_issues_that_no_run_closes(change: dict[str, Any], why: str) -> None:
    assert why in PROOF.why_not(msgspec.structs.replace(REPORT, **change))
    assert "does not say which judgements" in PROOF.why_not(None)
