"""Results that vegeta wrote, and what its own report and the lines themselves say of them."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from loadtui.importing.source import ImportSource
from loadtui.store.stored_run import Run
from tests.support.imported_samples import samples_by_endpoint

Read = Callable[..., ImportSource]
SaveRun = Callable[..., Run]

BIN = 1 / 128
"""The width of a bin of the samples, which a percentile is read from."""
NAMES = ("shop", "refused", "one", "moved", "mixed", "old")
"""`old` is of 12.7, which wrote neither method nor URL."""


def lines_of(data: Path, name: str) -> list[dict[str, Any]]:
    text = (data / "vegeta" / f"{name}.json").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def report_of(data: Path, name: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((data / "vegeta" / f"{name}.report.json").read_bytes())
    return report


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize("name", NAMES)
def test_results_agree_with_vegetas_own_report(
    read: Read, data: Path, name: str, form: str
) -> None:
    source = read(data / "vegeta" / f"{name}.{form}")
    report = report_of(data, name)
    samples = samples_by_endpoint(source).values()
    requests = sum(one.requests for one in samples)
    assert requests == report["requests"]
    good = sum(count for code, count in report["status_codes"].items() if code[0] in "23")
    assert requests - sum(one.failures for one in samples) == good
    assert sum(one.bytes for one in samples) == report["bytes_in"]["total"]
    latencies = report["latencies"]
    mean_us = sum(one.sum_us for one in samples) / requests
    assert mean_us == pytest.approx(latencies["mean"] / 1000, abs=0.6)
    assert max(one.max_us for one in samples) == round(latencies["max"] / 1000)
    assert source.started == pytest.approx(seconds(report["earliest"]), abs=2e-6)
    length = seconds(report["end"]) - seconds(report["earliest"])
    assert source.duration_s == pytest.approx(length, abs=4e-6)
    assert source.name == name
    assert "users" in source.absent


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize("name", NAMES)
def test_endpoints_and_errors_are_those_of_the_lines(
    read: Read, data: Path, name: str, form: str
) -> None:
    source = read(data / "vegeta" / f"{name}.{form}")
    took: dict[tuple[str, str], list[float]] = {}
    errors: Counter[tuple[str, str, str]] = Counter()
    for line in lines_of(data, name):
        endpoint = (line["method"], line["url"]) if "url" in line else ("", "http requests")
        took.setdefault(endpoint, []).append(line["latency"] / 1000)
        if line["error"]:
            errors[(*endpoint, line["error"])] += 1
    found = samples_by_endpoint(source)
    assert found.keys() == took.keys()
    for endpoint, mine in took.items():
        assert found[endpoint].requests == len(mine)
        middle = sorted(mine)[(len(mine) - 1) // 2]
        assert found[endpoint].median_us == pytest.approx(middle, rel=BIN, abs=1)
    kinds = source.record.errors.by_kind.items()
    assert {kind: known.count for kind, known in kinds} == errors


@pytest.mark.parametrize("name", NAMES)
def test_csv_and_lines_are_the_same_results(data: Path, name: str) -> None:
    with (data / "vegeta" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    lines = lines_of(data, name)
    assert [[row[1], row[2], row[5]] for row in rows] == [
        [str(line["code"]), str(line["latency"]), line["error"]] for line in lines
    ]


@pytest.mark.parametrize("name", NAMES)
def test_reports_are_read_as_they_are(saved: SaveRun, data: Path, name: str) -> None:
    report = report_of(data, name)
    run = saved(data / "vegeta" / f"{name}.report.json")
    assert run.manifest.imported is not None
    assert run.manifest.imported.given is not None
    total = run.manifest.imported.given.total
    latencies = report["latencies"]
    assert (total.requests, total.rps, total.bytes) == (
        report["requests"], report["rate"], report["bytes_in"]["total"])  # fmt: skip
    assert total.error_rate == pytest.approx(1 - report["success"])
    given = (total.mean_ms, total.min_ms, total.max_ms)
    keys = ("mean", "min", "max")
    assert given == tuple(latencies[key] / 1e6 if key in latencies else None for key in keys)
    assert total.percentiles == {
        f"p{key[:2]}": latencies[key] / 1e6
        for key in ("50th", "90th", "95th", "99th") if key in latencies
    }  # fmt: skip
    assert run.manifest.duration_s == (report["duration"] + report["wait"]) / 1e9
    assert run.manifest.started[:19] == report["earliest"][:19]
    assert run.manifest.verdict == ("pass" if report["success"] == 1 else "fail")


@pytest.mark.parametrize(("name", "verdict"), [("shop", "fail"), ("moved", "pass")])
def test_results_are_judged(saved: SaveRun, data: Path, name: str, verdict: str) -> None:
    run = saved(data / "vegeta" / f"{name}.json")
    assert run.manifest.verdict == verdict
    assert run.manifest.provenance.resolution_ms is None
