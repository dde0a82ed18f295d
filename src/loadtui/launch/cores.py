"""How many worker processes this machine has room for."""

from __future__ import annotations

import math
import os
from pathlib import Path


def usable_cores() -> int:
    """Cores this process may use: affinity and cgroup quota counted; at least 1."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    quota = _cgroup_quota()
    cores = allowed or 1
    return max(1, cores if quota is None else min(cores, math.ceil(quota)))


def default_processes() -> int:
    """Usable cores but one, which is left to the host and the viewer; at least 1."""
    return max(1, usable_cores() - 1)


def _cgroup_quota() -> float | None:
    """Cores granted by the CPU quotas of this process's cgroups (version 2), None without one."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return None
    own = next((line[3:] for line in lines if line.startswith("0::")), None)
    if own is None:
        return _quota_v1()
    root = Path("/sys/fs/cgroup")
    quotas = []
    folder = root / own.lstrip("/")
    while True:
        quota = _quota_v2(folder / "cpu.max")
        if quota is not None:
            quotas.append(quota)
        if folder == root or root not in folder.parents:
            break
        folder = folder.parent
    return min(quotas, default=None)


def _quota_v2(path: Path) -> float | None:
    try:
        granted, period = path.read_text().split()
        return None if granted == "max" else int(granted) / int(period)
    except (OSError, ValueError):
        return None


def _quota_v1() -> float | None:
    folder = Path("/sys/fs/cgroup/cpu")
    try:
        granted = int((folder / "cpu.cfs_quota_us").read_text())
        period = int((folder / "cpu.cfs_period_us").read_text())
    except (OSError, ValueError):
        return None
    return granted / period if granted > 0 else None
