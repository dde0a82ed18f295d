"""CPU: its amount, its neighbours, its speed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from loadtui.doctor import processor_checks
from loadtui.doctor.processor_checks import cores, governor, neighbours, steal, throttled, turbo
from loadtui.doctor.sampled_second import BusyProcess, SampledSecond
from tests.doctor.conftest import Look

Put = Callable[[str, str], Path]
CPU = "sys/devices/system/cpu"


def test_a_quota_is_told_and_what_to_do(
    put: Put, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processor_checks, "usable_cores", lambda: 3)
    monkeypatch.setattr(processor_checks.os, "cpu_count", lambda: 8)
    assert look(cores).level == "ok"
    put("proc/self/cgroup", "0::/\n")
    put("sys/fs/cgroup/cpu.max", "250000 100000\n")
    finding = look(cores)
    assert finding.level == "note"
    assert "3 usable of 8" in finding.found
    assert "the control group grants 2.5" in finding.found
    monkeypatch.setattr(processor_checks, "usable_cores", lambda: 1)
    assert "share a core" in look(cores).remedy


def test_throttling_now_is_a_problem_and_before_a_note(put: Put, look: Look) -> None:
    put("proc/self/cgroup", "0::/\n")
    stat = "nr_periods 90\nnr_throttled {}\nthrottled_usec 2500000\n"
    put("sys/fs/cgroup/cpu.stat", stat.format(0))
    assert look(throttled).level == "ok"
    put("sys/fs/cgroup/cpu.stat", stat.format(8))
    before, now = look(throttled), look(throttled, second=SampledSecond(throttled=2))
    assert (before.level, before.found) == ("note", "8 periods since the start, 2.5 s; none now")
    assert (now.level, now.found) == ("problem", "2 periods in the last second")


def test_the_three_that_use_most_are_named(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processor_checks, "usable_cores", lambda: 4)
    used = {"make": 1.5, "backup": 0.3, "editor": 0.2, "clock": 0.1, "idle": 0.001}
    busy = tuple(BusyProcess(name, share) for name, share in used.items())
    found = look(neighbours, second=SampledSecond(busy)).found
    assert found == "others use 2.10 cores: make 1.50, backup 0.30, editor 0.20"


@pytest.mark.parametrize(("share", "level"), [(0.1, "ok"), (0.25, "note"), (2.5, "problem")])
def test_neighbours_by_how_much_they_use(
    look: Look, share: float, level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processor_checks, "usable_cores", lambda: 4)
    assert look(neighbours, second=SampledSecond((BusyProcess("x", share),))).level == level


@pytest.mark.parametrize(("share", "level"), [(0.0, "ok"), (0.01, "note"), (0.2, "problem")])
def test_steal_time(look: Look, share: float, level: str) -> None:
    assert look(steal, second=SampledSecond(stolen=share)).level == level


def test_governor_and_turbo(put: Put, look: Look) -> None:
    assert look(governor).level == "ok"
    put(f"{CPU}/cpu0/cpufreq/scaling_governor", "performance\n")
    assert look(governor).found == "performance"
    put(f"{CPU}/cpu1/cpufreq/scaling_governor", "powersave\n")
    assert look(governor).command == "sudo cpupower frequency-set -g performance"
    put(f"{CPU}/cpufreq/boost", "1\n")
    assert look(turbo).command == "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost"
    put(f"{CPU}/intel_pstate/no_turbo", "1\n")
    assert look(turbo).level == "ok"
    put(f"{CPU}/intel_pstate/no_turbo", "0\n")
    assert look(turbo).command.startswith("echo 1 ")
