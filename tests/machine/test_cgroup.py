"""What control groups of both versions grant, read from folders as the system has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.machine.cgroup import Throttling, cpu_quota, memory_limit, memory_used, throttling


def put(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    """A machine whose processes are in the group /box/job of version 2."""
    put(tmp_path, "proc/self/cgroup", "0::/box/job\n")
    put(tmp_path, "sys/fs/cgroup/box/job/cpu.max", "max 100000\n")
    put(tmp_path, "sys/fs/cgroup/box/job/memory.max", "max\n")
    return tmp_path


def test_nothing_is_limited_where_nothing_is_said(tmp_path: Path, inside: Path) -> None:
    empty = tmp_path / "empty"
    for root in (empty, inside):
        assert (cpu_quota(root), memory_limit(root), memory_used(root)) == (None, None, None)
        assert throttling(root) is None


@pytest.mark.parametrize(
    ("text", "quota"),
    [("max 100000\n", None), ("150000 100000\n", 1.5), ("", None), ("odd\n", None)],
)
def test_the_quota_of_a_group_above_counts(inside: Path, text: str, quota: float | None) -> None:
    put(inside, "sys/fs/cgroup/box/cpu.max", text)
    assert cpu_quota(inside) == quota


def test_the_least_memory_of_all_groups(inside: Path) -> None:
    put(inside, "sys/fs/cgroup/box/memory.max", "1000000\n")
    put(inside, "sys/fs/cgroup/box/memory.current", "900000\n")
    put(inside, "sys/fs/cgroup/box/memory.stat", "anon 5\ninactive_file 300000\n")
    put(inside, "sys/fs/cgroup/memory.max", "4000000\n")
    assert (memory_limit(inside), memory_used(inside)) == (1_000_000, 600_000)


def test_throttled_periods_of_version_2(inside: Path) -> None:
    stat = "usage_usec 9\nnr_periods 40\nnr_throttled 7\nthrottled_usec 1500000\n"
    put(inside, "sys/fs/cgroup/box/job/cpu.stat", stat)
    assert throttling(inside) == Throttling(40, 7, 1.5)


def test_version_1(tmp_path: Path) -> None:
    put(tmp_path, "proc/self/cgroup", "4:memory:/box\n3:cpu,cpuacct:/box\n")
    put(tmp_path, "sys/fs/cgroup/cpu/cpu.cfs_quota_us", "250000\n")
    put(tmp_path, "sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n")
    put(
        tmp_path,
        "sys/fs/cgroup/cpu/cpu.stat",
        "nr_periods 9\nnr_throttled 2\nthrottled_time 5000000\n",
    )
    put(tmp_path, "sys/fs/cgroup/memory/memory.limit_in_bytes", "2000000\n")
    put(tmp_path, "sys/fs/cgroup/memory/memory.usage_in_bytes", "500000\n")
    assert cpu_quota(tmp_path) == 2.5
    assert memory_limit(tmp_path) == 2_000_000
    assert memory_used(tmp_path) == 500_000
    assert throttling(tmp_path) == Throttling(9, 2, 0.005)
    put(tmp_path, "sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n")
    put(tmp_path, "sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n")
    assert (cpu_quota(tmp_path), memory_limit(tmp_path)) == (None, None)
