"""CPU: how much of it there is, who else uses it, and whether it always runs at one speed."""

from __future__ import annotations

import os
from collections.abc import Iterator

from loadtui.doctor.examined_machine import ExaminedMachine
from loadtui.doctor.finding import Finding, Level
from loadtui.launch.cores import default_processes, usable_cores
from loadtui.machine.cgroup import cpu_quota, throttling
from loadtui.plurals import counted
from loadtui.verdict.remedy import MUCH

_NOUN = "processor"
STEAL_MUCH, STEAL_SOME = 0.05, 0.005
"""Shares of the CPU time."""
NAMED = 3
_NO_TURBO = "sys/devices/system/cpu/intel_pstate/no_turbo"
_BOOST = "sys/devices/system/cpu/cpufreq/boost"


def cores(machine: ExaminedMachine) -> Iterator[Finding]:
    usable, all_ = usable_cores(), os.cpu_count() or 1
    quota = cpu_quota(machine.root)
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else all_
    parts = [f"{usable} usable of {all_}"]
    if allowed < all_:
        parts.append(f"affinity allows {allowed}")
    if quota is not None:
        parts.append(f"the control group grants {quota:g}")
    found = "; ".join([*parts, f"a run starts {counted(default_processes(), 'worker')}"])
    if usable == 1:
        remedy = "worker, host and screen share a core and wait for one another: use more cores"
        yield Finding(_NOUN, "cores", "note", found, remedy)
    elif quota is not None and quota < all_:
        remedy = (
            "a group that has used up its share stands still for the rest of each period: raise it"
        )
        yield Finding(_NOUN, "cores", "note", found, remedy)
    else:
        yield Finding(_NOUN, "cores", "ok", found)


def throttled(machine: ExaminedMachine) -> Iterator[Finding]:
    found = throttling(machine.root)
    if found is None:
        return
    remedy = "raise the CPU quota of the container, or run fewer workers"
    now = machine.second.throttled
    if now:
        said = f"{counted(now, 'period')} in the last second"
        yield Finding(_NOUN, "throttling", "problem", said, remedy)
    elif found.throttled:
        said = (
            f"{counted(found.throttled, 'period')} since the start, {found.seconds:.1f} s; none now"
        )
        yield Finding(_NOUN, "throttling", "note", said, remedy)
    else:
        yield Finding(_NOUN, "throttling", "ok", "none")


def neighbours(machine: ExaminedMachine) -> Iterator[Finding]:
    busy = machine.second.busy
    total = sum(process.cores for process in busy)
    most = ", ".join(
        f"{process.name} {process.cores:.2f}" for process in busy[:NAMED] if process.cores >= 0.01
    )
    found = f"others use {total:.2f} cores" + (f": {most}" if most else "")
    if total < MUCH:
        yield Finding(_NOUN, "neighbours", "ok", found)
        return
    level: Level = "problem" if total > usable_cores() / 2 else "note"
    remedy = "close them, or measure when they are done: latencies have their waiting in them"
    yield Finding(_NOUN, "neighbours", level, found, remedy)


def steal(machine: ExaminedMachine) -> Iterator[Finding]:
    stolen = machine.second.stolen
    if stolen is None:
        return
    found = f"{100 * stolen:.1f} % in the last second"
    if stolen < STEAL_SOME:
        yield Finding(_NOUN, "steal time", "ok", found)
        return
    level: Level = "problem" if stolen >= STEAL_MUCH else "note"
    remedy = "other virtual machines take the CPU: use one with cores of its own, or another time"
    yield Finding(_NOUN, "steal time", level, found, remedy)


def governor(machine: ExaminedMachine) -> Iterator[Finding]:
    found = sorted(set(machine.texts("sys/devices/system/cpu/cpu*/cpufreq/scaling_governor")))
    if not found:
        yield Finding(_NOUN, "governor", "ok", "none to be read, as on most virtual machines")
    elif found == ["performance"]:
        yield Finding(_NOUN, "governor", "ok", "performance")
    else:
        remedy = (
            "cores that slow down between requests answer the next one late",
            "sudo cpupower frequency-set -g performance",
        )
        yield Finding(_NOUN, "governor", "note", ", ".join(found), *remedy)


def turbo(machine: ExaminedMachine) -> Iterator[Finding]:
    off, boost = machine.number(_NO_TURBO), machine.number(_BOOST)
    if off is None and boost is None:
        return
    if off == 0 or (off is None and boost):
        file, value = (_NO_TURBO, 1) if off is not None else (_BOOST, 0)
        remedy = "speed follows heat and neighbours: off, two runs are closer to each other"
        command = f"echo {value} | sudo tee /{file}"
        yield Finding(_NOUN, "turbo", "note", "on", remedy, command)
    else:
        yield Finding(_NOUN, "turbo", "ok", "off")


PROCESSOR_CHECKS = (cores, throttled, neighbours, steal, governor, turbo)
