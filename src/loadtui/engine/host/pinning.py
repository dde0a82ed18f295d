"""Keeping workers on cores of their own, away from the host and each other."""

from __future__ import annotations

import os
from collections.abc import Sequence


def cpu_shares(cores: Sequence[int], workers: int) -> tuple[list[int], list[int]]:
    """(core of each worker, cores of the host): the host keeps the first core and what is left.

    With more workers than cores beside the first, workers share those; with a single core there
    is nothing to keep apart and everybody gets it.
    """
    if len(cores) < 2:
        return list(cores) * workers, list(cores)
    theirs = list(cores[1:])
    given = [theirs[index % len(theirs)] for index in range(workers)]
    return given, [core for core in cores if core not in given]


def pin_apart(pids: Sequence[int]) -> None:
    """Pin these worker processes and this one; does nothing where the platform cannot."""
    if not hasattr(os, "sched_setaffinity"):
        return
    given, own = cpu_shares(sorted(os.sched_getaffinity(0)), len(pids))
    for pid, core in zip(pids, given, strict=True):
        os.sched_setaffinity(pid, {core})
    os.sched_setaffinity(0, own)
