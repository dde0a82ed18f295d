"""`loadtui compare` and `loadtui baseline` on runs that are kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loadtui import __main__ as entry
from loadtui.plan.fingerprint_parts import FingerprintParts
from loadtui.plan.model import Stage, Tolerance
from loadtui.store.manifest import Provenance, WorkerRecord
from loadtui.store.stored_run import Run
from tests.support.stored_runs import Traffic, keep_run, plan

GOOD = {"GET /a": Traffic(100), "POST /b": Traffic(20, count=10)}
SLOW = {**GOOD, "GET /a": Traffic(220)}
Keep = Callable[..., Run]
Out = pytest.CaptureFixture[str]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of runs of a project in which the commands are given."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("LOADTUI_DEBUG", raising=False)
    (tmp_path / "pyproject.toml").write_text('[tool.loadtui]\nruns = "kept"\n')
    return tmp_path / "kept"


@pytest.fixture
def keep(root: Path) -> Keep:
    count = 0

    def write(traffic: Any = GOOD, **fields: Any) -> Run:
        nonlocal count
        count += 1
        fields.setdefault("started", f"2026-11-23T10:{count:02d}:00Z")
        fields.setdefault("seed", count)
        return keep_run(root / f"20261123-10{count:02d}00-gateway-aaaa", traffic, **fields)

    return write


def compare(*args: str) -> int:
    return entry.run(["compare", *args])


class TestCompare:
    def test_slower(self, keep: Keep, capsys: Out) -> None:
        base, run = keep(), keep(SLOW)
        assert compare(base.id, run.id) == 1
        out, err = capsys.readouterr()
        lines = out.splitlines()
        assert lines[0] == f"✗ REGRESSED · measured · {run.id} against {base.id}"
        changed = [line for line in lines if line.startswith("✗ REGRESSED  ")]
        assert [line.split()[2:6] for line in changed] == [
            ["L1", "GET", "/a", "p50"],
            ["L1", "GET", "/a", "p95"],
            ["L1", "GET", "/a", "p99"],
        ]
        assert " to +" in changed[0]
        assert "POST /b" not in out
        assert any("unchanged" in line and "--all" in line for line in lines)
        assert any("9 times in 10 from +" in line for line in lines)
        assert err == ""
        assert max(map(len, lines)) <= 120

    def test_all(self, keep: Keep, capsys: Out) -> None:
        assert compare(keep().id, keep().id, "--all") == 0
        out = capsys.readouterr().out
        assert out.count("= unchanged") >= 5
        assert out.count("· shown") == 5
        assert "--all" not in out

    @pytest.mark.parametrize("columns", ["80", "60", "200"])
    def test_no_line_is_too_wide(
        self, keep: Keep, capsys: Out, columns: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", columns)
        long = {f"GET /{'long/' * 30}": Traffic(100), "GET /한국어": Traffic(50)}
        slow = {name: Traffic(300) for name in long}
        compare(keep(long).id, keep(slow).id, "--all")
        lines = capsys.readouterr().out.splitlines()
        assert max(map(len, lines)) <= max(int(columns), 80)

    def test_json(self, keep: Keep, capsys: Out) -> None:
        base, run = keep(), keep(SLOW)
        assert compare(base.id, run.id, "--format", "json") == 1
        found = json.loads(capsys.readouterr().out)
        assert (found["verdict"], found["exit_code"]) == ("fail", 1)
        assert found["base"]["runs"] == [base.id]
        assert found["current"] == {
            "name": run.id,
            "kind": "run",
            "plan": "gateway",
            "provenance": "measured",
            "runs": [run.id],
        }
        row = next(
            one for one in found["rows"] if (one["endpoint"], one["metric"]) == ("GET /a", "p50")
        )
        assert (row["word"], row["status"], row["unit"]) == ("regressed", "fail", "ms")
        assert row["change"] == pytest.approx(1.2, abs=0.1)
        assert row["low"] < row["change"] < row["high"]
        assert (row["warn"], row["fail"]) == (pytest.approx(0.25), pytest.approx(0.5))
        rps = next(one for one in found["rows"] if one["metric"] == "rps")
        assert rps["better"] == "higher"

    def test_the_rps_interval_is_the_right_way_round(self, keep: Keep, capsys: Out) -> None:
        fewer = {**GOOD, "GET /a": Traffic(100, count=20)}
        compare(keep().id, keep(fewer).id, "--format", "json")
        rows = json.loads(capsys.readouterr().out)["rows"]
        row = next(one for one in rows if (one["endpoint"], one["metric"]) == ("GET /a", "rps"))
        assert row["low"] < row["change"] < row["high"] < 0
        assert row["fail"] == pytest.approx(-0.3)

    def test_strict(self, keep: Keep, capsys: Out) -> None:
        thin = {"GET /a": Traffic(count=6)}
        base, run = keep(thin), keep(thin)
        assert compare(base.id, run.id) == 0
        assert "? INCONCLUSIVE" in capsys.readouterr().out
        assert compare(base.id, run.id, "--strict") == 4

    def test_what_would_decide(self, keep: Keep, capsys: Out) -> None:
        before, after = {"GET /a": Traffic(100)}, {"GET /a": Traffic(126)}
        assert compare(keep(before).id, keep(after).id) == 0
        out = capsys.readouterr().out
        line = (
            r"up to \+\d+ % \(limit \+50 %\); finds \+\d+ % 9 times in 10; 1 more run would decide"
        )
        assert re.search(line, out)

    def test_several_runs_and_latest(self, keep: Keep, capsys: Out) -> None:
        base, first, last = keep(), keep(SLOW), keep(SLOW)
        assert compare(base.id, first.id, "latest", last.id, "--format", "json") == 1
        assert json.loads(capsys.readouterr().out)["current"]["runs"] == [first.id, last.id]

    def test_by_path_and_prefix(self, keep: Keep) -> None:
        base, run = keep(), keep()
        assert compare(str(base.folder), run.id[:15]) == 0

    def test_an_invalid_run(self, keep: Keep, capsys: Out) -> None:
        lost = keep(workers=[WorkerRecord(0, 1, "h", lost="it was killed")])
        assert compare(keep().id, lost.id) == 3
        out, err = capsys.readouterr()
        assert out == ""
        assert "is invalid and never compared" in err
        assert "it was killed" in err
        assert "3100 requests" in err

    def test_another_load(self, keep: Keep, capsys: Out) -> None:
        base, run = keep(), keep(fingerprint="f2")
        assert compare(base.id, run.id) == 0
        out = capsys.readouterr().out
        assert out.startswith("? NOT COMPARABLE")
        assert "it is another load" in out
        assert out.count("it is another load") == 1
        assert compare(base.id, run.id, "--strict") == 4
        assert compare(base.id, run.id, "--any-load") == 0
        assert capsys.readouterr().out.splitlines()[-1] != ""

    def test_in_what_another_load_differs_is_said_once(self, keep: Keep, capsys: Out) -> None:
        parts = FingerprintParts(stages=[Stage("L1", 10, 1.0, 62.0)])
        other = FingerprintParts(stages=[Stage("L1", 10, 1.0, 63.0)])
        base = keep(fingerprint_parts=parts)
        run = keep(SLOW, fingerprint="f2", fingerprint_parts=other)
        for form in ("text", "md", "junit", "github", "html", "json"):
            assert compare(base.id, run.id, "--format", form) == 0
            out = capsys.readouterr().out
            assert out.count("length of stage L1: 1m3s, in the base 1m2s") == 1, form
        assert compare(base.id, run.id, "--all") == 0
        out = capsys.readouterr().out
        assert out.count("another load") == 1
        assert out.count("? not comparable  L1") == 15

    def test_simulated_runs_say_so(self, keep: Keep, capsys: Out) -> None:
        runs = [keep(provenance=Provenance("simulated")) for _ in range(2)]
        assert compare(runs[0].id, runs[1].id) == 0
        assert "· SIMULATED ·" in capsys.readouterr().out.splitlines()[0]

    def test_no_such_base(self, keep: Keep, root: Path, capsys: Out) -> None:
        assert compare("nope", keep().id) == 2
        err = capsys.readouterr().err
        assert f"no baseline 'nope' in {root.parent / 'baselines'}, and no run 'nope'" in err

    def test_a_damaged_calibration(self, keep: Keep, root: Path, capsys: Out) -> None:
        from loadtui.store.calibration_file import calibration_path

        path = calibration_path(root.parent, "gateway")
        path.parent.mkdir(parents=True)
        path.write_text("{")
        assert compare(keep().id, keep().id) == 2
        assert "calibrate again" in capsys.readouterr().err

    def test_tolerances_that_make_no_sense(self, keep: Keep, capsys: Out) -> None:
        wrong = plan(tolerances=(Tolerance("slow", fail="+50%"),))
        assert compare(keep(slow=0.1).id, keep(slow=0.1, plan=wrong).id) == 2
        assert "tolerance[0] (slow)" in capsys.readouterr().err


def test_imported_runs_of_other_users(root: Path, capsys: Out) -> None:
    """`latest` is each import just made, though both began years ago."""
    for number, users in enumerate((20, 21)):
        began = 1_500_000_000_000 - number * 86_400_000
        rows = [f"{began + 50 * at},{80 + at % 40},GET /a,200,true,{users}" for at in range(1_400)]
        file = root.parent / f"users-{users}.jtl"
        header = "timeStamp,elapsed,label,responseCode,success,allThreads"
        file.write_text("\n".join([header, *rows, ""]))
        assert entry.run(["import", str(file), "--name", "shop"]) == 0
        if users == 20:
            assert entry.run(["baseline", "promote", "latest"]) == 0
    capsys.readouterr()
    assert compare("shop", "latest") == 0
    out = capsys.readouterr().out
    assert "? stage all: users differ: 21, in the base 20" in out
    assert compare("shop", "latest", "--any-load", "--all") == 0
    out = capsys.readouterr().out
    assert "= unchanged" in out
    assert "≠ stage all: users differ: 21, in the base 20" in out


class TestBaseline:
    def test_promote_list_show_compare_rm(self, keep: Keep, root: Path, capsys: Out) -> None:
        base, again, run = keep(), keep(), keep(SLOW)
        path = root.parent / "baselines" / "gateway.json"
        assert entry.run(["baseline", "promote", base.id]) == 0
        assert entry.run(["baseline", "promote", again.id]) == 0
        assert capsys.readouterr().out.splitlines() == [
            f"{path}: 1 run of gateway",
            f"{path}: 2 runs of gateway",
        ]
        assert entry.run(["baseline", "list"]) == 0
        assert capsys.readouterr().out.splitlines()[1].split()[:4] == [
            "gateway",
            "gateway",
            "measured",
            "2",
        ]
        assert entry.run(["baseline", "list", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)[0]["runs"] == [base.id, again.id]
        assert entry.run(["baseline", "show", "gateway"]) == 0
        out = capsys.readouterr().out
        assert base.id in out
        assert "POST /b" in out
        assert entry.run(["baseline", "show", "gateway", "--json"]) == 0
        assert capsys.readouterr().out == path.read_text()
        assert compare("gateway", run.id) == 1
        assert "against baseline gateway (2 runs)" in capsys.readouterr().out
        assert compare(str(path), run.id) == 1
        assert entry.run(["baseline", "rm", "gateway", "-y"]) == 0
        assert list(path.parent.iterdir()) == []

    def test_the_eleventh_run(self, keep: Keep, capsys: Out) -> None:
        runs = [keep({"GET /a": Traffic(count=2)}, stages=[("L1", 20)]) for _ in range(11)]
        for run in runs:
            assert entry.run(["baseline", "promote", run.id]) == 0
        assert f"dropped {runs[0].id}, the oldest" in capsys.readouterr().err

    def test_refused_in_one_sentence(self, keep: Keep, capsys: Out) -> None:
        run = keep(provenance=Provenance("simulated"))
        assert entry.run(["baseline", "promote", run.id]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert len(err.splitlines()) == 1
        assert "it is simulated" in err

    def test_a_broken_file_is_told_of(self, keep: Keep, root: Path, capsys: Out) -> None:
        entry.run(["baseline", "promote", keep().id])
        path = root.parent / "baselines" / "gateway.json"
        path.write_text(path.read_text()[:200])
        capsys.readouterr()
        assert entry.run(["baseline", "list"]) == 2
        assert "is damaged" in capsys.readouterr().err
        assert compare("gateway", "latest") == 2
        assert "is damaged" in capsys.readouterr().err

    def test_none(self, root: Path, capsys: Out) -> None:
        assert entry.run(["baseline", "list"]) == 0
        assert "No baselines in" in capsys.readouterr().err
        assert entry.run(["baseline", "show", "gateway"]) == 2
        assert "baseline promote RUN" in capsys.readouterr().err

    def test_another_folder(self, keep: Keep, root: Path) -> None:
        (root.parent / "pyproject.toml").write_text(
            '[tool.loadtui]\nruns = "kept"\nbaselines = "reviewed"\n'
        )
        assert entry.run(["baseline", "promote", keep().id]) == 0
        assert (root.parent / "reviewed" / "gateway.json").is_file()

    def test_rm_asks(self, root: Path, capsys: Out) -> None:
        assert entry.run(["baseline", "rm", "gateway"]) == 2
        assert "give -y" in capsys.readouterr().err
