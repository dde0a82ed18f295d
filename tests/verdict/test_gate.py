"""A build twice as slow, and every way a run of it might get past the gate unseen.

No way ends with exit code 0 unless a line says that something was not compared or not decided.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from loadtui import __main__ as entry
from loadtui.github.issue_tracker import IssueTracker
from loadtui.plan.model import Tolerance
from loadtui.store.manifest import Provenance, WorkerRecord
from loadtui.store.manifest_file import write_manifest
from loadtui.store.stored_run import Run
from loadtui.verdict.against_baseline import compare_with_baseline
from tests.support.github_server import GitHub
from tests.support.stored_runs import Traffic, keep_run, plan

GOOD = {"GET /a": Traffic(100), "POST /b": Traffic(20, count=10)}
SLOW = {**GOOD, "GET /a": Traffic(200)}
"""Every percentile of one endpoint is 100 % higher."""
NAMED = plan(tolerances=(Tolerance("p95", endpoint="GET /a", fail="+50%"),))
SAYS_SO = re.compile(
    r"not compar|inconclusive|undecided|not decided|not tested|only in the base", re.IGNORECASE
)


class Gate:
    """A project with a baseline of GOOD, and the commands that judge a run."""

    def __init__(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.project = project
        self._capsys = capsys
        self._runs = 0
        self.base = self.keep(GOOD)
        self.command("baseline", "promote", self.base.id)

    def keep(self, traffic: Any, **fields: Any) -> Run:
        """A run of the baseline's plan, a minute after the last one."""
        self._runs += 1
        run = f"20261123-10{self._runs:02d}00-gateway-aaaa"
        fields = {
            "started": f"2026-11-23T10:{self._runs:02d}:00Z",
            "seed": self._runs,
            "plan": NAMED,
            **fields,
        }
        return keep_run(self.project / "runs" / run, traffic, run=run, **fields)

    def judged(self, run: Run) -> Run:
        """The run compared with the baseline, as a host does at its end."""
        path = self.project / "baselines" / "gateway.json"
        run.manifest = compare_with_baseline(
            run, path, others=[], project=self.project, strict=False
        )
        write_manifest(run.folder, run.manifest)
        return run

    def command(self, *args: str) -> tuple[int, str]:
        """Exit code and all that was printed."""
        self._capsys.readouterr()
        code = entry.run(list(args))
        printed = self._capsys.readouterr()
        return code, printed.out + printed.err

    def compare(self, *runs: Run, options: tuple[str, ...] = ()) -> tuple[int, str]:
        return self.command("compare", "gateway", *(run.id for run in runs), *options)


@pytest.fixture
def gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Gate:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LOADTUI_DEBUG", raising=False)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    (tmp_path / "pyproject.toml").write_text('[tool.loadtui]\nruns = "runs"\n')
    return Gate(tmp_path, capsys)


def changed(run: Run, **fields: Any) -> Run:
    """The run with another manifest, on disk as well."""
    run.manifest = msgspec.structs.replace(run.manifest, **fields)
    write_manifest(run.folder, run.manifest)
    return run


Way = Callable[[Gate], tuple[int, str]]


def straight(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep(SLOW))


def report(gate: Gate) -> tuple[int, str]:
    return gate.command("report", gate.keep(SLOW).id, "--baseline", "gateway")


def a_single_endpoint_without_a_tolerance(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep(SLOW, plan=plan()))


def a_tolerance_for_another_endpoint(gate: Gate) -> tuple[int, str]:
    other = plan(tolerances=(Tolerance("p95", endpoint="POST /b", fail="+50%"),))
    return gate.compare(gate.keep(SLOW, plan=other))


def a_short_stage(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep(SLOW, stages=[("L1", 8)]))


def few_requests(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep({**GOOD, "GET /a": Traffic(200, count=2)}))


def a_handful_of_requests(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep({"GET /a": Traffic(200, count=1)}, stages=[("L1", 5)]))


def short_and_few(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep({**GOOD, "GET /a": Traffic(200, count=3)}, stages=[("L1", 15)]))


def another_stage_name(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep(SLOW, stages=[("L2", 60)]))


def a_second_stage_only(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep(SLOW, stages=[("L1 b", 60), ("L2", 60)]))


def other_users(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep(SLOW, users=5))


def another_load(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep(SLOW, fingerprint="f2"))


def another_load_after_all(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep(SLOW, fingerprint="f2"), options=("--any-load",))


def scaled(gate: Gate) -> tuple[int, str]:
    quick = msgspec.structs.replace(NAMED, time_scale=0.1)
    return gate.compare(gate.keep(SLOW, plan=quick, fingerprint="f2", stages=[("L1", 6)]))


def simulated(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep(SLOW, provenance=Provenance("simulated", "simulate --seed 1")))


def imported(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep(SLOW, provenance=Provenance("imported", "a_stats.csv")))


def steered(gate: Gate) -> tuple[int, str]:
    run = gate.keep(SLOW)
    for stage in run.manifest.stages:
        stage.steered = True
    return gate.compare(changed(run, steered=True))


def invalid(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep(SLOW, workers=[WorkerRecord(0, 1, "here", lost="killed")]))


def interrupted(gate: Gate) -> tuple[int, str]:
    return gate.compare(changed(gate.keep(SLOW), state="interrupted", exit_code=130))


def among_good_ones(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep(GOOD), gate.keep(SLOW))


def the_endpoint_renamed(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep({"GET /renamed": Traffic(200), "POST /b": GOOD["POST /b"]}))


def the_endpoint_gone(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep({"POST /b": GOOD["POST /b"]}))


def an_unnamed_endpoint_renamed(gate: Gate) -> tuple[int, str]:
    renamed = {"GET /renamed": Traffic(200), "POST /b": GOOD["POST /b"]}
    return gate.compare(gate.keep(renamed, plan=plan()))


def errors_in_its_place(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep({**GOOD, "GET /a": Traffic(5, failing=0.5)}))


def without_response_times(gate: Gate) -> tuple[int, str]:
    return gate.compare(gate.keep({**GOOD, "GET /a": Traffic(timed=False)}))


def only_the_slowest_tenth(gate: Gate) -> tuple[int, str]:
    slow = {"GET /a": Traffic(100, count=34), "POST /b": GOOD["POST /b"]}
    run = gate.keep({**slow, "GET /slow": Traffic(200, count=6)})
    return gate.compare(run)


def more_than_fifty_endpoints(gate: Gate) -> tuple[int, str]:
    crowd = {f"GET /{number}": Traffic(20, count=45) for number in range(55)}
    base = gate.keep({**crowd, "GET /a": Traffic(100, count=10)}, stages=[("L1", 25)], plan=plan())
    slow = gate.keep({**crowd, "GET /a": Traffic(200, count=10)}, stages=[("L1", 25)], plan=plan())
    return gate.command("compare", base.id, slow.id)


def more_than_fifty_and_named(gate: Gate) -> tuple[int, str]:
    crowd = {f"GET /{number}": Traffic(20, count=45) for number in range(55)}
    base = gate.keep({**crowd, "GET /a": Traffic(100, count=10)}, stages=[("L1", 25)])
    slow = gate.keep({**crowd, "GET /a": Traffic(200, count=10)}, stages=[("L1", 25)])
    return gate.command("compare", base.id, slow.id)


def one_of_three_stages(gate: Gate) -> tuple[int, str]:
    stages = [("L1", 30), ("L2", 30), ("L3", 30)]
    base = gate.keep(GOOD, stages=stages)
    slow = keep_last_stage_slow(gate, stages)
    return gate.command("compare", base.id, slow.id)


def keep_last_stage_slow(gate: Gate, stages: list[tuple[str, int]]) -> Run:
    """The endpoint is slow in the last stage only."""
    return gate.keep(SLOW, stages=stages)


def a_baseline_of_the_slow_build(gate: Gate) -> tuple[int, str]:
    slow = gate.keep(SLOW)
    gate.command("baseline", "promote", slow.id)
    return gate.compare(slow)


def compared_with_itself(gate: Gate) -> tuple[int, str]:
    slow = gate.keep(SLOW)
    code, text = gate.command("compare", slow.id, slow.id)
    assert "compared with itself" in text
    return code, f"{text} not compared with anything else"


def a_damaged_baseline(gate: Gate) -> tuple[int, str]:
    (gate.project / "baselines" / "gateway.json").write_text("{")
    return gate.compare(gate.keep(SLOW))


def no_baseline_of_that_name(gate: Gate) -> tuple[int, str]:
    return gate.command("compare", "gatewy", gate.keep(SLOW).id)


def a_damaged_table(gate: Gate) -> tuple[int, str]:
    run = gate.keep(SLOW)
    (run.folder / "samples.parquet").write_bytes(b"nothing")
    return gate.compare(run)


WAYS: tuple[Way, ...] = (
    straight,
    report,
    a_single_endpoint_without_a_tolerance,
    a_tolerance_for_another_endpoint,
    a_short_stage,
    few_requests,
    a_handful_of_requests,
    short_and_few,
    another_stage_name,
    a_second_stage_only,
    other_users,
    another_load,
    another_load_after_all,
    scaled,
    simulated,
    imported,
    steered,
    invalid,
    interrupted,
    among_good_ones,
    the_endpoint_renamed,
    the_endpoint_gone,
    an_unnamed_endpoint_renamed,
    errors_in_its_place,
    without_response_times,
    more_than_fifty_endpoints,
    more_than_fifty_and_named,
    one_of_three_stages,
    a_damaged_baseline,
    no_baseline_of_that_name,
    a_damaged_table,
    compared_with_itself,
)
REGRESSED = {
    straight,
    report,
    a_single_endpoint_without_a_tolerance,
    a_tolerance_for_another_endpoint,
    a_short_stage,
    few_requests,
    another_load_after_all,
    errors_in_its_place,
    more_than_fifty_and_named,
    one_of_three_stages,
}
"""Ways that must find it."""


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nothing_passes_in_silence(way: Way, gate: Gate) -> None:
    code, text = way(gate)
    if way in REGRESSED:
        assert code == 1, text
    assert code != 0 or SAYS_SO.search(text), text


# ------------------------------------------------------------------ an issue that is open for it
Attempt = Callable[[Gate], Run]


def a_run_without_a_baseline(gate: Gate) -> Run:
    return gate.keep(GOOD)


def an_earlier_run(gate: Gate) -> Run:
    return gate.judged(gate.keep(GOOD, started="2026-11-22T10:00:00Z"))


def a_scaled_run(gate: Gate) -> Run:
    quick = msgspec.structs.replace(NAMED, time_scale=0.5)
    return gate.judged(gate.keep(GOOD, plan=quick, fingerprint="f2"))


def a_run_of_another_load(gate: Gate) -> Run:
    return gate.judged(gate.keep(GOOD, fingerprint="f2"))


def a_run_without_the_endpoint(gate: Gate) -> Run:
    return gate.judged(gate.keep({"POST /b": GOOD["POST /b"]}, plan=plan()))


def a_run_of_a_handful(gate: Gate) -> Run:
    few = {"GET /a": Traffic(100, count=1), "POST /b": Traffic(20, count=1)}
    return gate.judged(gate.keep(few, stages=[("L1", 5)]))


def a_steered_run(gate: Gate) -> Run:
    run = gate.keep(GOOD)
    for stage in run.manifest.stages:
        stage.steered = True
    return gate.judged(changed(run, steered=True))


def an_imported_run(gate: Gate) -> Run:
    return gate.judged(gate.keep(GOOD, provenance=Provenance("imported", "a_stats.csv")))


def a_run_of_wider_tolerances(gate: Gate) -> Run:
    wide = plan(tolerances=tuple(Tolerance(stat, fail="+500%") for stat in ("p50", "p95", "p99")))
    return gate.judged(gate.keep(SLOW, plan=wide))


ATTEMPTS: tuple[Attempt, ...] = (
    a_run_without_a_baseline,
    an_earlier_run,
    a_scaled_run,
    a_run_of_another_load,
    a_run_without_the_endpoint,
    a_run_of_a_handful,
    a_steered_run,
    an_imported_run,
    a_run_of_wider_tolerances,
)


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    quick = {**(IssueTracker.__init__.__kwdefaults__ or {}), "pause_s": None}
    monkeypatch.setattr(IssueTracker.__init__, "__kwdefaults__", quick)
    with GitHub() as server:
        for name, value in server.environ().items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.__name__)
def test_no_issue_is_closed_without_proof(attempt: Attempt, gate: Gate, github: GitHub) -> None:
    slow = gate.judged(gate.keep(SLOW))
    gate.command("issue", slow.id)
    assert len(github.open_issues()) == 1
    run = attempt(gate)
    _, text = gate.command("issue", run.id, "--close-resolved", "--allow-simulated")
    assert len(github.open_issues()) == 1, text


def test_an_issue_is_closed_by_a_run_that_proves_it_resolved(gate: Gate, github: GitHub) -> None:
    slow = gate.judged(gate.keep(SLOW))
    gate.command("issue", slow.id)
    good = gate.judged(gate.keep(GOOD))
    code, text = gate.command("issue", good.id, "--close-resolved")
    assert (code, github.open_issues()) == (0, []), text
