"""Clocks: what reading one costs, whether it is right, and whether it jumps."""

from __future__ import annotations

import contextlib
import ctypes
import time
from collections.abc import Iterator

from loadtui.doctor.examined_machine import ExaminedMachine
from loadtui.doctor.finding import Finding

_NOUN = "clock"
_SLOW = ("hpet", "acpi_pm", "jiffies", "pit", "refined-jiffies")
SLOW_NS = 1000
"""What reading a clock may cost: a request reads it a handful of times."""
STEP_S = 0.01
_READS = 2000
_UNSYNCHRONISED = 0x40
"""STA_UNSYNC of adjtimex(2)."""
_STATUS = 40 // 4
"""Where its status is, in ints, on systems of 64 bits."""


def source(machine: ExaminedMachine) -> Iterator[Finding]:
    name = machine.text("sys/devices/system/clocksource/clocksource0/current_clocksource")
    cost = _cost_ns()
    found = f"{name or 'unknown'}, {cost:.0f} ns a reading"
    if name in _SLOW or cost > SLOW_NS:
        remedy = "every latency has some readings in it; tsc is quick, where it is available"
        file = "/sys/devices/system/clocksource/clocksource0/current_clocksource"
        yield Finding(_NOUN, "source", "note", found, remedy, f"echo tsc | sudo tee {file}")
    else:
        yield Finding(_NOUN, "source", "ok", found)


def synchronised(machine: ExaminedMachine) -> Iterator[Finding]:
    known = _is_synchronised()
    if known is None:
        return
    if known:
        yield Finding(_NOUN, "synchronised", "ok", "yes")
        return
    remedy = (
        "latencies are not concerned; times beside a target's log are (a container may be unable "
        "to tell)",
        "sudo timedatectl set-ntp true",
    )
    yield Finding(_NOUN, "synchronised", "note", "not that the kernel knows", *remedy)


def steps(machine: ExaminedMachine) -> Iterator[Finding]:
    moved = machine.second.wall_against_monotonic_s
    found = f"the wall clock moved {1000 * moved:+.1f} ms against the monotonic one in a second"
    if abs(moved) > STEP_S:
        remedy = "something sets the clock: start times will be off; see what synchronises it"
        yield Finding(_NOUN, "steps", "problem", found, remedy, "timedatectl timesync-status")
    else:
        yield Finding(_NOUN, "steps", "ok", found)


def _cost_ns() -> float:
    """The least of some rounds: others are interrupted."""
    costs = []
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(_READS):
            time.monotonic()
        costs.append((time.perf_counter() - began) / _READS)
    return min(costs) * 1e9


def _is_synchronised() -> bool | None:
    """What the kernel says; None where it cannot be asked."""
    with contextlib.suppress(OSError, AttributeError):
        asked = (ctypes.c_int * 128)()
        if ctypes.CDLL(None).adjtimex(asked) >= 0 and ctypes.sizeof(ctypes.c_long) == 8:
            return not asked[_STATUS] & _UNSYNCHRONISED
    return None


CLOCK_CHECKS = (source, synchronised, steps)
