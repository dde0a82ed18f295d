"""The machine for one test: those that measure time need it for themselves."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.tools import in_ci

BUSY_PERCENT = 20.0


@contextlib.contextmanager
def hold_machine(folder: Path, *, alone: bool) -> Iterator[None]:
    """Hold the machine together with other tests, or alone, across processes.

    `folder` is one that all processes share.  Who waits holds the turn, or a test
    that wants to be alone would wait for as long as the others come and go.
    """
    with (folder / "turn.lock").open("a") as turn, (folder / "machine.lock").open("a") as machine:
        fcntl.flock(turn, fcntl.LOCK_EX)
        fcntl.flock(machine, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(turn, fcntl.LOCK_UN)
        yield


def skip_if_busy() -> None:
    """Skip a test that failed for lack of time when the machine has other work to do, by Linux's
    own account: the share of the last ten seconds in which some process waited for a CPU.  With CI
    set nothing is skipped: there the machine is to be quiet."""
    try:
        some = Path("/proc/pressure/cpu").read_text().split()[1]
    except OSError:
        return
    percent = float(some.removeprefix("avg10="))
    if percent > BUSY_PERCENT and not in_ci():
        pytest.skip(f"the machine is busy: processes wait for a CPU {percent:.0f} % of the time")
