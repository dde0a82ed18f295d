"""How many worker processes this machine has room for."""

from __future__ import annotations

import math
import os

from loadtui.machine.cgroup import cpu_quota


def usable_cores() -> int:
    """Cores this process may use: affinity and cgroup quota counted; at least 1."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    quota = cpu_quota()
    cores = allowed or 1
    return max(1, cores if quota is None else min(cores, math.ceil(quota)))


def default_processes() -> int:
    """Usable cores but one, which is left to the host and the viewer; at least 1."""
    return max(1, usable_cores() - 1)
