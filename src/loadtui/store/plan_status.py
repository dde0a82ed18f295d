"""What is known of each plan of a project: never run, simulated only, measured, promoted, stale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from loadtui.errors import UsageError
from loadtui.plan.discovery import plan_files
from loadtui.plan.fingerprint import fingerprint
from loadtui.plan.model import Plan
from loadtui.plan.resolve import scaled
from loadtui.plan.toml import load_plan
from loadtui.store.baseline import Baseline
from loadtui.store.baseline_file import baseline_path, read_baseline
from loadtui.store.manifest import Manifest, ProvenanceKind
from loadtui.store.run_folder import baselines_root, runs_root
from loadtui.store.run_list import list_runs
from loadtui.store.stored_run import Run

PlanState = Literal["never executed", "simulated only", "imported only", "measured", "unreadable"]

_KNOWN: dict[ProvenanceKind, PlanState] = {
    "measured": "measured",
    "imported": "imported only",
    "simulated": "simulated only",
}
"""What a run makes known, the kind that counts most first."""


class LastRun(msgspec.Struct, frozen=True):
    """The newest run of the kind that counts most: measured, else imported, else simulated."""

    run: str
    kind: ProvenanceKind
    started: str
    """RFC 3339, UTC."""
    commit: str
    """Empty without git; ends in `+` when there were changes beside the commit."""
    verdict: str
    """Empty for a run that was not judged or is still running."""
    state: str
    stale: bool
    """The locustfile or the plan is another one now."""


class BaselineStatus(msgspec.Struct, frozen=True):
    promoted: str
    """When its last run was promoted, RFC 3339."""
    runs: int
    kind: ProvenanceKind | None
    stale: bool
    error: str = ""
    """Why it cannot be read; the other fields say nothing then."""


class PlanStatus(msgspec.Struct, frozen=True):
    plan: str
    path: str
    """Relative to the project."""
    known: PlanState
    runs: int = 0
    """Saved runs of every kind."""
    last: LastRun | None = None
    baseline: BaselineStatus | None = None
    error: str = ""
    """Why the plan cannot be read."""


def project_status(project: Path) -> list[PlanStatus]:
    """A status for every plan of a project, in the order of their files.

    Raises UsageError when the folder of runs or a pyproject.toml cannot be read; a plan, run or
    baseline that cannot be read is told of or left out.
    """
    runs = [run for run in list_runs(runs_root(project)) if isinstance(run, Run)]
    root = baselines_root(project)
    return [_status(project, path, runs, root) for path in plan_files(project)]


def _status(project: Path, path: Path, runs: Iterable[Run], root: Path) -> PlanStatus:
    where = path.relative_to(project).as_posix()
    try:
        plan = load_plan(path)
    except UsageError as error:
        return PlanStatus(path.stem, where, "unreadable", error=_without(project, error))
    own = [run.manifest for run in runs if run.manifest.plan.name == plan.name]
    last = _last(own, plan)
    known: PlanState = "never executed" if last is None else _KNOWN[last.kind]
    return PlanStatus(plan.name, where, known, len(own), last, _baseline(project, root, plan))


def _last(manifests: Sequence[Manifest], plan: Plan) -> LastRun | None:
    for kind in _KNOWN:
        for manifest in manifests:  # newest first
            if manifest.provenance.kind == kind:
                return LastRun(
                    run=manifest.run,
                    kind=kind,
                    started=manifest.began or "",
                    commit=_commit(manifest),
                    verdict=manifest.verdict,
                    state=manifest.state,
                    stale=kind != "imported"
                    and _stale(manifest.fingerprint, plan, manifest.plan.time_scale),
                )
    return None


def _baseline(project: Path, root: Path, plan: Plan) -> BaselineStatus | None:
    path = baseline_path(root, plan.name)
    if not path.is_file():
        return None
    try:
        baseline: Baseline = read_baseline(path)
    except UsageError as error:
        return BaselineStatus("", 0, None, stale=False, error=_without(project, error))
    return BaselineStatus(
        promoted=baseline.runs[-1].promoted,
        runs=len(baseline.runs),
        kind=baseline.provenance,
        stale=baseline.provenance != "imported" and _stale(baseline.fingerprint, plan, 1.0),
    )


def _stale(of_run: str, plan: Plan, time_scale: float) -> bool:
    """Whether a fingerprint is no longer that of the plan as it is now."""
    try:
        return of_run != fingerprint(scaled(plan, time_scale))
    except UsageError:
        return True  # The locustfile is gone, so nothing says that it is still the same.


def _without(project: Path, error: UsageError) -> str:
    """The error without the place of the project, which is another one on every machine."""
    return str(error).replace(f"{project}/", "").replace(f", in {project}", "")


def _commit(manifest: Manifest) -> str:
    git = manifest.git
    return "" if git is None else git.commit[:10] + ("+" if git.dirty else "")
