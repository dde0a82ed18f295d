"""Whole simulated runs, drawn, kept and compared in numbers, by several processes at once.

A module of its own so that processes which are spawned can import it; they are never forked, since
polars does not survive that.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from loadtui.store.comparison import Comparison

PROCESSES = 2
METRICS = ("p50", "p95", "p99", "rps", "error_rate")
BASELINES = (1, 3, 5)
TOLERANCES = ("default", "tight")
Counts = Counter[tuple[object, ...]]


class Task(NamedTuple):
    """A share of one cell's comparisons."""

    folder: Path
    """To keep the runs in for as long as they are needed."""
    first_seed: int
    repeats: int
    requests: int
    seconds: int
    run_to_run: float
    endpoints: int = 1
    stall_ms: float = 80.0
    baseline_runs: int = 1
    shift: float = 1.0


def false_changes(task: Task) -> Counts:
    """Compare runs of the same build: (tolerances, baseline runs, metric, word) -> comparisons.

    Of six runs, each is used once for each number of baseline runs, so that the comparisons of a
    cell have no run in common.
    """
    counts: Counts = Counter()
    most = max(BASELINES) + 1
    for repeat in range(task.repeats):
        lot = _Lot(task, task.first_seed + repeat * most, [1.0] * most)
        for baseline_runs in BASELINES:
            size = baseline_runs + 1
            for at in range(0, most - size + 1, size):
                runs = range(at, at + size)
                for tolerances in TOLERANCES:
                    for row in lot.compared(runs[:-1], runs[-1], tolerances).rows:
                        if row.endpoint != "(total)":
                            counts[tolerances, baseline_runs, row.metric, row.word] += 1
        lot.remove()
    return counts


def power(task: Task) -> Counts:
    """Compare a slower build with its baseline: (metric, word) -> comparisons."""
    counts: Counts = Counter()
    size = task.baseline_runs + 1
    for repeat in range(task.repeats):
        factors = [1.0] * task.baseline_runs + [task.shift]
        lot = _Lot(task, task.first_seed + repeat * size, factors)
        for row in lot.compared(range(size - 1), size - 1, "default").rows:
            if row.endpoint != "(total)":
                counts[row.metric, row.word] += 1
        lot.remove()
    return counts


def false_fails(task: Task) -> Counts:
    """Compare runs of the same build with many endpoints: how often some latency of some endpoint
    fails (`fail`), and how often a gate that looks at the percentiles alone would (`naive`)."""
    counts: Counts = Counter()
    size = task.baseline_runs + 1
    for repeat in range(task.repeats):
        lot = _Lot(task, task.first_seed + repeat * size, [1.0] * size)
        compared = lot.compared(range(size - 1), size - 1, "default")
        rows = [row for row in compared.rows if row.metric in ("p50", "p95", "p99")]
        rows = [row for row in rows if row.endpoint != "(total)"]
        counts["tests",] += sum(row.p is not None for row in rows)
        counts["comparisons",] += 1
        counts["fail",] += any(row.status == "fail" for row in rows)
        counts["naive",] += any((row.change or 0.0) >= math.log(1.5) for row in rows)
        lot.remove()
    return counts


class _Lot:
    """Runs that were drawn together; each is written to its folder and read from there."""

    def __init__(self, task: Task, seed: int, factors: Sequence[float]) -> None:
        import msgspec

        from loadtui.plan.model import Plan, Stage, Tolerance
        from loadtui.simulate.profile import StallProfile, default_profile, shifted_profile
        from loadtui.simulate.simulated_run import simulate_run
        from loadtui.store.stored_run import Run
        from loadtui.verdict.sides import side_of_runs

        self._project = task.folder / f"{seed}"
        self._project.mkdir()
        locustfile = self._project / "promises.py"
        locustfile.write_text("import locust\n", encoding="utf-8")
        stages = (Stage("steady", 50, 50, task.seconds),)
        plan = Plan(name="promises", locustfiles=(str(locustfile),), stages=stages)
        tight = (
            *(Tolerance(one, fail="+2%", warn="+1%") for one in ("p50", "p95", "p99")),
            Tolerance("rps", fail="-2%", warn="-1%"),
            Tolerance("error_rate", fail="+0.02pp", warn="+0.01pp"),
        )
        self._plans = {"default": plan, "tight": msgspec.structs.replace(plan, tolerances=tight)}
        profile = msgspec.structs.replace(
            default_profile(plan, task.endpoints),
            run_to_run=task.run_to_run,
            stalls=StallProfile(mean_ms=task.stall_ms),
        )
        drawn = [
            simulate_run(
                plan,
                shifted_profile(profile, "*", by),
                seed + at,
                task.requests,
                project=self._project,
            )
            for at, by in enumerate(factors)
        ]
        self._sides = [side_of_runs([Run.open(run.folder)]) for run in drawn]

    def compared(self, base: Sequence[int], current: int, tolerances: str) -> Comparison:
        from loadtui.verdict.compare_sides import compare_sides
        from loadtui.verdict.sides import SideRuns

        sides = [self._sides[at] for at in base]
        together = SideRuns(sides[0].side, [run for side in sides for run in side.runs])
        return compare_sides(together, self._sides[current], self._plans[tolerances])

    def remove(self) -> None:
        shutil.rmtree(self._project)


def in_parallel(what: Callable[[Task], Counts], task: Task, repeats: int) -> Counts:
    """All repeats of a task, in pieces, by two processes with one thread each."""
    piece = max(1, repeats // (8 * PROCESSES))
    size = max(len(BASELINES) * 2, task.baseline_runs + 1)
    tasks = [
        task._replace(first_seed=task.first_seed + done * size, repeats=min(piece, repeats - done))
        for done in range(0, repeats, piece)
    ]
    # Threads of their own would only get into each other's way.
    os.environ["POLARS_MAX_THREADS"] = "1"
    spawn = multiprocessing.get_context("spawn")
    total: Counts = Counter()
    with ProcessPoolExecutor(PROCESSES, mp_context=spawn) as pool:
        for counts in pool.map(what, tasks):
            total.update(counts)
    return total


def interval(hits: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """The exact binomial interval of a share (Clopper and Pearson 1934, Biometrika 26:404)."""
    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else _root(lambda p: 1 - _at_most(hits - 1, trials, p) < tail)
    high = 1.0 if hits == trials else _root(lambda p: _at_most(hits, trials, p) > tail)
    return low, high


def _root(below: Callable[[float], bool]) -> float:
    """Where `below` turns from true to false in 0..1."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return low


def _at_most(hits: int, trials: int, p: float) -> float:
    """P(X <= hits) for a binomial X."""
    if p <= 0 or p >= 1:
        return float(p <= 0 or hits >= trials)
    return math.fsum(
        math.exp(
            math.lgamma(trials + 1)
            - math.lgamma(k + 1)
            - math.lgamma(trials - k + 1)
            + k * math.log(p)
            + (trials - k) * math.log1p(-p)
        )
        for k in range(hits + 1)
    )


def percent(hits: int, trials: int) -> str:
    """A share and its interval for people: `1.3 % (0.6 - 2.5 %), 8 of 600`."""
    low, high = interval(hits, trials)
    return f"{hits / trials:.1%} ({low:.1%} - {high:.1%}), {hits} of {trials}"
