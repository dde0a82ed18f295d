"""The control groups that this process is in: what they grant of CPU and memory (Linux).

Version 2 where there is one, else the folders of version 1 that containers have.  A limit of any
group on the way up counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path("/")
_NO_LIMIT_V1 = 1 << 60
"""Version 1 writes a number near 2**63 where nothing is limited."""


class Throttling(NamedTuple):
    """How often a group had used up its share of CPU and had to wait."""

    periods: int
    throttled: int
    seconds: float
    """Time spent waiting."""


def cpu_quota(root: Path = ROOT) -> float | None:
    """Cores granted by the CPU quotas of this process's groups, None without one."""
    folders = list(_folders_v2(root))
    if not folders:
        return _quota_v1(root / "sys/fs/cgroup/cpu")
    quotas = [_quota_v2(folder / "cpu.max") for folder in folders]
    return min((quota for quota in quotas if quota is not None), default=None)


def memory_limit(root: Path = ROOT) -> int | None:
    """Bytes that this process's groups may use, None without a limit."""
    folders = list(_folders_v2(root))
    if not folders:
        limit = _number(root / "sys/fs/cgroup/memory/memory.limit_in_bytes")
        return None if limit is None or limit >= _NO_LIMIT_V1 else limit
    limits = [_number(folder / "memory.max") for folder in folders]
    return min((limit for limit in limits if limit is not None), default=None)


def memory_used(root: Path = ROOT) -> int | None:
    """Bytes that the group with the least limit uses, what can be given back left out; None where
    there is no limit."""
    limited = [
        (limit, folder)
        for folder in _folders_v2(root)
        if (limit := _number(folder / "memory.max")) is not None
    ]
    if limited:
        folder = min(limited)[1]
        used = _number(folder / "memory.current")
        cache = _values(folder / "memory.stat").get("inactive_file", 0)
    else:
        folder = root / "sys/fs/cgroup/memory"
        used = _number(folder / "memory.usage_in_bytes")
        cache = _values(folder / "memory.stat").get("total_inactive_file", 0)
    return None if used is None else max(used - cache, 0)


def throttling(root: Path = ROOT) -> Throttling | None:
    """Of this process's own group so far; None where nobody counts."""
    own = next(_folders_v2(root), root / "sys/fs/cgroup/cpu")
    values = _values(own / "cpu.stat")
    if "nr_throttled" not in values:
        return None
    nanoseconds = values.get("throttled_time", 1000 * values.get("throttled_usec", 0))
    return Throttling(values.get("nr_periods", 0), values["nr_throttled"], nanoseconds / 1e9)


def _quota_v2(path: Path) -> float | None:
    """Cores that a file `cpu.max` grants, None for no limit."""
    try:
        granted, period = path.read_text().split()
        return None if granted == "max" else int(granted) / int(period)
    except (OSError, ValueError, ZeroDivisionError):
        return None


def _folders_v2(root: Path) -> Iterator[Path]:
    """The folder of this process's group of version 2 and those above it; none without one."""
    try:
        lines = (root / "proc/self/cgroup").read_text(errors="replace").splitlines()
    except OSError:
        return
    own = next((line[3:] for line in lines if line.startswith("0::")), None)
    if own is None:
        return
    top = root / "sys/fs/cgroup"
    folder = top / own.lstrip("/")
    while True:
        yield folder
        if folder == top or top not in folder.parents:
            return
        folder = folder.parent


def _quota_v1(folder: Path) -> float | None:
    granted = _number(folder / "cpu.cfs_quota_us")
    period = _number(folder / "cpu.cfs_period_us")
    return granted / period if granted and period and granted > 0 else None


def _number(path: Path) -> int | None:
    """The number in a file; None for another word, as `max`, or without a file."""
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


def _values(path: Path) -> dict[str, int]:
    """A file of lines `name number`."""
    try:
        pairs = [line.split() for line in path.read_text().splitlines()]
        return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2}
    except (OSError, ValueError):
        return {}
