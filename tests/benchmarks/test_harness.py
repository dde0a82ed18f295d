from __future__ import annotations

import sys

import pytest

import harness
from harness import Cost, Load

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


def test_the_report_compares_requests_per_cpu_second() -> None:
    a = [Load(1000, Cost(2.0, 5.0)), Load(3000, Cost(2.0, 5.0))]
    b = [Load(500, Cost(2.0, 5.0)), Load(1000, Cost(2.0, 5.0))]
    assert harness.report("ours", a, "theirs", b).splitlines()[1:] == [
        "ours    500 - 1000 - 1500",
        "theirs  250 - 375 - 500",
        "ratio   2.00 - 2.50 - 3.00",
    ]


def test_runs_take_turns(capsys: pytest.CaptureFixture[str]) -> None:
    order: list[str] = []

    def run(name: str, requests: int) -> Load:
        order.append(name)
        return Load(requests, Cost(1.0, 1.0))

    a, b = harness.in_turn(2, lambda: run("a", 6), lambda: run("b", 3))
    assert order == ["a", "b", "a", "b"]
    assert [one.requests for one in a + b] == [6, 6, 3, 3]
    assert "ratio 2.00" in capsys.readouterr().err


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
