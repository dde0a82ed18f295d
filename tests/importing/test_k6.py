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

Read = Callable[..., ImportSource]
Written = Callable[..., Path]

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
