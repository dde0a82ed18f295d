"""k6's summaries: of `--summary-export`, and of handleSummary."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loadtui.errors import UsageError
from loadtui.importing.source import ImportSource
from loadtui.samples.source_figures import SourceFigures
from loadtui.store.stored_run import Run

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]

TIMES = {"avg": 3.85, "min": 1.46, "med": 3.56, "max": 20.9, "p(90)": 5.2, "p(95)": 7.5}
FLAT: dict[str, Any] = {
    "http_reqs": {"count": 1587, "rate": 528.37},
    "http_req_duration": TIMES,
    "http_req_failed": {"passes": 12, "fails": 1575, "value": 12 / 1587},
    "http_req_duration{expected_response:true}": TIMES,
    "vus": {"value": 3, "min": 0, "max": 5},
    "vus_max": {"value": 15, "min": 10, "max": 15},
    "checks": {"passes": 2, "fails": 0, "value": 1},
}
ROOT = {"name": "", "path": "", "groups": {}, "checks": {}}


def nested(flat: dict[str, Any]) -> dict[str, Any]:
    """The same as handleSummary is given it."""
    return {name: {"type": "x", "contains": "y", "values": one} for name, one in flat.items()}


@pytest.fixture
def summary(read: Read, written: Written) -> Callable[..., ImportSource]:
    def read_one(metrics: dict[str, Any], **more: Any) -> ImportSource:
        text = json.dumps({"root_group": ROOT, "metrics": metrics, **more})
        return read(written("summary.json", text))

    return read_one


def total(source: ImportSource) -> SourceFigures:
    assert source.figures is not None
    return source.figures.total


def test_both_summaries_say_the_same(summary: Callable[..., ImportSource]) -> None:
    flat = summary(FLAT)
    assert total(flat) == SourceFigures(
        requests=1587,
        failures=12,
        error_rate=12 / 1587,
        rps=528.37,
        mean_ms=3.85,
        min_ms=1.46,
        max_ms=20.9,
        percentiles={"p50": 3.56, "p90": 5.2, "p95": 7.5},
    )
    other = summary(nested(FLAT), state={"testRunDurationMs": 3003.6})
    assert total(other) == total(flat)
    assert (flat.duration_s, other.duration_s) == (None, 3.0036)
    assert flat.users == 5
    assert "p99" in flat.absent
    assert "vus_max" in flat.left_out
    assert "http_req_duration{expected_response:true}" in flat.left_out


def test_endpoints_are_those_that_a_threshold_named(summary: Callable[..., ImportSource]) -> None:
    source = summary(
        {
            **FLAT,
            "http_req_duration{name:GET /a{x}}": {**TIMES, "med": 9},
            "http_reqs{name:GET /a{x}}": {"count": 100, "rate": 1.5},
            "http_req_duration{name:slow}": {**TIMES, "p(99.9)": 80},
        }
    )
    assert source.figures is not None
    assert source.record.endpoints.entries == [("", "GET /a{x}"), ("", "slow")]
    one, slow = source.figures.endpoints
    assert (one.requests, one.failures, one.rps, one.percentiles["p50"]) == (100, None, 1.5, 9)
    assert slow.requests is None
    assert slow.percentiles["p99.9"] == 80


@pytest.mark.parametrize("value", [12 / 1587, 1575 / 1587])
def test_failures_are_those_that_the_rate_is_of(
    summary: Callable[..., ImportSource], value: float
) -> None:
    source = summary({**FLAT, "http_req_failed": {"passes": 12, "fails": 1575, "value": value}})
    assert total(source).failures == round(value * 1587)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"http_req_failed": {"passes": 1, "fails": 3, "value": 0.9}}, "is not the share"),
        ({"http_req_failed": {"value": 1.5}}, "more than all"),
        ({"http_reqs": {"count": 0, "rate": 0}}, "no HTTP request"),
        ({"http_reqs": {"count": -4}}, "below 0"),
    ],
)
def test_numbers_that_cannot_be_are_refused(
    summary: Callable[..., ImportSource], change: Any, why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        summary({**FLAT, **change})


def judged(source: ImportSource) -> dict[str, str]:
    """How k6's own thresholds and checks ended."""
    return {result.check: result.status for result in source.thresholds}


def test_own_thresholds_are_carried_over(summary: Callable[..., ImportSource]) -> None:
    crossed = {"p(95)<7": True, "avg<10": False}
    flat = summary({**FLAT, "http_req_duration": {**TIMES, "thresholds": crossed}})
    expected = {"http_req_duration p(95)<7": "fail", "http_req_duration avg<10": "pass"}
    assert judged(flat) == {**expected, "check of any name": "pass"}
    assert flat.thresholds[0].reason == "p(95) is 7.5"
    assert "k6's own thresholds" in flat.held

    met = {"p(95)<7": {"ok": False}, "avg<10": {"ok": True}}
    metrics = nested(FLAT)
    metrics["http_req_duration"]["thresholds"] = met
    assert judged(summary(metrics)) == judged(flat)

    beside = summary(FLAT, thresholds={"http_req_duration": crossed})
    assert judged(beside) == judged(flat)


@pytest.mark.parametrize(
    ("threshold", "crossed", "why"),
    [
        ("p(95)<7", False, "k6 says that it was met, and p(95) is 7.5"),
        ("p( 95 ) < 8", True, "k6 says that it was crossed, and p(95) is 7.5"),
    ],
)
def test_a_threshold_that_its_value_contradicts_does_not_pass(
    summary: Callable[..., ImportSource], threshold: str, crossed: bool, why: str
) -> None:
    own = {**TIMES, "thresholds": {threshold: crossed}}
    (result, _) = summary({**FLAT, "http_req_duration": own}).thresholds
    assert (result.status, result.reason) == ("fail", why)


def test_a_threshold_without_its_value_counts_as_k6_says(
    summary: Callable[..., ImportSource],
) -> None:
    own = {**TIMES, "thresholds": {"p(99)<9": True, "max > 3 && avg < 2": False}}
    source = summary({**FLAT, "http_req_duration": own})
    assert judged(source)["http_req_duration p(99)<9"] == "fail"
    assert judged(source)["http_req_duration max > 3 && avg < 2"] == "pass"


def test_checks_hold_unless_a_threshold_says_how_many_may_fail(
    summary: Callable[..., ImportSource],
) -> None:
    group = {
        "checks": [{"name": "is 200", "passes": 9, "fails": 1}],
        "groups": [{"name": "cart", "checks": {"full": {"name": "full", "passes": 3, "fails": 0}}}],
    }
    source = summary(FLAT, root_group=group)
    assert judged(source) == {"check is 200": "fail", "check cart › full": "pass"}
    assert source.thresholds[0].reason == "1 of 10 failed"

    enough = {"passes": 12, "fails": 1, "value": 12 / 13, "thresholds": {"rate>0.9": False}}
    assert judged(summary({**FLAT, "checks": enough}, root_group=group)) == {
        "checks rate>0.9": "pass"
    }


@pytest.mark.parametrize("state", ["yes", 1, {"met": True}, None])
def test_a_threshold_that_does_not_say_how_it_ended_is_refused(
    summary: Callable[..., ImportSource], state: Any
) -> None:
    own = {**TIMES, "thresholds": {"p(95)<7": state}}
    with pytest.raises(UsageError, match=r"p\(95\)<7.*does not say whether"):
        summary({**FLAT, "http_req_duration": own})


def test_a_run_that_failed_its_own_does_not_pass(saved: SaveRun, written: Written) -> None:
    good = {**FLAT, "http_req_failed": {"passes": 0, "fails": 1587, "value": 0}}
    assert saved(written("good.json", json.dumps({"metrics": good}))).manifest.verdict == "pass"
    own = {**TIMES, "thresholds": {"p(95)<7": True}}
    bad = {"metrics": {**good, "http_req_duration": own}}
    run = saved(written("bad.json", json.dumps(bad)))
    assert (run.manifest.verdict, run.manifest.exit_code) == ("fail", 1)
    assert "http_req_duration p(95)<7" in [result.check for result in run.manifest.thresholds]


MACHINE: dict[str, Any] = {
    "config": {"duration": 3.5, "execution": "local"},
    "metadata": {"generated_at": "2026-08-21T10:00:00.0Z", "k6_version": "2.2.0"},
    "version": "1.0.0",
    "results": {
        "checks": {"metrics": [], "results": [{"name": "is 200", "passes": 4, "fails": 0}]},
        "metrics": [
            {"name": "http_req_duration", "type": "trend", "contains": "time",
             "values": {"avg": 3.85, "min": 1.46, "med": 3.56, "max": 20.9, "p90": 5.2,
                        "p95": 7.5, "p(99)": 9, "p99_9": 10}},
            {"name": "http_reqs", "type": "counter", "values": {"count": 40}},
            {"name": "http_req_failed", "type": "rate",
             "values": {"matches": 10, "rate": 0.25, "total": 40}},
            {"name": "vus", "type": "gauge", "values": {"value": 1, "min": 1, "max": 7}},
        ],
    },
}  # fmt: skip


def test_the_machine_readable_summary(read: Read, written: Written) -> None:
    source = read(written("mr.json", json.dumps(MACHINE)))
    assert total(source) == SourceFigures(
        requests=40,
        failures=10,
        error_rate=0.25,
        mean_ms=3.85,
        min_ms=1.46,
        max_ms=20.9,
        percentiles={"p50": 3.56, "p90": 5.2, "p95": 7.5, "p99": 9, "p99.9": 10},
    )
    assert (source.duration_s, source.users, source.started) == (3.5, 7, None)
    assert judged(source) == {"check is 200": "pass"}
    assert "k6's own thresholds" in source.absent
    assert "requests per second" in source.absent


@pytest.mark.parametrize(("passed", "status"), [(True, "pass"), (False, "fail")])
def test_what_it_says_of_the_whole_test_counts(
    read: Read, written: Written, passed: bool, status: str
) -> None:
    document = {**MACHINE, "results": {**MACHINE["results"], "passed": passed}}
    source = read(written("mr.json", json.dumps(document)))
    assert judged(source)["k6 says that the test passed"] == status


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ('"total": 4}', "10 is more than the 4"),
        ('"total": 50}', "0.25 is not the share of 10 of 50"),
    ],
)
def test_rates_that_cannot_be_are_refused(
    read: Read, written: Written, changed: str, why: str
) -> None:
    text = json.dumps(MACHINE).replace('"total": 40}', changed)
    with pytest.raises(UsageError, match=why):
        read(written("mr.json", text))
