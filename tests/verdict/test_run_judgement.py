"""The judgement of a whole run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from loadtui.plan.model import Plan, Stage, Threshold
from loadtui.samples.tallies import Tallies
from loadtui.store.journal import WorkerSecond
from loadtui.store.manifest import (
    RUN_FORMAT,
    Endpoint,
    Manifest,
    Provenance,
    StageSpan,
    Totals,
    WorkerRecord,
)
from loadtui.verdict.run_judgement import judge_run
from loadtui.verdict.validity import RunSecond

QUIET = [RunSecond(second, [WorkerSecond(0, 0.3, 0.0, 0.2)], 5) for second in range(10)]
STARVED = [RunSecond(second, [WorkerSecond(0, 0.5, 0.6, 0.2)], 5) for second in range(10)]


def _manifest(**fields: Any) -> Manifest:
    return Manifest(
        **{
            "format": RUN_FORMAT,
            "run": "r",
            "state": "finished",
            "provenance": Provenance("measured"),
            "plan": Plan("p", ("/p.py",), thresholds=(Threshold("p95 < 1s"),)),
            "fingerprint": "",
            "started": "",
            "stages": [StageSpan("L1", 0, 10, 5, 5.0, 2, 10)],
            "endpoints": [Endpoint("GET", "/")],
            "totals": Totals(requests=20),
            **fields,
        }
    )


@pytest.fixture
def tallies(add: Callable[..., None]) -> Tallies:
    judged = Tallies()
    add(judged, 0, 0, [100.0] * 20)
    return judged


def test_a_good_run(tallies: Tallies) -> None:
    judged = judge_run(_manifest(), tallies, QUIET)
    assert (judged.exit_code, judged.verdict) == (0, "pass")
    assert judged.validity.valid
    assert (judged.validity.bad_seconds, judged.validity.measured_seconds) == (0, 8)
    assert [result.status for result in judged.thresholds] == ["pass"]


@pytest.mark.parametrize(
    ("fields", "code", "verdict"),
    [
        ({"plan": Plan("p", (), thresholds=(Threshold("p95 < 1ms"),))}, 1, "fail"),
        ({"totals": Totals(requests=20, exceptions=1)}, 1, "fail"),
        ({"process_exit_code": 7}, 7, "fail"),
        ({"workers": [WorkerRecord(0, 1, "box", lost_deltas=1)]}, 3, "invalid"),
        ({"workers": [WorkerRecord(0, 1, "box", lost="worker 0 was killed")]}, 3, "invalid"),
        ({"workers": [WorkerRecord(0, 1, "box", lost_requests=3, started=3)]}, 3, "invalid"),
        ({"workers": [WorkerRecord(0, 1, "box", requests=20, started=19)]}, 3, "invalid"),
        ({"workers": [WorkerRecord(0, 1, "box", 20, started=21, unfinished=1)]}, 0, "pass"),
        ({"totals": Totals()}, 3, "invalid"),
        ({"state": "failed", "ended_because": "the last worker died"}, 3, "invalid"),
        ({"state": "interrupted"}, 130, ""),
    ],
)
def test_what_else_comes_of_a_run(
    fields: dict[str, Any], code: int, verdict: str, tallies: Tallies
) -> None:
    judged = judge_run(_manifest(**fields), tallies, QUIET)
    assert (judged.exit_code, judged.verdict) == (code, verdict)
    assert judged.validity.valid is (code != 3)


def test_a_starved_generator_is_invalid_and_still_judged(tallies: Tallies) -> None:
    judged = judge_run(_manifest(not_saved=["the disk was full"]), tallies, STARVED)
    assert (judged.exit_code, judged.verdict) == (3, "invalid")
    assert judged.validity.reasons == [
        "the load generator was the bottleneck in 8 of 8 measured seconds (waiting for a CPU: 8)",
        "the disk was full",
    ]
    assert [result.status for result in judged.thresholds] == ["pass"]


def test_requests_that_never_finish_fail_the_run() -> None:
    judged = judge_run(_manifest(totals=Totals(unfinished=20)), Tallies(), QUIET)
    assert (judged.exit_code, judged.verdict) == (1, "fail")
    assert judged.thresholds[-1].reason == "none of the 20 requests that were started finished"


STAGES = (Stage("warm", 2, 2.0, 10.0), Stage("peak", 6, 6.0, 10.0))
CUT = [StageSpan("warm", 0, 1, 2, 2.0, 1, 1)]


@pytest.mark.parametrize("thresholds", [(), (Threshold("p95 < 1s"),)])
def test_stages_that_the_locustfile_never_got_to_pass_nothing(
    tallies: Tallies, thresholds: tuple[Threshold, ...]
) -> None:
    plan = Plan("p", ("/p.py",), stages=STAGES, thresholds=thresholds)
    judged = judge_run(_manifest(plan=plan, stages=CUT, ended_by="locustfile"), tallies, QUIET)
    assert judged.validity.valid
    assert (judged.exit_code, judged.verdict) == (1, "fail")
    missing = [r for r in judged.thresholds if r.reason == "stage peak was never reached"]
    assert [(r.check, r.status) for r in missing] == [
        *((t.check, "missing") for t in thresholds),
        ("every stage is run", "missing"),
    ]
    [cut] = [r for r in judged.thresholds if r.stage == "warm" and r.status == "fail"]
    assert cut.reason == "stage warm ended after 1 s of 10 s"


def test_without_stages_it_is_for_the_locustfile_to_say(tallies: Tallies) -> None:
    judged = judge_run(_manifest(ended_by="locustfile"), tallies, QUIET)
    assert judged.exit_code == 0


def test_a_person_who_stops_it_early_is_told_what_is_missing(tallies: Tallies) -> None:
    plan = Plan("p", ("/p.py",), stages=STAGES, thresholds=(Threshold("p95 < 1s", stage="peak"),))
    fields = {"plan": plan, "stages": CUT, "state": "interrupted", "ended_by": "person"}
    judged = judge_run(_manifest(**fields), tallies, QUIET)
    assert judged.exit_code == 130
    [result] = judged.thresholds
    assert (result.status, result.reason) == ("missing", "stage peak was never reached")


def test_a_threshold_that_ends_it_is_what_it_fails_by(tallies: Tallies) -> None:
    plan = Plan("p", ("/p.py",), stages=STAGES, thresholds=(Threshold("p95 < 1ms", abort=True),))
    judged = judge_run(_manifest(plan=plan, stages=CUT, ended_by="threshold"), tallies, QUIET)
    assert [(r.stage, r.status) for r in judged.thresholds] == [("warm", "fail")]


def test_books_that_do_not_balance_are_told_with_their_numbers(tallies: Tallies) -> None:
    worker = WorkerRecord(3, 1, "box", requests=1000, started=990)
    assert judge_run(_manifest(workers=[worker]), tallies, QUIET).validity.reasons == [
        "the request counts do not balance: worker 3 started 990 requests, of which 1 000 were "
        "saved and 0 were unfinished"
    ]
