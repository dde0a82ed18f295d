from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import family
import harness
from steady import Steady

BURN = """
import sys, time
while time.process_time() < {seconds}:
    pass
"""
ABANDON = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", sys.argv[1]], start_new_session=True)
"""


def test_ratios_are_taken_pair_by_pair() -> None:
    assert harness.ratios([4.0, 9.0], [2.0, 3.0]) == [2.0, 3.0]
    with pytest.raises(ValueError):
        harness.ratios([1.0], [1.0, 2.0])


def test_the_spread_is_least_median_and_most() -> None:
    assert harness.spread([3.0, 1.0, 2.0, 10.0]) == (1.0, 2.5, 10.0)
    assert harness.spread([3.0, 1.0, 2.0]).text("{:.1f}") == "1.0 - 2.0 - 3.0"


def test_the_cost_of_orphans_in_their_own_session_counts() -> None:
    burn = BURN.format(seconds=0.25)
    cost = harness.cost([sys.executable, "-c", ABANDON, burn])
    assert cost.cpu_s >= 0.25
    assert cost.wall_s >= 0.25
    assert harness.cost([sys.executable, "-c", "pass"]).cpu_s < 0.25


def test_a_command_that_fails_is_no_measurement() -> None:
    failing = [sys.executable, "-c", "raise SystemExit(3)"]
    assert harness.cost(failing, fine=(0, 3)).cpu_s > 0
    with pytest.raises(RuntimeError, match="ended with 3"):
        harness.cost(failing)


def test_the_family_of_a_process_and_its_cpu_time_by_role() -> None:
    burn = BURN.format(seconds=0.1) + "print(os.getpid(), flush=True); sys.stdin.read()"
    forked = f"import os\nif os.fork() == 0:\n{textwrap.indent(burn, '    ')}\nelse:\n    os.wait()"
    with subprocess.Popen(
        [sys.executable, "-c", forked, family.ENGINE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        worker = int(child.stdout.readline())
        assert {child.pid, worker} <= {*family.descendants(os.getpid())}
        assert [family.role(pid) for pid in (child.pid, worker)] == ["host", "worker"]
        assert family.cpu_by_role(os.getpid())["worker"] >= 0.09
        assert family.pss_mb(child.pid) > 1
        child.communicate()


def test_the_steady_state_counts_host_and_worker_or_the_only_process() -> None:
    ours = Steady(100, 2.0, {"worker": 1.0, "host": 0.25, "command": 0.75}, 150, 3.0)
    assert (ours.rate, ours.per_cpu_s, ours.per_cpu_s_all, ours.per_cpu_s_whole) == (50, 80, 50, 50)
    assert Steady(100, 2.0, {"command": 2.0}, 100, 2.0).per_cpu_s == 50


def test_benchmarked_commands_keep_their_bytecode(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("LOCUST_USERS", "7")
    assert not harness.environment(tmp_path).keys() & {"PYTHONDONTWRITEBYTECODE", "LOCUST_USERS"}
