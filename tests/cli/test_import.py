"""`loadtui import`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loadtui import __main__ as entry
from loadtui.store.run_folder import runs_root
from loadtui.store.run_list import list_runs
from tests.support.locust_files import stats_csv

Capture = pytest.CaptureFixture[str]
FAILING = {("GET", "/a"): (300, 200), ("POST", "/b"): (200, 148)}
"""348 of 500: 69.6 %."""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: str) -> str:
    Path(name).write_text(text)
    return name


def test_a_run_most_of_whose_requests_failed_is_failing_everywhere(
    project: Path, capsys: Capture
) -> None:
    stats = write("gateway_stats.csv", stats_csv(FAILING))
    code = entry.run(
        ["import", stats, "--json", "r.json", "--junit", "r.xml", "--markdown", "r.md"]
    )

    assert code == 1
    said = capsys.readouterr().out
    (run,) = list_runs(runs_root(project))
    assert said.splitlines()[0] == f"imported {run.id} from Locust CSV: gateway_stats.csv"
    assert "✗ FAIL (exit code 1)" in said
    assert "not kept: error_rate < 1%: 69.6 %" in said
    assert "latencies of single requests" in " ".join(said.split())
    found = json.loads(Path("r.json").read_text())
    assert (found["verdict"], found["exit_code"], found["provenance"]) == ("fail", 1, "imported")
    assert "<failure" in Path("r.xml").read_text()
    assert "FAIL" in Path("r.md").read_text().splitlines()[0]
    assert entry.run(["runs", "show", run.id]) == 0
    assert "✗ FAIL" in capsys.readouterr().out
    assert entry.run(["runs", "list", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["verdict"], row["exit_code"], row["requests"]) == ("fail", 1, 500)
    assert row["duration_s"] is None


def test_the_plan_may_be_named(project: Path, capsys: Capture) -> None:
    stats = write("x_stats.csv", stats_csv({("GET", "/a"): (300, 0)}))
    assert entry.run(["import", stats, "--name", "gateway"]) == 0
    (run,) = list_runs(runs_root(project))
    assert run.id.split("-")[2] == "gateway"


def test_json_on_stdout_is_all_that_is_there(capsys: Capture) -> None:
    write("a_stats.csv", stats_csv({("GET", "/a"): (300, 0)}))
    write("b_stats.csv", stats_csv(FAILING))
    assert entry.run(["import", "a_stats.csv", "b_stats.csv", "--json", "-"]) == 1
    one, other = json.loads(capsys.readouterr().out)
    assert (one["verdict"], other["verdict"]) == ("pass", "fail")


def test_a_damaged_file_leaves_nothing_behind(project: Path, capsys: Capture) -> None:
    write("a_stats.csv", stats_csv({("GET", "/a"): (300, 0)}))
    write("b_stats.csv", stats_csv(FAILING)[:-40])
    assert entry.run(["import", "a_stats.csv", "b_stats.csv"]) == 2
    assert "b_stats.csv" in capsys.readouterr().err
    assert list_runs(runs_root(project)) == []


def test_files_that_lie_beside_it_are_told(capsys: Capture) -> None:
    write("a_stats.csv", stats_csv({("GET", "/a"): (300, 0)}))
    write("a_failures.csv", "Method,Name,Error,Occurrences\n")
    assert entry.run(["import", "a_stats.csv"]) == 0
    assert "a_failures.csv lies beside it and was not named" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", " ", "a\nb"])
def test_a_name_that_is_none(name: str, capsys: Capture) -> None:
    assert entry.run(["import", "x", "--name", name]) == 2
    assert "--name" in capsys.readouterr().err
