"""Memory that is free, allowed and swapped out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from loadtui.doctor.examined_machine import ExaminedMachine
from loadtui.doctor.memory_checks import MEMORY_CHECKS, free, limit, swap
from loadtui.doctor.sampled_second import SampledSecond
from tests.doctor.conftest import Look

Put = Callable[[str, str], Path]


def meminfo(available: int, swapped: int = 0) -> str:
    """Of a machine with 8 GB, in MB."""
    kb = {"MemTotal": 8_000, "MemAvailable": available, "SwapTotal": 2_000}
    kb["SwapFree"] = 2_000 - swapped
    return "".join(f"{name}: {1_000_000 * mb // 1024} kB\n" for name, mb in kb.items())


@pytest.mark.parametrize(("mb", "level"), [(4000, "ok"), (700, "note"), (250, "problem")])
def test_free_memory(put: Put, look: Look, mb: int, level: str) -> None:
    put("proc/meminfo", meminfo(mb))
    assert look(free).level == level
    assert " of 8.0 GB" in look(free).found


def test_a_limit_of_the_control_group(put: Put, look: Look) -> None:
    assert look(limit).level == "ok"
    put("proc/self/cgroup", "0::/\n")
    put("sys/fs/cgroup/memory.max", "1000000000")
    put("sys/fs/cgroup/memory.current", "900000000")
    assert look(limit).level == "problem"
    assert look(limit).found == "100 MB left of 1.0 GB (control group)"


def test_pages_that_move_are_a_problem(put: Put, look: Look) -> None:
    put("proc/meminfo", meminfo(4000))
    assert (look(swap).level, look(swap).found) == ("ok", "none in use")
    put("proc/meminfo", meminfo(4000, swapped=1500))
    assert (look(swap).level, look(swap).found) == ("note", "1.5 GB in use, nothing moves")
    assert look(swap, second=SampledSecond(swapped_pages=9)).level == "problem"


def test_a_system_that_tells_nothing(machine: ExaminedMachine, put: Put) -> None:
    for text in ("", "MemTotal: x kB\nnonsense"):
        put("proc/meminfo", text)
        assert [f.name for check in MEMORY_CHECKS for f in check(machine)] == ["limit"]
