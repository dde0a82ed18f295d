"""What to do about a load generator that was the bottleneck: who used the CPU, and the ways out."""

from __future__ import annotations

from collections.abc import Iterator

from loadtui.plurals import counted
from loadtui.store.manifest import GeneratorLoad

MUCH = 0.25
"""Cores that others used from which on they are the first thing to look at."""


def remedy(load: GeneratorLoad, workers: int, *, cpu: bool, wait: bool) -> str:
    """Who used the CPU in the bad seconds, and what helps; `cpu` and `wait` say whether workers
    used up a core, and whether they waited for one: else their loops were late."""
    return f"{_users(load, workers)}: {', '.join(_ways(load, workers, cpu, wait))}"


def _users(load: GeneratorLoad, workers: int) -> str:
    shares = [f"this program's {counted(workers, 'worker')} used {load.workers:.1f}"]
    if load.host >= MUCH:
        shares.append(f"its host {load.host:.1f}")
    shares += [f"{other.name} {other.cores:.1f}" for other in load.others]
    return f"of {counted(load.cores, 'core')} {', '.join(shares)}"


def _ways(load: GeneratorLoad, workers: int, cpu: bool, wait: bool) -> Iterator[str]:
    others = [other for other in load.others if other.cores >= MUCH]
    if others:
        yield f"close {' and '.join(other.name for other in others)}"
    if workers > load.cores:
        yield f"no more than --processes {load.cores}"
    elif cpu and workers < load.cores:
        yield f"more workers (--processes {workers + 1})"
    elif wait and workers < load.cores:
        yield "--pin, which gives each worker a core"
    if not cpu and not wait and not others:
        yield "let no task compute or block for long without giving way"
    yield "fewer users or more think time (wait_time)"
    yield "or send from another machine"
