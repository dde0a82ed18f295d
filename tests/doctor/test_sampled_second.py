"""What happened between two looks at /proc."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from loadtui.doctor.sampled_second import SampledSecond, sampled_second

Put = Callable[[str, str], Path]
TICKS = os.sysconf("SC_CLK_TCK")


def test_only_what_changed_counts(put: Put, tmp_path: Path) -> None:
    def stat(pid: int, ticks: int) -> None:
        put(f"proc/{pid}/stat", f"{pid} (x) S {'0 ' * 10}{ticks} 0\n")

    put("proc/self/cgroup", "0::/\n")
    put("sys/fs/cgroup/cpu.stat", "nr_periods 10\nnr_throttled 4\nthrottled_usec 5\n")
    put("proc/stat", "cpu  100 0 100 700 0 0 0 100 0 0\n")
    put("proc/vmstat", "pswpin 5\npswpout 7\n")
    for pid, name in ((11, "idle"), (12, "busy"), (os.getpid(), "ourselves")):
        put(f"proc/{pid}/comm", name)
        put(f"proc/{pid}/cmdline", name)
        stat(pid, 1000)

    def a_second(_: float) -> None:
        put("proc/stat", "cpu  150 0 100 720 0 0 0 130 0 0\n")
        put("proc/vmstat", "pswpin 6\npswpout 9\n")
        put("sys/fs/cgroup/cpu.stat", "nr_periods 20\nnr_throttled 7\nthrottled_usec 9\n")
        stat(12, 1000 + TICKS)
        stat(os.getpid(), 1000 + TICKS)

    second = sampled_second(tmp_path / "machine", a_second)
    assert [process.name for process in second.busy] == ["busy"]
    assert second.stolen == pytest.approx(0.3)
    assert (second.swapped_pages, second.throttled) == (3, 3)
    assert abs(second.wall_against_monotonic_s) < 0.5


def test_a_system_that_tells_nothing(tmp_path: Path) -> None:
    second = sampled_second(tmp_path, lambda _: None)
    assert second._replace(wall_against_monotonic_s=0.0) == SampledSecond()
