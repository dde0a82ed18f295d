"""A process that makes trials, beside others: each has a target, and a bench, of its own."""

from __future__ import annotations

import os
from multiprocessing.util import Finalize
from pathlib import Path

from tests.nth_call.fault import Fault
from tests.nth_call.occasion import OCCASIONS
from tests.nth_call.trial import Bench, Trial
from tests.support.servers import Nginx
from tests.support.tools import need_tool

_bench: Bench


def prepare(folder: Path, library: Path, made: Path) -> None:
    """Once in each process: a target, whose count is that of one run."""
    global _bench
    target = Nginx(need_tool("nginx"), folder / f"target {os.getpid()}")
    target.__enter__()
    # Processes of multiprocessing do not run what atexit knows.
    Finalize(None, target.__exit__, (None, None, None), exitpriority=1)
    _bench = Bench(folder, library, made, target)


def tried(name: str, fault: Fault | None) -> Trial:
    """One trial of the occasion of that name."""
    [occasion] = [one for one in OCCASIONS if one.name == name]
    return _bench.trial(occasion, fault)
