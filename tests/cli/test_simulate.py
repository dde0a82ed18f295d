"""`loadtui simulate` and `loadtui calibrate`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from loadtui import __main__ as entry
from loadtui.cli import plan_runs
from loadtui.cli.plan_runs import RunOptions
from loadtui.plan.model import Plan
from loadtui.simulate.profile import default_profile
from loadtui.simulate.simulated_run import simulate_run
from loadtui.store.calibration_file import load_calibration
from loadtui.store.manifest import Provenance, Validity
from loadtui.store.run_folder import runs_root
from loadtui.store.run_list import list_runs
from loadtui.store.stored_run import Run

PLAN = """
locustfile = "shop.py"
host = "http://127.0.0.1:8000"
[[stage]]
name = "low"
users = 10
spawn_rate = 5
duration = "40s"
[[threshold]]
endpoint = "GET /a"
check = "p95 < 5s"
[[threshold]]
endpoint = "GET /b"
check = "p95 < 5s"
"""
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.py").write_text("import locust\n")
    (tmp_path / "shop.toml").write_text(PLAN)
    return tmp_path


class TestSimulate:
    def test_a_run_is_kept_and_told_as_simulated(self, project: Path, capsys: Capture) -> None:
        assert entry.run(["simulate", "shop.toml", "--requests", "2000"]) == 0

        said = capsys.readouterr().out
        (run,) = list_runs(runs_root(project))
        assert "SIMULATED" in said.splitlines()[0]
        assert str(run.folder) in said
        assert entry.run(["runs", "list", "--json"]) == 0
        (row,) = json.loads(capsys.readouterr().out)
        assert row["provenance"] == "simulated"

    def test_the_exit_code_of_such_a_run_is_not_that_of_the_command(self, capsys: Capture) -> None:
        assert entry.run(["simulate", "shop.toml"]) == 0
        out = capsys.readouterr().out
        assert "a measured run would exit with code 0" in out
        assert "(exit code" not in out

    def test_several_runs_have_seeds_of_their_own_and_json_is_an_array(
        self, capsys: Capture
    ) -> None:
        options = ["--runs", "3", "--seed", "5", "--requests", "500", "--json", "-"]
        assert entry.run(["simulate", "shop.toml", *options]) == 0

        said = capsys.readouterr()
        documents = json.loads(said.out)
        assert [one["provenance_source"] for one in documents] == [
            f"loadtui simulate, seed {seed}" for seed in (5, 6, 7)
        ]
        assert {one["provenance"] for one in documents} == {"simulated"}
        assert "SIMULATED" in said.err

    def test_quiet_says_one_line_a_run(self, capsys: Capture) -> None:
        assert entry.run(["simulate", "shop.toml", "-q", "--runs", "2", "--requests", "100"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert [line.split()[0] for line in lines] == ["SIMULATED", "SIMULATED"]

    def test_shifts_errors_and_endpoints_are_taken(self, capsys: Capture) -> None:
        def p95s(*options: str) -> dict[str, float]:
            arguments = ["--requests", "20000", "--run-to-run", "0%", "--json", "-", *options]
            assert entry.run(["simulate", "shop.toml", *arguments]) == 0
            document = json.loads(capsys.readouterr().out)
            assert document["totals"]["error_rate"] == pytest.approx(0.05, abs=0.02)
            return {
                one["name"]: one["p95_ms"] for one in document["endpoints"] if one["stage"] is None
            }

        before = p95s("--error-rate", "5%")
        after = p95s("--error-rate", "0.05", "--shift", "GET /a=+60%", "--shift", "*b=-50%")

        assert after["/a"] / before["/a"] == pytest.approx(1.6, rel=0.05)
        assert after["/b"] / before["/b"] == pytest.approx(0.5, rel=0.05)
        assert set(p95s("--endpoints", "3", "--error-rate", "5%")) == {
            "/endpoint/1",
            "/endpoint/2",
            "/endpoint/3",
        }

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--shift", "GET /a"], "--shift"),
            (["--shift", "=+5%"], "--shift"),
            (["--shift", "GET /a=+5pp"], "--shift"),
            (["--shift", "GET /a=-100%"], "--shift"),
            (["--shift", "PUT *=+5%"], "no endpoint fits"),
            (["--error-rate", "110%"], "--error-rate"),
            (["--run-to-run", "much"], "--run-to-run"),
            (["--requests", "0"], "--requests"),
            (["--runs", "0"], "--runs"),
            (["--profile", "none.toml"], "none.toml"),
            (["--profile", "none.toml", "--endpoints", "2"], "--endpoints"),
            (["--json", "nowhere/x.json"], "nowhere"),
        ],
    )
    def test_bad_usage_is_one_sentence_and_keeps_nothing(
        self, project: Path, capsys: Capture, options: list[str], said: str
    ) -> None:
        assert entry.run(["simulate", "shop.toml", *options]) == 2
        error = capsys.readouterr().err
        assert said in error
        assert error.count("\n") == 1
        assert not (project / ".loadtui").exists()


@pytest.mark.parametrize("command", ["simulate", "calibrate"])
def test_a_locustfile_needs_a_plan(command: str, capsys: Capture) -> None:
    assert entry.run([command, "shop.py"]) == 2
    error = capsys.readouterr().err
    assert f"shop.py is a locustfile; `loadtui {command}` needs a plan" in error
    assert error.count("\n") == 1


Runs = Callable[..., list[str]]


@pytest.fixture
def runs(project: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """Lets runs come to what is said of them: changes of their manifests."""

    def ends(*changes: dict[str, object]) -> list[str]:
        started: list[str] = []

        def run_one(plan: Plan, options: RunOptions) -> Run:
            made = simulate_run(plan, default_profile(plan), len(started), 2_000, project=project)
            manifest = msgspec.structs.replace(
                made.manifest,
                provenance=Provenance("measured"),
                machine={"host": "box"},
                tags=options.settings.tags,
                **changes[len(started)],
            )
            started.append(made.id)
            return Run(made.folder, manifest)

        monkeypatch.setattr(plan_runs, "run_one", run_one)
        return started

    return ends


class TestCalibrate:
    def test_valid_runs_are_calibrated_from_and_others_named(
        self, project: Path, runs: Runs, capsys: Capture
    ) -> None:
        invalid = {"validity": Validity(valid=False, reasons=["samples were lost"])}
        started = runs({}, invalid, {}, {"steered": True}, {"state": "failed"})

        assert entry.run(["calibrate", "shop.toml", "--runs", "5"]) == 0

        said = capsys.readouterr()
        assert f"{started[1]} does not count: it is invalid, samples were lost" in said.err
        assert f"{started[3]} does not count" in said.err
        assert f"{started[4]} does not count" in said.err
        assert "2 runs say little" in said.err
        found = load_calibration(project, "shop")
        assert found is not None
        assert found.runs == [started[0], started[2]]
        assert {one.df for one in found.deviations} == {1}
        assert "low · GET /a · p95" in said.out

    def test_a_failed_threshold_is_no_obstacle(self, project: Path, runs: Runs) -> None:
        runs({"exit_code": 1, "verdict": "fail"}, {"exit_code": 1, "verdict": "fail"})
        assert entry.run(["calibrate", "shop.toml", "--runs", "2", "-q"]) == 0
        assert load_calibration(project, "shop") is not None

    def test_too_few_valid_runs_keep_nothing(
        self, project: Path, runs: Runs, capsys: Capture
    ) -> None:
        runs({}, {"steered": True})
        assert entry.run(["calibrate", "shop.toml", "--runs", "2"]) == 3
        assert "at least 2 valid runs, found 1" in capsys.readouterr().err
        assert load_calibration(project, "shop") is None

    def test_an_interruption_ends_it(self, project: Path, runs: Runs, capsys: Capture) -> None:
        started = runs({}, {"state": "interrupted", "exit_code": 130}, {})
        assert entry.run(["calibrate", "shop.toml", "--runs", "3"]) == 130
        assert len(started) == 2
        assert load_calibration(project, "shop") is None

    def test_one_run_is_refused_before_it_starts(self, runs: Runs, capsys: Capture) -> None:
        started = runs({})
        assert entry.run(["calibrate", "shop.toml", "--runs", "1"]) == 2
        assert "--runs" in capsys.readouterr().err
        assert started == []
