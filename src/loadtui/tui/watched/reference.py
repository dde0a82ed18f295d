"""The baseline as a live screen needs it: what each metric was, and its curves by stage."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Literal

from loadtui.errors import UsageError
from loadtui.samples.estimate import Estimate, Key, Quantity
from loadtui.verdict.metric_limits import MetricLimits
from loadtui.verdict.thin_percentile import MIN_BEYOND

if TYPE_CHECKING:
    from loadtui.store.baseline import Baseline
    from loadtui.store.manifest import Manifest
    from loadtui.verdict.run_curves import CurveSeries

ToleranceLevel = Literal["", "warn", "fail"]


@dataclass(frozen=True)
class BaselineChange:
    """How far a number is from the baseline's; no verdict, which knows how sure it is."""

    amount: float
    """0.31 for +31 %, of a share 0.005 for +0.5 percentage points."""
    points: bool = False
    """True: `amount` is a difference of shares."""
    level: ToleranceLevel = ""
    """Which tolerance of the plan it is beyond."""


@dataclass(frozen=True)
class BaselineValues:
    """A metric in the baseline: the middle of its runs, on the quantity's working scale."""

    y: float
    quantity: Quantity
    limits: MetricLimits | None


@dataclass(frozen=True)
class Reference:
    """What a run is compared with.  Immutable, so that it can be read in a thread."""

    name: str
    runs: int = 0
    usual: Mapping[Key, BaselineValues] = field(default_factory=dict)
    curves: Mapping[str, CurveSeries] = field(default_factory=dict)
    """Stage -> what happened in it, of all requests, counted from its start."""
    incomparable: Mapping[str, str] = field(default_factory=dict)
    """Stage -> why it is not compared."""
    unreadable: str = ""
    """Why there is nothing to compare with at all, a sentence."""
    words: Mapping[str, str] | None = None
    """Endpoint -> the verdict's word on its p95, the gravest of all stages; None until the run was
    judged."""

    def change(
        self, stage: str, endpoint: str, metric: str, value: float | None, count: int
    ) -> BaselineChange | None:
        """How far a value made of `count` observations is from the baseline's; None where one of
        them does not exist, cannot be compared, or is made of too few."""
        usual = self.usual.get(Key(stage, endpoint, metric))
        if value is None or usual is None or stage in self.incomparable:
            return None
        quantity = usual.quantity
        if quantity.scale == "count" or count * (1 - (quantity.percentile or 0)) < MIN_BEYOND:
            return None
        try:
            moved = quantity.working(value) - usual.y
        except ValueError:
            return None
        if quantity.scale == "fraction":
            return BaselineChange(moved, True, _level(moved * quantity.worse, usual.limits))
        return BaselineChange(
            math.expm1(moved), False, _level(moved * quantity.worse, usual.limits)
        )


def _level(worse_by: float, limits: MetricLimits | None) -> ToleranceLevel:
    if limits is None or worse_by < limits.warn:
        return ""
    return "fail" if worse_by >= limits.fail else "warn"


def read_reference(path: Path, manifest: Manifest) -> Reference:
    """The baseline in a file, for the run of this manifest.  Blocks, for a thread; loads polars.

    A baseline that cannot be used says why and raises nothing.
    """
    from loadtui.store.baseline_file import read_baseline
    from loadtui.verdict.tolerances import limits_of, most_counted

    try:
        baseline = read_baseline(path)
        runs = baseline.estimates()
        middle = _middle(runs)
        quantities = {key: quantity for key, (_, quantity) in middle.items()}
        limits = limits_of(manifest.plan, quantities, most_counted(runs))
    except UsageError as error:
        return Reference(path.stem, unreadable=str(error))
    return Reference(
        name=baseline.name,
        runs=len(baseline.runs),
        usual={
            key: BaselineValues(y, quantity, limits.get(key))
            for key, (y, quantity) in middle.items()
        },
        curves=_curves(path),
        incomparable=_incomparable(baseline, manifest),
        words=_words(manifest),
    )


def _middle(runs: list[dict[Key, Estimate]]) -> dict[Key, tuple[float, Quantity]]:
    by_key: dict[Key, list[Estimate]] = {}
    for run in runs:
        for key, estimate in run.items():
            by_key.setdefault(key, []).append(estimate)
    return {
        key: (fmean(estimate.y for estimate in estimates), estimates[0].quantity)
        for key, estimates in by_key.items()
    }


def _curves(path: Path) -> dict[str, CurveSeries]:
    from loadtui.verdict.run_curves import RunCurves

    drawing = RunCurves.of_baseline(path)
    return {} if drawing is None else {stage: drawing.series(stage) for stage in drawing.stages}


def _incomparable(baseline: Baseline, manifest: Manifest) -> dict[str, str]:
    """By the rules of a verdict, as far as they can be told before the run's end."""
    from loadtui.store.comparison import Side
    from loadtui.verdict.comparability import incomparable, not_compared
    from loadtui.verdict.sides import (
        ComparedRun,
        SideRuns,
        StageFacts,
        side_of_baseline,
        stage_facts,
    )

    planned = {
        stage.name: StageFacts(stage.users, 0, math.ceil(stage.duration_s))
        for stage in manifest.plan.stages
    }
    base = side_of_baseline(baseline)
    stages = stage_facts(manifest) or planned or base.runs[-1].stages
    current = ComparedRun(
        run=manifest.run,
        estimates={},
        stages=stages,
        fingerprint=manifest.fingerprint,
        target=manifest.plan.target,
        machine=manifest.machine,
        versions=manifest.versions,
        workers=len(manifest.workers),
        fingerprint_parts=manifest.fingerprint_parts,
    )
    side = Side(manifest.run, "run", manifest.plan.name, manifest.provenance.kind, [manifest.run])
    sides = (base, SideRuns(side, [current]))
    nothing = "; ".join(not_compared(*sides, any_load=False))
    barred = incomparable(*sides, any_load=False)
    return {stage: nothing or one.why for stage, one in barred.items()}


def _words(manifest: Manifest) -> dict[str, str] | None:
    """What the verdict says of each endpoint's p95 and of what the plan names there; of what did
    not change nothing."""
    from loadtui.store.comparison import VERDICT_WORDS

    if manifest.comparison is None:
        return None
    words: dict[str, str] = {}
    for row in manifest.comparison.rows:
        if row.word not in ("unchanged", "shown") and (row.metric == "p95" or row.named):
            known = words.get(row.endpoint)
            if known is None or VERDICT_WORDS.index(row.word) < VERDICT_WORDS.index(known):
                words[row.endpoint] = row.word
    return words
