"""A saved run in Locust's tables and JSON, also from when the users were spawned."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loadtui.report.locust_csv.locust_csv_writer import locust_csv
from loadtui.report.locust_csv.locust_run_rows import locust_rows, locust_stats_json
from loadtui.report.locust_csv.reset_second import counted_seconds, errors_since, spawned_second
from loadtui.store.stored_run import Run
from tests.support.stored_runs import Traffic, keep_run


def test_rows(run: Run) -> None:
    found = locust_rows(run)
    counts = {(row.method, row.name): (row.requests, row.failures) for row in found.rows}
    assert counts[("POST", "/v1/chat/completions")] == (1230, 30)
    assert (found.total.name, found.total.requests, found.total.failures) == (
        "Aggregated",
        1830,
        30,
    )
    assert found.total.rps == pytest.approx(1830 / 40)
    assert sum(error.occurrences for error in found.errors) == 30
    lines = found.tables(80)
    assert lines[0].startswith("Type     Name")
    assert "Response time percentiles (approximated)" in lines
    assert "Error report" in lines


def test_json(run: Run) -> None:
    entries = json.loads(locust_stats_json(run))
    [chat] = [entry for entry in entries if entry["name"] == "/v1/chat/completions"]
    assert (chat["method"], chat["num_requests"], chat["num_failures"]) == ("POST", 1230, 30)
    assert sum(chat["response_times"].values()) == 1230 - chat["num_none_requests"]
    assert sum(chat["num_reqs_per_sec"].values()) == 1230
    assert sum(chat["num_fail_per_sec"].values()) == 30
    assert chat["start_time"] <= chat["last_request_timestamp"]


def test_from_when_the_users_were_spawned(run: Run) -> None:
    since = spawned_second(run)
    assert since == 20, "from 10 users to 50"
    assert counted_seconds(run, since) == 20
    found = locust_rows(run, since)
    whole = locust_rows(run)
    assert 0 < found.total.requests < whole.total.requests
    assert (
        f",Aggregated,{found.total.requests},"
        in locust_csv(run, since=since)["_stats.csv"].decode()
    )
    entries = json.loads(locust_stats_json(run, since))
    assert sum(entry["num_requests"] for entry in entries) == found.total.requests


def test_errors_of_before_are_left_out(run: Run) -> None:
    kinds = {kind[2]: kind[3] for kind in errors_since(run, 0)}
    firsts = sorted(kind[4] or 0.0 for kind in errors_since(run, 0))
    assert sum(kinds.values()) == 30
    assert errors_since(run, 40) == []
    later = errors_since(run, int(firsts[-1]))
    assert 0 < sum(kind[3] for kind in later) <= 30


def test_requests_without_a_response_time(tmp_path: Path) -> None:
    run = keep_run(tmp_path / "run", {"WS /a": Traffic(timed=False)}, judge=False)
    found = locust_rows(run)
    assert found.rows[0].percentiles_ms == ()
    [entry] = json.loads(locust_stats_json(run))
    assert entry["num_none_requests"] == entry["num_requests"]
    assert entry["min_response_time"] is None


def test_no_requests(tmp_path: Path) -> None:
    run = keep_run(tmp_path / "run", {}, judge=False)
    assert locust_rows(run).rows == []
    assert json.loads(locust_stats_json(run)) == []
    assert locust_rows(run).total.requests == 0
