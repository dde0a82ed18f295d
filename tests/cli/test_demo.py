"""`loadtui demo`, with stages of two seconds."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import pytest

from loadtui.cli import demo
from loadtui.cli.plan_runs import RunOptions
from loadtui.cli.run_baseline import BaselineChoice
from loadtui.launch.start_host import StartOrder, start_host
from loadtui.plan.model import Plan
from loadtui.store.stored_run import Run

QUICK = """
import functools, sys
from loadtui.demo import tour
tour.demo_plan = functools.partial(tour.demo_plan, stage_s=float(sys.argv.pop(1)))
from loadtui.__main__ import main
main()
"""


def _demo(folder: Path, stage_s: float, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", QUICK, str(stage_s), "demo", *options],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _gone(stderr: str) -> bool:
    """Whether the target that the command named takes no more requests."""
    found = re.search(r"http://[\d.:]+", stderr)
    assert found is not None, stderr
    try:
        urllib.request.urlopen(found[0] + "/health", timeout=5).close()
    except urllib.error.URLError:
        return True
    return False


def test_it_runs_headless_without_a_terminal_and_keeps_the_run(tmp_path: Path) -> None:
    process = _demo(tmp_path, 2, "--json", "result.json")
    stdout, stderr = process.communicate(timeout=60)
    # Tests that share the machine may make the run invalid; its counts hold nevertheless.
    assert process.returncode in (0, 3), stderr
    result = json.loads((tmp_path / "result.json").read_text())
    assert (result["plan"], result["state"], result["provenance"]) == (
        "gateway",
        "finished",
        "measured",
    )
    assert [stage["name"] for stage in result["stages"]] == ["L1", "L2", "L3"]
    assert result["users_max"] == 100
    assert result["totals"]["requests"] > 500
    assert result["totals"]["failures"] == 0
    assert {row["name"] for row in result["endpoints"]} == {
        "/v1/chat/completions",
        "/v1/models",
        "/health",
    }
    assert f"loadtui runs show {result['run']}" in stdout
    assert _gone(stderr)


def test_ctrl_c_stops_in_order_and_takes_the_target_along(tmp_path: Path) -> None:
    process = _demo(tmp_path, 60, "--json", "result.json")
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if " rps " in line:  # progress: users are at work
            break
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=60)
    assert process.returncode == 130, "".join(lines) + rest
    result = json.loads((tmp_path / "result.json").read_text())
    assert result["state"] == "interrupted"
    assert result["totals"]["requests"] > 100
    assert result["totals"]["failures"] == 0, "the target outlived the run"
    assert _gone("".join(lines))


@pytest.mark.thorough
def test_a_run_that_was_left_keeps_its_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Leaving the live screen detaches from the run; the command waits for it, then tells."""
    monkeypatch.chdir(tmp_path)
    handles = []

    def left_at_once(plans: list[Plan], options: RunOptions) -> int:
        assert options.lifeline, "a run without its command would lose its target"
        handles.append(start_host(StartOrder(plans[0], tmp_path, lifeline=True)))
        handles[0].wait_until_started()
        return 0

    monkeypatch.setattr("loadtui.cli.plan_runs.run_plans", left_at_once)
    monkeypatch.setattr("loadtui.demo.tour.STAGE_S", 2.0)
    monkeypatch.setattr(demo, "CHECK_RUN_EVERY_S", 0.05)
    code = demo.command.main(["--no-ui"], standalone_mode=False)
    (handle,) = handles
    assert handle.wait(10) is not None
    manifest = Run.open(handle.folder).manifest
    assert code == manifest.exit_code
    assert manifest.state == "finished"
    assert manifest.totals.requests > 500
    assert manifest.totals.failures == 0, "the target outlived the run"
    assert f"loadtui runs show {handle.run}" in capsys.readouterr().out


def test_help_says_what_it_does() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "loadtui", "demo", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "--seed" in ran.stdout


@pytest.mark.parametrize("missing", ["starlette", "uvicorn"])
def test_without_the_extra_it_names_the_way_out(tmp_path: Path, missing: str) -> None:
    code = (
        "import importlib.util, sys\n"
        "find = importlib.util.find_spec\n"
        f"importlib.util.find_spec = lambda n, *a: None if n == {missing!r} else find(n, *a)\n"
        "from loadtui.__main__ import main\n"
        "main(['demo'])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert ran.stderr == (
        f"loadtui: error: the demo needs {missing}, install with pip install 'loadtui[demo]'\n"
    )
    assert not (tmp_path / ".loadtui").exists()


class _Target:
    """Stands for the embedded target, which these tests do not need."""

    made: ClassVar[list[float]] = []

    def __init__(self, *, seed: int, slots: int, pin: bool, slow: float = 1.0) -> None:
        self.url = "http://127.0.0.1:1"
        _Target.made.append(slow)

    def __enter__(self) -> _Target:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def regress(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """`demo --regress` whose runs are made up; `code` is the first run's exit code."""
    told: dict[str, object] = {"code": 0}
    monkeypatch.setattr("loadtui.demo.target.DemoTarget", _Target)
    monkeypatch.setattr(_Target, "made", [])
    monkeypatch.setattr(
        "loadtui.cli.plan_runs.run_one",
        lambda plan, options: SimpleNamespace(
            id="first", manifest=SimpleNamespace(exit_code=told["code"])
        ),
    )
    monkeypatch.setattr("loadtui.cli.plan_runs.tell", lambda run, **_: None)

    def promote(run: object, root: Path, **how: object) -> SimpleNamespace:
        told["promoted"] = how
        return SimpleNamespace(path=root / "demo.json")

    def second(plans: list[Plan], options: RunOptions) -> int:
        told["against"] = options.baseline
        return 1

    monkeypatch.setattr("loadtui.verdict.promotion.promote", promote)
    monkeypatch.setattr("loadtui.cli.plan_runs.run_plans", second)
    return told


def test_regress_compares_a_slower_target_with_the_first_run(regress: dict[str, object]) -> None:
    assert demo._regress(RunOptions(quiet=True), seed=1) == 1
    assert regress["promoted"] == {"name": "demo", "replace": True}
    assert regress["against"] == BaselineChoice(wanted=True, name="demo")
    assert _Target.made == [1.0, demo.REGRESSED_SLOW]


def test_regress_ends_with_a_first_run_that_cannot_be_a_baseline(
    regress: dict[str, object],
) -> None:
    regress["code"] = 3
    assert demo._regress(RunOptions(quiet=True), seed=1) == 3
    assert "promoted" not in regress
    assert _Target.made == [1.0]
