"""`loadtui import`."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from loadtui import __main__ as entry
from loadtui.store.run_folder import runs_root
from loadtui.store.run_list import list_runs
from tests.support.locust_files import stats_csv
from tests.support.waiting import TIMEOUT_S

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
    assert "not met: error_rate < 1%: 69.6 %" in said
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


class TestTwice:
    def test_a_file_that_was_imported_before(self, project: Path, capsys: Capture) -> None:
        stats = write("a_stats.csv", stats_csv({("GET", "/a"): (300, 0)}))
        assert entry.run(["import", stats]) == 0
        assert "before" not in capsys.readouterr().err
        (first,) = list_runs(runs_root(project))
        Path("copy_stats.csv").write_bytes(Path(stats).read_bytes())
        assert entry.run(["import", "copy_stats.csv", "--name", "other"]) == 0
        (second,) = (run for run in list_runs(runs_root(project)) if run.id != first.id)
        assert capsys.readouterr().err == (
            f"loadtui: the same was imported before, as run {first.id}; `loadtui runs rm "
            f"{second.id}` removes this one\n"
        )
        write("b_stats.csv", stats_csv({("GET", "/a"): (301, 0)}))
        assert entry.run(["import", "b_stats.csv"]) == 0
        assert "before" not in capsys.readouterr().err

    def test_the_runs_of_one_file_are_different_ones(self, capsys: Capture) -> None:
        rows = [f"{1_700_000_000_000 + at},5,a,true\n" for at in (0, 10_800_000)]
        jtl = write("x.jtl", "timeStamp,elapsed,label,success\n" + "".join(rows))
        assert entry.run(["import", jtl]) == 0
        said = capsys.readouterr()
        ids = [line.split()[1] for line in said.out.splitlines() if line.startswith("imported ")]
        assert len(ids) == 2
        assert said.err == ""
        assert entry.run(["import", jtl]) == 0
        assert [
            line.split("as run ")[1].split(";")[0] for line in capsys.readouterr().err.splitlines()
        ] == ids

    def test_promoted_twice_it_counts_once(self, project: Path, capsys: Capture) -> None:
        rows = [f"{1_700_000_000_000 + at * 100},5,a,true\n" for at in range(600)]
        head = "timeStamp,elapsed,label,success\n"
        jtl = write("x.jtl", head + "".join(rows))
        other = write("y.jtl", head + "".join(rows[5:]))
        for file in (jtl, jtl, other):
            assert entry.run(["import", file, "--name", "shop"]) == 0
            capsys.readouterr()
            assert entry.run(["baseline", "promote", "latest"]) == 0
        said = capsys.readouterr()
        assert "2 runs of shop" in said.out
        assert said.err == ""
        runs = json.loads(Path("baselines/shop.json").read_text())["runs"]
        ids = {run.id for run in list_runs(runs_root(project))}
        (left_out,) = ids - {run["run"] for run in runs}
        assert entry.run(["baseline", "promote", left_out]) == 0
        (instead,) = {run["run"] for run in runs} - {
            run["run"] for run in json.loads(Path("baselines/shop.json").read_text())["runs"]
        }
        assert capsys.readouterr().err == (
            f"took the place of {instead}, which was made of the same files\n"
        )


def test_ctrl_c_leaves_nothing_behind(project: Path) -> None:
    row = "2023/11/14 22:13:20.500,5,a,true\n"
    write("x.jtl", "timeStamp,elapsed,label,success\n" + row * 600_000)
    near, far = pty.openpty()
    command = [sys.executable, "-m", "loadtui", "import", "x.jtl"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=far) as process:
        os.close(far)
        said = os.read(near, 65536)
        process.send_signal(signal.SIGINT)
        assert process.wait(TIMEOUT_S) == 130
    said += os.read(near, 65536)
    os.close(near)
    assert b" of 19.8 MB" in said
    assert said.endswith(b"\r\x1b[Kloadtui: interrupted\r\n")
    assert list_runs(runs_root(project)) == []
    assert not any(runs_root(project).glob("*"))
