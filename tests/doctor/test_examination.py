"""All checks together, on machines that tell nothing, or nonsense."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from loadtui.doctor.examination import CHECKS, examined
from loadtui.doctor.examined_machine import ExaminedMachine
from loadtui.doctor.sampled_second import sampled_second

Put = Callable[[str, str], Path]
FILES = (
    *("proc/self/cgroup", "proc/self/mounts", "proc/stat", "proc/vmstat", "proc/meminfo"),
    *("proc/net/sockstat", "proc/sys/net/ipv4/ip_local_port_range", "proc/77/stat"),
    *("proc/sys/net/ipv4/tcp_tw_reuse", "proc/sys/net/core/somaxconn", "proc/cpuinfo"),
    *("sys/fs/cgroup/cpu.max", "sys/fs/cgroup/cpu.stat", "sys/fs/cgroup/memory.max"),
    *("sys/fs/cgroup/memory.current", "sys/fs/cgroup/memory.stat", "proc/1/cgroup"),
    *("sys/devices/system/cpu/cpufreq/boost", "sys/class/dmi/id/sys_vendor"),
    "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
    "sys/devices/system/clocksource/clocksource0/current_clocksource",
)


def look(machine: ExaminedMachine) -> list[str]:
    second = sampled_second(machine.root, lambda _: None)
    return [finding.name for finding in examined(replace(machine, second=second))]


def test_a_machine_that_tells_nothing(machine: ExaminedMachine) -> None:
    names = look(machine)
    assert {"cores", "neighbours", "limit", "open files", "runs", "Python"} <= set(names)
    assert len(names) < len(CHECKS) + 10


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "x",
        "-1",
        "0",
        "9" * 5000,
        "a b c d e",
        "0::/",
        "TCP: tw tw",
        "1 2",
        "0 0",
        "cpu x",
    ],
)
def test_a_machine_that_tells_nonsense(machine: ExaminedMachine, put: Put, text: str) -> None:
    for name in FILES:
        put(name, text)
    assert "cores" in look(machine)
    put("proc/self/cgroup", "0::/\n")  # so that the files of its groups are looked for
    assert "cores" in look(machine)


def test_bytes_that_are_no_text(machine: ExaminedMachine, put: Put) -> None:
    for name in FILES:
        put(name, "").write_bytes(b"\xff\xfe 0::/\xff")
    assert "cores" in look(machine)
