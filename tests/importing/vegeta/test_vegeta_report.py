"""vegeta's report: counts that contradict each other, and what an attack without requests is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loadtui.errors import UsageError
from loadtui.importing.source import ImportSource
from loadtui.importing.vegeta.vegeta_report import VEGETA_REPORT

Read = Callable[..., ImportSource]
Written = Callable[..., Path]

REPORT: dict[str, Any] = {
    "latencies": {"total": 10**9, "mean": 10**7, "50th": 9 * 10**6, "99th": 5 * 10**7,
                  "max": 6 * 10**7, "min": 10**6},
    "bytes_in": {"total": 2000, "mean": 20}, "bytes_out": {"total": 0, "mean": 0},
    "earliest": "2026-05-01T10:00:00.5Z", "latest": "2026-05-01T10:00:02Z",
    "end": "2026-05-01T10:00:02.1Z", "duration": 2 * 10**9, "wait": 10**8, "requests": 100,
    "rate": 50.0, "throughput": 46.1, "success": 0.97, "status_codes": {"200": 97, "0": 3},
    "errors": ["connection refused"],
}  # fmt: skip


@pytest.fixture
def report(read: Read, written: Written) -> Callable[..., ImportSource]:
    return lambda **other: read(written("report.json", json.dumps({**REPORT, **other})))


Report = Callable[..., ImportSource]


def test_what_it_says_is_taken_and_nothing_is_made_up(report: Report) -> None:
    source = report(buckets={"0": 90, "10000000": 10})
    assert source.figures is not None
    total = source.figures.total
    assert (total.requests, total.failures, total.error_rate) == (100, 3, 0.03)
    assert total.percentiles == {"p50": 9, "p99": 50}
    assert (source.started, source.duration_s) == (1777629600.5, 2.1)
    assert {"p95", "failures by kind", "users"} <= set(source.absent)
    assert source.left_out == ["its buckets, which are too wide to judge latencies by"]
    assert "1 kind of errors, without counts: connection refused" in source.remarks


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"requests": 0, "success": 0, "status_codes": {}}, "holds no request"),
        ({"success": 0.99}, "'success': is 0.99, and 97 of 100 requests succeeded"),
        ({"success": None}, "'success': is no share between 0 and 1"),
        ({"success": 97}, "'success': is no share between 0 and 1"),
        ({"status_codes": {"200": 96, "0": 3}}, "'requests': is 100, of codes it has 99"),
        ({"status_codes": {"200": 97, "0": -3}}, "status_codes: '0': '-3' is below 0"),
        ({"status_codes": []}, "'status_codes': is no object of numbers"),
        ({"latencies": {"mean": -1}}, "latencies: 'mean': '-1' is below 0"),
        ({"latencies": {"mean": 10**400}}, "latencies: 'mean': "),
        ({"requests": 1.5}, "'requests': '1.5' is no whole number"),
    ],
)
def test_what_cannot_be_is_refused(report: Report, other: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        report(**other)


def test_a_report_without_codes_has_its_share(report: Report) -> None:
    source = report(status_codes=None, earliest=None)
    assert source.format == VEGETA_REPORT.name
    assert source.figures is not None
    assert source.figures.total.failures == 3
    assert source.started is None
