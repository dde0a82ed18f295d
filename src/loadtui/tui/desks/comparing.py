"""Comparing runs with baselines and with each other: the verdict, and the curves behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from loadtui.errors import UsageError
from loadtui.tui.desks.runs import RunEntry

if TYPE_CHECKING:
    from loadtui.store.comparison import Comparison
    from loadtui.store.run import Run
    from loadtui.verdict.curves import Drawing, PercentileCurve, Series
    from loadtui.verdict.sides import SideRuns

_FINEST, _COARSEST = 1, 10
"""Seconds that two runs are drawn in as one; baselines are drawn in ten."""
_STEPS = 120
"""Steps that a run is drawn in, when it is short enough."""
_NEW_ERRORS = 20


@dataclass(frozen=True)
class Ref:
    """One side: a baseline's file or a run's folder."""

    kind: Literal["baseline", "run"]
    name: str
    path: Path


@dataclass(frozen=True)
class Candidate:
    """Something that can be a side, and what a person needs to know to pick it."""

    ref: Ref
    plan: str
    detail: str


@dataclass(frozen=True)
class Found:
    """A judged comparison of two sides."""

    base: Ref
    run: Ref
    comparison: Comparison
    new_errors: tuple[str, ...] | None
    """Failures of a kind that the base has not; None when the base, a baseline, keeps none."""
    stages: tuple[str, ...]
    """Those of the run, in order."""


@dataclass(frozen=True)
class StagePair:
    """A stage over time on both sides; None where a side has none of it."""

    stage: str
    base: Series | None
    run: Series | None


@dataclass(frozen=True)
class Drawn:
    """What charts show of one endpoint (or of all requests)."""

    base_curve: PercentileCurve | None
    run_curve: PercentileCurve | None
    """By percentile, in one stage."""
    over_time: tuple[StagePair, ...]


class CompareDesk(Protocol):
    def suggestion(self) -> tuple[Ref, Ref] | None:
        """Base and run that are worth comparing when nobody has picked any."""

    def candidates(self) -> list[Candidate]:
        """Baselines, then runs, newest first."""

    def against_baseline(self, run: Path) -> tuple[Ref, Ref]:
        """A run and the baseline of its plan; UsageError when there is none."""

    def compare(self, base: Ref, run: Ref, any_load: bool) -> Found:
        """UsageError when they cannot be compared at all."""

    def draw(self, found: Found, stage: str, endpoint: str | None) -> Drawn:
        """Curves of a stage and an endpoint (None: all requests)."""


class ProjectComparisons:
    """The comparisons of a project's folder, its runs given by `runs`."""

    def __init__(self, project: Path, runs: Callable[[], list[RunEntry]]) -> None:
        self._project = project
        self._runs = runs
        self._drawings: dict[tuple[Ref, int], Drawing | None] = {}
        self._lock = threading.Lock()

    def suggestion(self) -> tuple[Ref, Ref] | None:
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

    def candidates(self) -> list[Candidate]:
        from loadtui.store.baseline import Baseline
        from loadtui.store.baseline_file import baseline_path, list_baselines
        from loadtui.store.folder import baselines_root

        root = baselines_root(self._project)
        found = [
            Candidate(
                Ref("baseline", one.name, baseline_path(root, one.name)),
                one.plan,
                f"baseline, {len(one.runs)} runs, {one.provenance}",
            )
            for one in list_baselines(root)
            if isinstance(one, Baseline)
        ]
        for run in self._runs():
            if _comparable(run):
                detail = f"{run.verdict or run.state}, {run.provenance}"
                found.append(Candidate(run_ref(run), run.plan, detail))
        return found

    def against_baseline(self, run: Path) -> tuple[Ref, Ref]:
        from loadtui.store.run import Run

        opened = Run.open(run)
        plan = opened.manifest.plan.name
        base = self._baseline_of(plan)
        if base is None:
            raise UsageError(
                f"plan {plan} has no baseline: promote a run of it, or select two runs to compare"
            )
        return base, Ref("run", opened.id, run)

    def compare(self, base: Ref, run: Ref, any_load: bool) -> Found:
        from loadtui.verdict.comparison import compare, priors_for
        from loadtui.verdict.sides import side_of_runs

        opened = _opened(run)
        comparison = compare(
            self._side(base),
            side_of_runs([opened]),
            opened.manifest.plan,
            priors=priors_for(self._project, opened.manifest),
            any_fingerprint=any_load,
        )
        from loadtui.verdict.sides import stage_facts

        return Found(
            base=base,
            run=run,
            comparison=comparison,
            new_errors=None if base.kind == "baseline" else new_errors(_opened(base), opened),
            stages=tuple(stage_facts(opened.manifest)),
        )

    def draw(self, found: Found, stage: str, endpoint: str | None) -> Drawn:
        base, run = self._drawn(found.base, found.run), self._drawn(found.run, found.base)
        return Drawn(
            base_curve=None if base is None else base.percentile_curve(stage, endpoint),
            run_curve=None if run is None else run.percentile_curve(stage, endpoint),
            over_time=tuple(
                StagePair(
                    name,
                    base.series(name, endpoint) if base and name in base.stages else None,
                    run.series(name, endpoint) if run and name in run.stages else None,
                )
                for name in found.stages
            ),
        )

    def _side(self, ref: Ref) -> SideRuns:
        from loadtui.verdict.sides import read_side, side_of_runs

        return read_side(ref.path) if ref.kind == "baseline" else side_of_runs([_opened(ref)])

    def _drawn(self, ref: Ref, other: Ref) -> Drawing | None:
        """The drawing of a side, in steps that both sides can have; kept while it is looked at."""
        from loadtui.verdict.curves import Drawing

        step = _COARSEST
        if "baseline" not in (ref.kind, other.kind):
            length = max(_opened(one).manifest.duration_s for one in (ref, other))
            step = max(_FINEST, min(_COARSEST, round(length / _STEPS)))
        key = (ref, step)
        with self._lock:
            if key not in self._drawings:
                self._drawings = {k: v for k, v in self._drawings.items() if k[0] in (ref, other)}
                if ref.kind == "baseline":
                    self._drawings[key] = Drawing.of_baseline(ref.path)
                else:
                    self._drawings[key] = Drawing.of_run(_opened(ref), step)
            return self._drawings[key]

    def _baseline_of(self, plan: str) -> Ref | None:
        from loadtui.store.baseline_file import baseline_path
        from loadtui.store.folder import baselines_root

        try:
            path = baseline_path(baselines_root(self._project), plan)
        except UsageError:
            return None
        return Ref("baseline", plan, path) if path.is_file() else None


def new_errors(base: Run, run: Run) -> tuple[str, ...]:
    """Kinds of failures of a run that the base has not, the most frequent first.

    Numbers in messages are not told apart, as ports and ids make every message a new one.
    """
    before = {_kind(*row) for row in base.errors().select("method", "name", "message").iter_rows()}
    rows = run.errors().select("method", "name", "message", "count").iter_rows()
    found = [
        f"{count}× {method} {name}: {message}"
        for method, name, message, count in rows
        if _kind(method, name, message) not in before
    ]
    return tuple(found[:_NEW_ERRORS])


def run_ref(run: RunEntry) -> Ref:
    return Ref("run", run.run, run.folder)


def _kind(method: str, name: str, message: str) -> tuple[str, str, str]:
    return method, name, "".join("#" if c.isdigit() else c for c in message)


def _comparable(run: RunEntry) -> bool:
    return not (run.active or run.problem or run.invalid) and run.state in (
        "finished",
        "interrupted",
    )


def _opened(ref: Ref) -> Run:
    from loadtui.store.run import Run

    return Run.open(ref.path)
