"""Comparing runs with baselines and with each other: the verdict, and the curves behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from loadtui.errors import UsageError
from loadtui.plurals import counted
from loadtui.tui.project.run_rows import RunRow

if TYPE_CHECKING:
    from loadtui.store.comparison import Comparison
    from loadtui.store.stored_run import Run
    from loadtui.verdict.run_curves import CurveSeries, PercentileCurve, RunCurves

_FINEST, _COARSEST = 1, 10
"""Seconds that two runs are drawn in as one; baselines are drawn in ten."""
_STEPS = 120
"""Steps that a run is drawn in, when it is short enough."""
_NEW_ERRORS = 20


@dataclass(frozen=True)
class SideRef:
    """One side: a baseline's file or a run's folder."""

    kind: Literal["baseline", "run"]
    name: str
    path: Path


@dataclass(frozen=True)
class SideCandidate:
    """Something that can be a side, and what a person needs to know to pick it."""

    ref: SideRef
    plan: str
    detail: str


@dataclass(frozen=True)
class ComparisonResult:
    """A judged comparison of two sides."""

    base: SideRef
    run: SideRef
    comparison: Comparison
    new_errors: tuple[str, ...] | None
    """Failures of a kind that the base has not; None when the base, a baseline, has none."""
    stages: tuple[str, ...]
    """Those of the run, in order."""


@dataclass(frozen=True)
class StagePair:
    """A stage over time on both sides; None where a side has none of it."""

    stage: str
    base: CurveSeries | None
    run: CurveSeries | None


@dataclass(frozen=True)
class ComparisonCurves:
    """What charts show of one endpoint (or of all requests)."""

    base_curve: PercentileCurve | None
    run_curve: PercentileCurve | None
    """By percentile, in one stage."""
    over_time: tuple[StagePair, ...]


class Comparer(Protocol):
    def suggestion(self) -> tuple[SideRef, SideRef] | None:
        """Base and run that are worth comparing when nobody has picked any."""

    def candidates(self) -> list[SideCandidate]:
        """Baselines, then runs, newest first."""

    def against_baseline(self, run: Path) -> tuple[SideRef, SideRef]:
        """A run and the baseline of its plan; UsageError when there is none."""

    def compare(self, base: SideRef, run: SideRef, any_load: bool) -> ComparisonResult:
        """UsageError when they cannot be compared at all."""

    def draw(self, result: ComparisonResult, stage: str, endpoint: str | None) -> ComparisonCurves:
        """Curves of a stage and an endpoint (None: all requests)."""


class ProjectComparer:
    """The comparisons of a project's folder, its runs given by `runs`."""

    def __init__(self, project: Path, runs: Callable[[], list[RunRow]]) -> None:
        self._project = project
        self._runs = runs
        self._drawings: dict[tuple[SideRef, int], RunCurves | None] = {}
        self._lock = threading.Lock()

    def suggestion(self) -> tuple[SideRef, SideRef] | None:
        runs = [run for run in self._runs() if _comparable(run)]
        for run in runs:
            base = self._baseline_of(run.plan)
            # No baseline is simulated, and kinds of numbers are never compared with each other.
            if base is not None and run.provenance == "measured":
                return base, run_ref(run)
        for at, run in enumerate(runs):
            for other in runs[at + 1 :]:
                if (other.plan, other.provenance) == (run.plan, run.provenance):
                    return run_ref(other), run_ref(run)
        return None

    def candidates(self) -> list[SideCandidate]:
        from loadtui.store.baseline import Baseline
        from loadtui.store.baseline_file import baseline_path, list_baselines
        from loadtui.store.run_folder import baselines_root

        root = baselines_root(self._project)
        candidates = [
            SideCandidate(
                SideRef("baseline", baseline.name, baseline_path(root, baseline.name)),
                baseline.plan,
                f"baseline, {counted(len(baseline.runs), 'run')}, {baseline.provenance}",
            )
            for baseline in list_baselines(root)
            if isinstance(baseline, Baseline)
        ]
        for run in self._runs():
            if _comparable(run):
                detail = f"{run.verdict or run.state}, {run.provenance}"
                candidates.append(SideCandidate(run_ref(run), run.plan, detail))
        return candidates

    def against_baseline(self, run: Path) -> tuple[SideRef, SideRef]:
        from loadtui.store.stored_run import Run

        opened = Run.open(run)
        plan = opened.manifest.plan.name
        base = self._baseline_of(plan)
        if base is None:
            raise UsageError(
                f"plan {plan} has no baseline: promote a run of it, or select two runs to compare"
            )
        return base, SideRef("run", opened.id, run)

    def compare(self, base: SideRef, run: SideRef, any_load: bool) -> ComparisonResult:
        from loadtui.verdict.compare_sides import compare_sides, priors_for
        from loadtui.verdict.sides import both_sides, stage_facts

        opened = _opened(run)
        of_base = base.path if base.kind == "baseline" else _opened(base)
        base_side, current = both_sides(of_base, [opened])
        comparison = compare_sides(
            base_side,
            current,
            opened.manifest.plan,
            priors=priors_for(self._project, opened.manifest),
            any_fingerprint=any_load,
        )
        return ComparisonResult(
            base=base,
            run=run,
            comparison=comparison,
            new_errors=None if base.kind == "baseline" else new_errors(_opened(base), opened),
            stages=tuple(stage_facts(opened.manifest)),
        )

    def draw(self, result: ComparisonResult, stage: str, endpoint: str | None) -> ComparisonCurves:
        base, run = self._drawn(result.base, result.run), self._drawn(result.run, result.base)
        return ComparisonCurves(
            base_curve=None if base is None else base.percentile_curve(stage, endpoint),
            run_curve=None if run is None else run.percentile_curve(stage, endpoint),
            over_time=tuple(
                StagePair(
                    name,
                    base.series(name, endpoint) if base and name in base.stages else None,
                    run.series(name, endpoint) if run and name in run.stages else None,
                )
                for name in result.stages
            ),
        )

    def _drawn(self, ref: SideRef, other: SideRef) -> RunCurves | None:
        """The drawing of a side, in steps that both sides can have; cached while it is seen."""
        from loadtui.verdict.run_curves import RunCurves

        step = _COARSEST
        if "baseline" not in (ref.kind, other.kind):
            length = max(_opened(side).manifest.duration_s for side in (ref, other))
            step = max(_FINEST, min(_COARSEST, round(length / _STEPS)))
        key = (ref, step)
        with self._lock:
            if key not in self._drawings:
                self._drawings = {k: v for k, v in self._drawings.items() if k[0] in (ref, other)}
                if ref.kind == "baseline":
                    self._drawings[key] = RunCurves.of_baseline(ref.path)
                else:
                    self._drawings[key] = RunCurves.of_run(_opened(ref), step)
            return self._drawings[key]

    def _baseline_of(self, plan: str) -> SideRef | None:
        from loadtui.store.baseline_file import baseline_path
        from loadtui.store.run_folder import baselines_root

        try:
            path = baseline_path(baselines_root(self._project), plan)
        except UsageError:
            return None
        return SideRef("baseline", plan, path) if path.is_file() else None


def new_errors(base: Run, run: Run) -> tuple[str, ...]:
    """Kinds of failures of a run that the base has not, the most frequent first.

    Numbers in messages are not told apart, as ports and ids make every message a new one.
    """
    before = {_kind(*row) for row in base.errors().select("method", "name", "message").iter_rows()}
    rows = run.errors().select("method", "name", "message", "count").iter_rows()
    new = [
        f"{count}× {method} {name}: {message}"
        for method, name, message, count in rows
        if _kind(method, name, message) not in before
    ]
    return tuple(new[:_NEW_ERRORS])


def run_ref(run: RunRow) -> SideRef:
    return SideRef("run", run.run, run.folder)


def _kind(method: str, name: str, message: str) -> tuple[str, str, str]:
    return method, name, "".join("#" if c.isdigit() else c for c in message)


def _comparable(run: RunRow) -> bool:
    return not (run.active or run.problem or run.invalid) and run.state in (
        "finished",
        "interrupted",
    )


def _opened(ref: SideRef) -> Run:
    from loadtui.store.stored_run import Run

    return Run.open(ref.path)
