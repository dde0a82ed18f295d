"""However many endpoints a file names, and however long their names are."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from loadtui.importing.source import ImportSource
from loadtui.samples.endpoint_table import FURTHER, MAX_ENDPOINTS, MAX_NAME
from loadtui.samples.error_kinds import MAX_KINDS
from loadtui.store.stored_run import Run
from tests.support.locust_files import stats_csv

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]

MANY = MAX_ENDPOINTS + 5
LONG = "x" * 100_000
JTL_HEAD = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,bytes\n"


def services(names: list[str]) -> str:
    figures = {"p95_latency_ms": 3, "total_requests": 10, "failed_requests": 1}
    return json.dumps(dict.fromkeys(names, figures))


def jtl(rows: list[tuple[str, str]]) -> str:
    """Failed samples by label and message."""
    return JTL_HEAD + "".join(
        f"{1_700_000_000_000 + at},5,{label},500,{message},t,false,1\n"
        for at, (label, message) in enumerate(rows)
    )


def xml(names: list[str]) -> str:
    samples = "".join(
        f'<httpSample t="5" ts="{1_700_000_000_000 + at}" s="true" lb="{name}" tn="t"/>'
        for at, name in enumerate(names)
    )
    return f"<testResults>{samples}</testResults>"


def k6(names: list[str]) -> str:
    return "".join(
        json.dumps({
            "metric": "http_req_duration", "type": "Point",
            "data": {"time": f"2026-08-21T10:00:00.{at:06}Z", "value": 5.5,
                     "tags": {"method": "GET", "name": name, "status": "200"}},
        }) + "\n"
        for at, name in enumerate(names)
    )  # fmt: skip


def locust(names: list[str]) -> str:
    return stats_csv({("GET", name): (3, 1) for name in names})


def names_of(run: Run) -> list[str]:
    return [endpoint.name for endpoint in run.manifest.endpoints]


WRITERS = [
    ("x.jtl", lambda names: jtl([(name, "no") for name in names])),
    ("x.xml", xml),
    ("x.json", k6),
    ("x_stats.csv", locust),
    ("x.json", services),
]
IDS = ["jtl", "xml", "k6", "locust", "services"]


@pytest.mark.parametrize(("name", "write"), WRITERS, ids=IDS)
def test_more_than_a_run_may_have(
    saved: SaveRun, written: Written, name: str, write: Callable[[list[str]], str]
) -> None:
    run = saved(written(name, write([f"/{at}" for at in range(MANY)])))
    assert names_of(run) == [*(f"/{at}" for at in range(MAX_ENDPOINTS)), FURTHER[1]]
    assert any(FURTHER[1] in remark.text for remark in run.manifest.remarks)
    imported = run.manifest.imported
    assert imported is not None
    if imported.given is None:
        further = run.windows().filter(endpoint=MAX_ENDPOINTS)
        assert further["count"].sum() == MANY - MAX_ENDPOINTS
    else:
        first, last = imported.given.endpoints[0], imported.given.endpoints[-1]
        assert first.percentiles
        assert (last.requests, last.percentiles) == ((first.requests or 0) * 5, {})


@pytest.mark.parametrize(("name", "write"), WRITERS, ids=IDS)
def test_names_that_are_too_long(
    saved: SaveRun, written: Written, name: str, write: Callable[[list[str]], str]
) -> None:
    run = saved(written(name, write([f"{LONG}1", "/a", f"{LONG}2"])))
    assert names_of(run) == [f"{'x' * (MAX_NAME - 1)}…", "/a"]
    assert any("names of endpoints are cut" in remark.text for remark in run.manifest.remarks)
    assert run.manifest.totals.requests in (3, 9, 30)


def test_failures_go_with_their_endpoints(saved: SaveRun, written: Written) -> None:
    rows = [(f"/{at}", "no") for at in range(MANY)] + [(f"/{MANY}", "no")] * MAX_KINDS
    errors = saved(written("x.jtl", jtl(rows))).errors()
    assert errors["name"][0] == FURTHER[1]
    assert errors["count"].sum() == len(rows)
    assert errors.height == MAX_KINDS + 1


def test_failures_of_figures_go_with_them_too(saved: SaveRun, written: Written) -> None:
    stats = written("x_stats.csv", locust([LONG, "/a"]))
    failures = written("x_failures.csv", "")
    with failures.open("w", newline="") as file:
        csv.writer(file).writerows(
            [["Method", "Name", "Error", "Occurrences"], ["GET", LONG, "no", 1],
             ["GET", "/a", "no", 1]]
        )  # fmt: skip
    run = saved(stats, failures)
    assert sorted(run.errors()["name"]) == sorted(names_of(run))


def test_more_kinds_of_errors_than_a_run_may_have(saved: SaveRun, written: Written) -> None:
    rows = [("/a", f"error {at}") for at in range(MAX_KINDS + 50)]
    run = saved(written("x.jtl", jtl(rows)))
    errors = run.errors()
    assert errors.height == MAX_KINDS + 1
    assert errors["count"].sum() == len(rows)
    assert any("different errors" in remark.text for remark in run.manifest.remarks)


def test_sentences_are_bounded_too(read: Read, written: Written) -> None:
    figures = {"p95_latency_ms": 3, "total_requests": 10}
    unknown = {f"{at}{LONG}": 1 for at in range(300)}
    source = read(written("x.json", json.dumps({"a": figures | unknown})))
    assert len(source.left_out) == 201
    assert source.left_out[-1] == "100 more"
    assert max(map(len, source.left_out)) == MAX_NAME
