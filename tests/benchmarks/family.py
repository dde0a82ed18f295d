"""CPU time and memory of a process and all that descend from it, read from /proc (Linux)."""

from __future__ import annotations

import os
from pathlib import Path

PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
ENGINE = "loadtui.engine"
"""What the command lines of a run's host and workers contain; everything else is the command."""


def descendants(pid: int) -> list[int]:
    """Pids of all that descend from this process, without itself."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields:
                children.setdefault(int(fields[1]), []).append(int(entry.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        mine = children.get(waiting.pop(), [])
        found += mine
        waiting += mine
    return found


def role(pid: int) -> str:
    """`worker`, `host` or `command`; workers are forked from their host."""
    if ENGINE not in _words(pid):
        return "command"
    fields = _stat(pid)
    return "worker" if fields and ENGINE in _words(int(fields[1])) else "host"


def cpu_by_role(pid: int) -> dict[str, float]:
    """Seconds of user and system time so far of the descendants that live, by role."""
    spent: dict[str, float] = {}
    for one in descendants(pid):
        fields = _stat(one)
        if fields:
            name = role(one)
            spent[name] = spent.get(name, 0.0) + (int(fields[11]) + int(fields[12])) / _TICKS
    return spent


def pss_mb(pid: int) -> float:
    """Memory of one process in MiB, shared pages by their share; 0 when it is gone."""
    try:
        text = (PROC / str(pid) / "smaps_rollup").read_text()
    except OSError:
        return 0.0
    line = next(line for line in text.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) / 1024


def _words(pid: int) -> list[str]:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the state on: 1 is the parent, 11 and 12 are CPU ticks."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
