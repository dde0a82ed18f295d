"""JSON that autocannon printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loadtui.errors import UsageError
from loadtui.importing.source import ImportSource
from loadtui.store.stored_run import Run

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]

FILES = ("fast", "amount", "404", "timeouts", "refused")


@pytest.fixture
def changed(data: Path, written: Written) -> Callable[..., Path]:
    """`changed(section, key=value)` writes a real file with other values, `""` at its top."""

    def write(section: str = "", /, **values: object) -> Path:
        document = json.loads((data / "autocannon_fast.json").read_text())
        target = document[section] if section else document
        target.update(values)
        return written("run.json", json.dumps(document))

    return write


Changed = Callable[..., Path]


@pytest.mark.parametrize("name", FILES)
def test_the_figures_are_those_of_the_file(read: Read, data: Path, name: str) -> None:
    said: dict[str, Any] = json.loads((data / f"autocannon_{name}.json").read_text())
    source = read(f"autocannon_{name}.json")
    assert source.figures is not None
    total = source.figures.total
    answered = {status: one["count"] for status, one in said["statusCodeStats"].items()}
    assert total.requests == sum(answered.values()) + said["errors"]
    assert total.failures == answered.get("404", 0) + said["errors"]
    assert total.rps == said["requests"]["average"]
    assert total.bytes == said["throughput"]["total"]
    latency = said["latency"] if answered else {"average": None, "min": None, "max": None}
    assert (total.mean_ms, total.min_ms, total.max_ms) == (
        latency["average"], latency["min"], latency["max"])  # fmt: skip
    if answered:
        assert total.percentiles["p2.5"] == latency["p2_5"]
        assert total.percentiles["p99.999"] == latency["p99_999"]
        assert len(total.percentiles) == 15
    else:
        assert total.percentiles == {}
    assert source.record.endpoints.entries == [("", said["url"])]
    assert (source.users, source.duration_s) == (said["connections"], said["duration"])
    assert source.started is not None
    corrected = any("3647 latencies are of 91 answers" in remark for remark in source.remarks)
    assert corrected == (name == "404"), "it was run with a rate"
    assert source.left_out == ["sampleInt", "workers", "samples", "resets"]


@pytest.mark.parametrize("name", FILES)
def test_they_are_judged(saved: SaveRun, name: str) -> None:
    run = saved(f"autocannon_{name}.json")
    assert run.manifest.verdict == ("pass" if name in ("fast", "amount") else "fail")
    assert run.manifest.started.startswith("2026-11-28T03:05:")


def test_failures_are_told_by_kind(read: Read) -> None:
    kinds = {
        name: [(kind[2], found.count) for kind, found in
               read(f"autocannon_{name}.json").record.errors.by_count()]
        for name in FILES
    }  # fmt: skip
    assert kinds == {
        "fast": [], "amount": [], "404": [("HTTP 404", 91)], "timeouts": [("timed out", 5)],
        "refused": [("no connection, or an answer cut off", 1678)],
    }  # fmt: skip


def test_closed_connections_that_it_counts_nowhere(
    read: Read, saved: SaveRun, changed: Changed
) -> None:
    with pytest.raises(UsageError, match="no request that was answered or failed"):
        read("autocannon_drop.json")
    # 267 were answered, of 4 connections with up to 90 answers a second.
    for sent, verdict in ((267 + 4 + 90, "pass"), (267 + 4 + 91, "fail")):
        run = saved(changed("requests", sent=sent))
        assert run.manifest.verdict == verdict
        assert run.manifest.imported is not None
        told = any("does not say how many failed" in one for one in run.manifest.imported.remarks)
        assert told == (verdict == "fail")
    assert run.manifest.totals.failures is None


def test_answers_with_another_body_failed(read: Read, changed: Changed) -> None:
    source = read(changed(mismatches=60))
    assert source.figures is not None
    assert source.figures.total.failures == 60
    source = read(changed(mismatches=267, statusCodeStats={"404": {"count": 267}}, non2xx=267))
    assert source.figures is not None
    assert source.figures.total.failures == 267
    assert any("count twice" in remark for remark in source.remarks)


def test_older_versions_tell_classes_of_status_alone(read: Read, changed: Changed) -> None:
    values: dict[str, object] = {"2xx": 200, "3xx": 7, "5xx": 60}
    source = read(changed(statusCodeStats=None, non2xx=67, **values))
    assert source.figures is not None
    assert source.figures.total.failures == 60
    assert not any("add up" in remark for remark in source.remarks)


def test_sums_that_differ_are_told(read: Read, changed: Changed) -> None:
    remarks = read(changed(statusCodeStats={"200": {"count": 300}}, non2xx=5)).remarks
    assert "it says 267 answers, and its parts add up to 300" in remarks
    assert "it says 5 answers but 2xx, and its parts add up to 0" in remarks
    remarks = read(changed("latency", p50=80)).remarks
    assert any("contradict each other" in remark for remark in remarks)


@pytest.mark.parametrize(
    ("section", "values", "why"),
    [
        ("", {"errors": -1}, "below 0"),
        ("", {"timeouts": 5}, "5 of 0 errors"),
        ("", {"statusCodeStats": {"OK": {"count": 1}}}, "is no HTTP status"),
        ("", {"statusCodeStats": {"200": 5}}, "is no object"),
        ("", {"statusCodeStats": {"503": {"count": 300}}, "errors": 1.5}, "no whole number"),
        ("", {"url": 5}, "is no string"),
        ("latency", {"p99": "5"}, "is no number"),
        ("latency", {"average": True}, "is no number"),
        ("requests", {"total": 2.5}, "no whole number"),
        ("requests", {"average": 1e300}, "larger than anything"),
    ],
)
def test_what_cannot_be_is_refused(
    read: Read, changed: Changed, section: str, values: dict[str, Any], why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        read(changed(section, **values))


@pytest.mark.parametrize("part", ["latency", "requests", "throughput", "errors", "non2xx"])
def test_other_json_is_not_taken_for_it(
    read: Read, data: Path, written: Written, part: str
) -> None:
    document = json.loads((data / "autocannon_fast.json").read_text())
    del document[part]
    with pytest.raises(UsageError, match="in no format that can be imported"):
        read(written("run.json", json.dumps(document)))
