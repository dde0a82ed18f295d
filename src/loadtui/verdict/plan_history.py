"""How every metric of a plan went from run to run, and where it changed for good.

It informs and never gates.  Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from loadtui.errors import UsageError
from loadtui.samples.estimate import Key, Quantity
from loadtui.store.baseline_file import promoted_runs
from loadtui.store.manifest import Manifest
from loadtui.store.run_list import list_runs
from loadtui.store.stored_run import Run
from loadtui.verdict.change_points import change_points
from loadtui.verdict.compared_percentiles import compared_percentiles
from loadtui.verdict.estimates import run_estimates, stage_names

MOST_RUNS = 200
"""The newest runs that are looked at."""


class LevelChange(NamedTuple):
    """A metric has another level from a run on."""

    run: str
    """The first run of the new level."""
    change: float
    """As a share of the old level; a difference for fractions and counts."""
    worse: bool
    p: float


class MetricHistory(NamedTuple):
    """One metric of one stage and endpoint, run by run."""

    key: Key
    quantity: Quantity
    values: list[float | None]
    """One a run, in the unit people read; None where a run did not have it."""
    changes: list[LevelChange]


class HistoryRun(NamedTuple):
    run: str
    started: str
    commit: str
    promoted: bool
    """Part of the plan's baseline."""


class PlanHistory(NamedTuple):
    plan: str
    provenance: str
    fingerprint: str
    runs: list[HistoryRun]
    """Oldest first."""
    metrics: list[MetricHistory]
    left_out: list[str]
    """Sentences: runs of this load that are not among them, and why."""


def read_plan_history(
    run: Run, saved: Iterable[Run], promoted: Collection[str] = ()
) -> PlanHistory:
    """The history up to and including every valid run of the same load as `run`.

    `kept` are the runs of the project, `promoted` the ids of those in the plan's baseline.  Runs
    of another kind (simulated, imported) than `run` are not its history.  Raises UsageError when
    `run` itself cannot be read.
    """
    of = run.manifest
    alike = sorted(
        (candidate for candidate in saved if _alike(candidate.manifest, of)), key=_started
    )
    percentiles = compared_percentiles([of])
    used, estimates_of, left_out = [], [], []
    for candidate in alike[-MOST_RUNS:]:
        try:
            if why := _unusable(candidate.manifest):
                raise UsageError(f"run {candidate.id} {why}")
            # A run of its own, so that its tables are not kept in memory.
            estimates = run_estimates(Run(candidate.folder, candidate.manifest), percentiles)
            estimates_of.append({key: (own.y, own.quantity) for key, own in estimates.items()})
            used.append(candidate.manifest)
        except UsageError as error:
            left_out.append(str(error))
    if len(alike) > MOST_RUNS:
        left_out.append(f"{len(alike) - MOST_RUNS} older runs")
    quantities: dict[Key, Quantity] = {}
    for of_run in estimates_of:
        for key, (_, quantity) in of_run.items():
            quantities.setdefault(key, quantity)
    ids = [manifest.run for manifest in used]
    metrics = []
    for key, quantity in sorted(quantities.items(), key=_stage_order(used)):
        series = [own[key][0] if key in own else None for own in estimates_of]
        metrics.append(_metric_history(key, quantity, series, ids))
    return PlanHistory(
        plan=of.plan.name,
        provenance=of.provenance.kind,
        fingerprint=of.fingerprint,
        runs=[_history_run(manifest, promoted) for manifest in used],
        metrics=metrics,
        left_out=left_out,
    )


def plan_history_beside(run: Run, baselines: Path) -> PlanHistory:
    """The history of a run among those kept beside it, the promoted ones told by the plan's
    baseline in the folder `baselines`; UsageError as `history`."""
    saved = [entry for entry in list_runs(run.folder.parent) if isinstance(entry, Run)]
    return read_plan_history(run, saved, promoted_runs(baselines, run.manifest.plan.name))


def _stage_order(used: Sequence[Manifest]) -> Callable[[tuple[Key, Quantity]], tuple[int, Key]]:
    """Sorts by stage as they are run, then by endpoint and metric."""
    stages = [name for manifest in reversed(used) for name in stage_names(manifest.stages)]
    order = {stage: at for at, stage in reversed([*enumerate(stages)])}
    return lambda item: (order[item[0].stage], item[0])


def _metric_history(
    key: Key, quantity: Quantity, series: Sequence[float | None], ids: Sequence[str]
) -> MetricHistory:
    at = [index for index, y in enumerate(series) if y is not None]
    ys = [y for y in series if y is not None]
    changes = []
    for point in change_points(ys):
        moved = point.after - point.before
        share = math.expm1(moved) if quantity.scale == "log" else moved
        worse = moved * quantity.worse > 0
        changes.append(LevelChange(ids[at[point.start]], share, worse, point.p))
    values = [None if y is None else quantity.natural(y) for y in series]
    return MetricHistory(key, quantity, values, changes)


def _alike(manifest: Manifest, other: Manifest) -> bool:
    return (manifest.plan.name, manifest.fingerprint, manifest.provenance.kind) == (
        other.plan.name,
        other.fingerprint,
        other.provenance.kind,
    )


def _unusable(manifest: Manifest) -> str:
    if manifest.state != "finished":
        return f"is {manifest.state}"
    if not manifest.validity.valid:
        return "is invalid"
    return "was steered by hand" if manifest.steered else ""


def _started(run: Run) -> tuple[str, str]:
    return run.manifest.started, run.id


def _history_run(manifest: Manifest, promoted: Collection[str]) -> HistoryRun:
    git = manifest.git
    commit = "" if git is None else git.commit[:10] + ("+" if git.dirty else "")
    return HistoryRun(manifest.run, manifest.began or "", commit, manifest.run in promoted)
