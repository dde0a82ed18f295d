"""What happens on a machine in a second: read twice from /proc, and subtracted."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from loadtui.machine.cgroup import Throttling, throttling
from loadtui.machine.process_table import cpu_seconds, process_name

SAMPLE_S = 1.0
_STEAL = 7
"""Column of /proc/stat, after the name."""


class BusyProcess(NamedTuple):
    name: str
    cores: float


class SampledSecond(NamedTuple):
    """Of the whole machine, this process left out."""

    busy: tuple[BusyProcess, ...] = ()
    """By CPU, most first."""
    stolen: float | None = None
    """Share of the CPU time that the hypervisor gave to others; None where nobody counts."""
    swapped_pages: int | None = None
    """In and out together; None where nobody counts."""
    throttled: int | None = None
    """Periods in which this process's control group had used up its CPU."""
    wall_against_monotonic_s: float = 0.0
    """How much more the wall clock moved than the monotonic one."""


def sampled_second(
    root: Path = Path("/"), sleep: Callable[[float], object] = time.sleep
) -> SampledSecond:
    """Look, wait a second and look again."""
    before = _look(root)
    sleep(SAMPLE_S)
    after = _look(root)
    length = after.monotonic - before.monotonic
    ticks = after.total - before.total
    used = [
        BusyProcess(process_name(pid, root / "proc"), (cpu - before.cpu[pid]) / length)
        for pid, cpu in after.cpu.items()
        if cpu > before.cpu.get(pid, cpu) and pid != os.getpid()
    ]
    return SampledSecond(
        busy=tuple(sorted(used, key=lambda process: -process.cores)),
        stolen=(after.steal - before.steal) / ticks if ticks > 0 else None,
        swapped_pages=_difference(after.swapped, before.swapped),
        throttled=_difference(_periods(after.throttling), _periods(before.throttling)),
        wall_against_monotonic_s=(after.wall - before.wall) - length,
    )


class _Look(NamedTuple):
    monotonic: float
    wall: float
    cpu: dict[int, float]
    total: int
    """Ticks of all cores, 0 where nobody counts."""
    steal: int
    swapped: int | None
    throttling: Throttling | None


def _look(root: Path) -> _Look:
    ticks = _ticks(root / "proc/stat")
    return _Look(
        monotonic=time.monotonic(),
        wall=time.time(),
        cpu=cpu_seconds(root / "proc"),
        total=sum(ticks[: _STEAL + 1]),
        steal=ticks[_STEAL] if len(ticks) > _STEAL else 0,
        swapped=_swapped(root / "proc/vmstat"),
        throttling=throttling(root),
    )


def _ticks(path: Path) -> list[int]:
    try:
        first = path.read_text().splitlines()[0].split()
        return [int(field) for field in first[1:]] if first[0] == "cpu" else []
    except (OSError, IndexError, ValueError):
        return []


def _swapped(path: Path) -> int | None:
    try:
        pairs = dict(line.split() for line in path.read_text().splitlines())
        return int(pairs["pswpin"]) + int(pairs["pswpout"])
    except (OSError, KeyError, ValueError):
        return None


def _periods(found: Throttling | None) -> int | None:
    return None if found is None else found.throttled


def _difference(after: int | None, before: int | None) -> int | None:
    return None if after is None or before is None else after - before
