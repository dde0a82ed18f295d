"""The processes of this machine as /proc tells of them: CPU seconds by pid, and names for people.

Where there is no /proc there are no processes.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

PROC = Path("/proc")
_INTERPRETERS = ("python", "node", "ruby", "perl")
_TICKS = os.sysconf("SC_CLK_TCK")


def process_name(pid: int, proc: Path = PROC) -> str:
    """What a person calls a process: the program, and of an interpreter what it runs."""
    try:
        words = (proc / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
        comm = (proc / str(pid) / "comm").read_text(errors="replace").strip()
    except OSError:
        return "a process that has ended"
    program = words[0].rpartition("/")[2]
    if program.startswith(_INTERPRETERS):
        return f"{program} {_script(words[1:])}".strip()
    return comm or program or f"process {pid}"


def cpu_seconds(proc: Path = PROC) -> dict[int, float]:
    """CPU seconds of every process so far, by pid."""
    used = {}
    try:
        entries = [entry for entry in os.listdir(proc) if entry.isdigit()]  # noqa: PTH208
    except OSError:
        return {}
    for entry in entries:
        try:
            with open(f"{proc}/{entry}/stat", "rb") as file:  # noqa: PTH123
                fields = file.read().rpartition(b")")[2].split()
            used[int(entry)] = (int(fields[11]) + int(fields[12])) / _TICKS
        except (OSError, IndexError, ValueError):
            continue
    return used


def _script(words: Sequence[str]) -> str:
    """What an interpreter runs, by its arguments."""
    for at, word in enumerate(words):
        if word in ("-c", "-e"):
            return word
        if word == "-m":
            return " ".join(words[at : at + 2])
        if word and not word.startswith("-"):
            return word.rpartition("/")[2][:40]
    return ""
