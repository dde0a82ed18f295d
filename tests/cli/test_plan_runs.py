"""Plans that are run in turn: what is told at the end, and the exit code of all."""

from __future__ import annotations

import signal
from pathlib import Path

import msgspec
import pytest

from loadtui.cli import plan_runs
from loadtui.cli.outputs import RunOutputs
from loadtui.cli.plan_runs import RunOptions, run_one, run_plans
from loadtui.errors import UsageError
from loadtui.launch.start_host import StartOrder
from loadtui.plan.model import Plan
from loadtui.store.stored_run import Run
from tests.support.stored_runs import Traffic, keep_run, plan

PLANS = [plan(name=name) for name in ("gateway", "rag", "mcp")]


@pytest.fixture
def ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, int | UsageError]:
    """What becomes of each plan's run: its exit code, or why it cannot start; else 0."""
    found: dict[str, int | UsageError] = {}

    def until_clear(plan: Plan, options: RunOptions) -> list[Run]:
        end = found.get(plan.name, 0)
        if isinstance(end, UsageError):
            raise end
        traffic = {"GET /a": Traffic(count=5)}
        run = keep_run(tmp_path / plan.name, traffic, stages=[("L1", 20)], plan=plan)
        state = "interrupted" if end == 130 else "finished"
        run.manifest = msgspec.structs.replace(run.manifest, exit_code=end, state=state)
        return [run]

    monkeypatch.setattr(plan_runs, "_run_until_clear", until_clear)
    return found


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.strip().splitlines()]


def test_all_of_them_make_one_table(
    ends: dict[str, int | UsageError], capsys: pytest.CaptureFixture[str]
) -> None:
    ends["rag"] = 1
    assert run_plans(PLANS, RunOptions(no_ui=True)) == 1
    head, *lines, last = _lines(capsys.readouterr().out)
    assert head.startswith("phase stage")
    assert [line.split()[0] for line in lines] == ["gateway", "rag", "mcp"]
    assert [line.split()[-1] for line in lines] == ["0", "1", "0"]
    assert last == "exit code of all: 1"


def test_a_plan_that_cannot_start_does_not_keep_the_others_from_it(
    ends: dict[str, int | UsageError], capsys: pytest.CaptureFixture[str]
) -> None:
    ends["gateway"] = UsageError("gateway.py: no user class")
    assert run_plans(PLANS, RunOptions(no_ui=True)) == 2
    out = capsys.readouterr()
    assert "gateway – – – – – not run – 2" in _lines(out.out)
    assert "gateway: gateway.py: no user class" in _lines(out.out)
    assert "loadtui: error: gateway: gateway.py: no user class" in out.err


def test_what_was_not_reached_is_said(
    ends: dict[str, int | UsageError], capsys: pytest.CaptureFixture[str]
) -> None:
    ends["rag"] = 130
    assert run_plans(PLANS, RunOptions(no_ui=True)) == 130
    lines = _lines(capsys.readouterr().out)
    assert "mcp – – – – – not run – –" in lines


def test_a_signal_that_came_too_late_for_a_run_stops_those_behind_it(
    ends: dict[str, int | UsageError],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    until_clear = plan_runs._run_until_clear
    noted: list[str] = []

    def signalled(plan: Plan, options: RunOptions) -> list[Run]:
        if plan.name == "rag":
            options.on_signal()
        return until_clear(plan, options)

    monkeypatch.setattr(plan_runs, "_run_until_clear", signalled)
    options = RunOptions(no_ui=True, on_signal=lambda: noted.append("once"))
    assert run_plans(PLANS, options) == 130
    assert [line.split()[-1] for line in _lines(capsys.readouterr().out)[1:-1]] == ["0", "0", "–"]
    assert noted == ["once"]
    assert run_plans(PLANS[:2], options) == 0


@pytest.mark.usefixtures("ends")
def test_one_plan_needs_no_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_plans(PLANS[:1], RunOptions(no_ui=True)) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_the_host_is_made_gives_it_up(
    monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    done: list[str] = []

    class Made:
        folder = Path()

        def wait_until_started(self, meanwhile: object) -> None:
            done.append("waited")

        def abandon(self) -> None:
            done.append("given up")

    def start(order: StartOrder) -> Made:
        signal.raise_signal(number)
        return Made()

    monkeypatch.setattr(plan_runs, "start_host", start)
    with pytest.raises(KeyboardInterrupt):
        run_one(PLANS[0], RunOptions(no_ui=True))
    assert done == ["given up"]


def test_more_workers_than_a_machine_can_start_are_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_runs, "usable_cores", lambda: 2)
    most = 2 * plan_runs.MOST_PER_CORE
    with pytest.raises(UsageError, match=f"found {most + 1}, expected at most {most}"):
        plan_runs.tell_of_processes(most + 1)
    plan_runs.tell_of_processes(None)
    plan_runs.tell_of_processes(2)
    assert capsys.readouterr().err == ""
    plan_runs.tell_of_processes(most)
    assert "workers will wait for one another" in capsys.readouterr().err


def test_a_csv_needs_its_folder_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    RunOutputs(csv_prefix="out").check()
    with pytest.raises(
        UsageError, match=r"^--csv new/out_stats\.csv: there is no folder new, make"
    ):
        RunOutputs(csv_prefix="new/out").check()
    assert list(tmp_path.iterdir()) == []
