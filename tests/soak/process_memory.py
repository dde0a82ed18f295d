"""Memory of processes over time, what they grew by, and what a command took."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MB = 1 << 20
LEAST_SAMPLES = 4
"""That growth can be read from."""


@dataclass(frozen=True)
class Held:
    """By one process, in MB of 2**20 bytes; both 0 when it is gone."""

    rss: float
    pss: float
    """Pages that are shared with other processes by their share."""


def held_by(pid: int) -> Held:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return Held(0.0, 0.0)
    kb = {
        line.split(":")[0]: int(line.split()[1])
        for line in text.splitlines()[1:]
        if line.endswith("kB")
    }
    return Held(kb.get("Rss", 0) / 1024, kb.get("Pss", 0) / 1024)


def growth(samples: Sequence[float]) -> float:
    """By how much the last quarter of the samples lies above the first, as medians of them.

    A single peak, of a garbage collection that is due or a file that is written, is in no median;
    what grows for good is in the last one, whether it grows by steps or all the time.  ValueError
    for fewer than four samples.
    """
    if len(samples) < LEAST_SAMPLES:
        raise ValueError(f"growth of {len(samples)} samples")
    quarter = len(samples) // 4
    return statistics.median(samples[-quarter:]) - statistics.median(samples[:quarter])


@dataclass(frozen=True)
class Took:
    """What a command took."""

    code: int
    wall_s: float
    cpu_s: float
    """Of it and of the processes that it waited for, as is memory."""
    peak_mb: float
    """Of the largest of them."""
    printed: str


def took(folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> Took:
    """Run `loadtui ...` in a folder to its end."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "loadtui", *arguments],
        cwd=folder,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    with process.stdout:
        printed = process.stdout.read().decode(errors="replace")
    _, status, spent = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Took(
        process.returncode,
        time.monotonic() - began,
        spent.ru_utime + spent.ru_stime,
        spent.ru_maxrss / 1024,
        printed,
    )
