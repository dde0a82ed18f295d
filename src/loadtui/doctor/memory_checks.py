"""Memory: what is free, what a control group allows, and swapping."""

from __future__ import annotations

from collections.abc import Iterator

from loadtui.doctor.examined_machine import ExaminedMachine
from loadtui.doctor.finding import Finding
from loadtui.machine.cgroup import memory_limit, memory_used

_NOUN = "memory"
LEAST_FREE_BYTES = 300_000_000
"""For a host, its workers and the screen, without users."""
FREE_SHARE = 0.10
_FEWER = "close what is not needed; a thousand users take some 20 MB, larger answers more"


def free(machine: ExaminedMachine) -> Iterator[Finding]:
    known = _meminfo(machine)
    if "MemAvailable" not in known or not known.get("MemTotal"):
        return
    available, total = known["MemAvailable"], known["MemTotal"]
    yield _judged("free", available, total, f"{_size(available)} of {_size(total)}")


def limit(machine: ExaminedMachine) -> Iterator[Finding]:
    allowed, used = memory_limit(machine.root), memory_used(machine.root)
    if allowed is None or used is None:
        yield Finding(_NOUN, "limit", "ok", "none of a control group")
        return
    found = f"{_size(allowed - used)} left of {_size(allowed)} (control group)"
    yield _judged("limit", allowed - used, allowed, found)


def swap(machine: ExaminedMachine) -> Iterator[Finding]:
    known = _meminfo(machine)
    if "SwapTotal" not in known:
        return
    used = known["SwapTotal"] - known.get("SwapFree", 0)
    if machine.second.swapped_pages:
        found = f"{machine.second.swapped_pages} pages moved in the last second"
        remedy = "a process that waits for its memory stands still: free some, then empty the swap"
        command = "sudo swapoff -a && sudo swapon -a"
        yield Finding(_NOUN, "swap", "problem", found, remedy, command)
    elif used > FREE_SHARE * known.get("MemTotal", 0):
        remedy = "what was swapped out is slow at first: a run before the one that counts warms it"
        yield Finding(_NOUN, "swap", "note", f"{_size(used)} in use, nothing moves", remedy)
    else:
        yield Finding(_NOUN, "swap", "ok", f"{_size(used)} in use" if used else "none in use")


def _judged(name: str, left: int, of: int, found: str) -> Finding:
    if left < LEAST_FREE_BYTES:
        return Finding(_NOUN, name, "problem", found, f"a worker may be killed: {_FEWER}")
    if left < FREE_SHARE * of:
        return Finding(_NOUN, name, "note", found, _FEWER)
    return Finding(_NOUN, name, "ok", found)


def _meminfo(machine: ExaminedMachine) -> dict[str, int]:
    """Bytes by name."""
    known = {}
    for line in (machine.text("proc/meminfo") or "").splitlines():
        name, _, value = line.partition(":")
        words = value.split()
        if words and words[0].isdigit():
            known[name] = int(words[0]) * 1024
    return known


def _size(number: int) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.0f} MB"


MEMORY_CHECKS = (free, limit, swap)
