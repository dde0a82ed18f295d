"""The document for machines."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from loadtui.report.json.json_bytes import to_json
from loadtui.report.json.run_document import run_document
from loadtui.store.manifest import ThresholdResult
from loadtui.store.stored_run import Run

FIGURES = {
    "requests", "failures", "error_rate", "rps", "bytes",
    "mean_ms", "p50_ms", "p95_ms", "p99_ms", "max_ms", "percentiles",
}  # fmt: skip
PROMISED = {
    "run", "plan", "state", "provenance", "valid", "invalid_reasons", "started", "duration_s",
    "users_max", "unfinished", "exceptions", "steered", "totals", "stages", "endpoints", "errors",
    "metrics", "thresholds", "exit_code",
}  # fmt: skip


def _strictly(data: bytes) -> Any:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(data.decode("utf-8"), parse_constant=refuse)


def test_has_what_was_promised(run: Run) -> None:
    document = _strictly(to_json(run_document(run)))
    assert set(document) >= PROMISED
    for part in [document["totals"], *document["stages"], *document["endpoints"]]:
        assert set(part) >= {*FIGURES, "measured"}
        assert set(part["measured"]) == FIGURES
    assert document["run"] == run.id
    assert document["plan"] == "gateway"
    assert (document["state"], document["provenance"], document["valid"]) == (
        "finished",
        "measured",
        True,
    )
    assert (document["verdict"], document["exit_code"], document["process_exit_code"]) == (
        "fail",
        1,
        None,
    )
    assert document["folder"] == str(run.folder)


def test_parts_add_up(run: Run) -> None:
    document = run_document(run)
    assert document["totals"]["requests"] == run.manifest.totals.requests == 1830
    assert sum(stage["requests"] for stage in document["stages"]) == 1830
    whole = [row for row in document["endpoints"] if row["stage"] is None]
    assert sum(row["requests"] for row in whole) == 1830
    assert sum(row["requests"] for row in document["endpoints"] if row["stage"]) == 1830
    assert [(row["method"], row["name"]) for row in whole][1] == ("GET", "/검색 🔎")
    totals = document["totals"]
    assert (totals["started"], document["unfinished"], totals["lost"]) == (1834, 4, 0)
    measured = document["totals"]["measured"]
    assert measured["requests"] == sum(
        stage["measured"]["requests"] for stage in document["stages"]
    )
    assert measured["rps"] == pytest.approx(measured["requests"] / 30)


def test_lists(run: Run) -> None:
    document = run_document(run)
    assert document["errors"][0] == {
        "method": "POST",
        "name": "/v1/chat/completions",
        "message": "503 Service\ndegraded \x1b[31m",
        "count": 28,
        "first": 25.1,
        "last": 39.4,
    }
    assert document["exceptions"][0]["count"] == 3
    assert document["exceptions"][0]["traceback"].startswith("Traceback")
    assert document["thresholds"][0] == {
        "check": "p95 < 2s",
        "stage": "L2",
        "endpoint": None,
        "value": pytest.approx(151, rel=0.004),
        "status": "pass",
        "default": False,
        "reason": "",
    }
    assert document["workers"][0]["requests"] == 1830


def test_metrics(run: Run) -> None:
    metrics = run_document(run)["metrics"]
    assert set(metrics) == {"timeouts", "ttft", "violations"}
    assert (metrics["violations"]["kind"], metrics["violations"]["count"]) == ("counter", 2)
    assert (metrics["timeouts"]["rate"], metrics["timeouts"]["hits"]) == (0.125, 1)
    ttft = metrics["ttft"]
    assert (ttft["unit"], ttft["count"], ttft["measured"]["count"]) == ("ms", 10, 10)
    assert ttft["p95"] == pytest.approx(83.1, rel=0.004)
    assert [(part["stage"], part["endpoint"]) for part in ttft["parts"]] == [
        ("L1", None),
        ("L2", None),
        ("L1", "POST /v1/chat/completions"),
        ("L2", "POST /v1/chat/completions"),
    ]


def test_is_strict_whatever_it_holds(run: Run) -> None:
    infinite = ThresholdResult("rps > 1", None, None, float("inf"), "pass")
    run.manifest = msgspec.structs.replace(
        run.manifest, thresholds=[infinite], note="\udc80", machine={"load": float("nan")}
    )
    data = to_json(run_document(run))
    document = _strictly(data)
    assert document["thresholds"][0]["value"] is None
    assert document["machine"]["load"] is None
    assert document["note"] == "\udc80"
    assert "검색".encode() in data


def test_several_runs_are_an_array(run: Run) -> None:
    document = run_document(run)
    assert [part["run"] for part in _strictly(to_json([document, document]))] == [run.id, run.id]
