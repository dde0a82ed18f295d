"""What the workbench knows of a project: its plans and its runs, read when the list is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from loadtui.errors import UsageError
from loadtui.report.numbers import clock, count

if TYPE_CHECKING:
    from loadtui.plan.model import Plan
    from loadtui.store.run import Run

Starter = Callable[[Path], Path]
"""Starts the plan or locustfile at a path; returns the run's folder, or raises UsageError."""

_PLAN_PLACES = ("scenarios/*.toml", "*.toml")


@dataclass(frozen=True)
class PlanEntry:
    path: Path
    name: str
    detail: str
    """Stages and length, in words; or why the plan cannot be run."""
    broken: bool = False
    known: str = "never run"
    """What is known of it: never run, or the last run's end."""


@dataclass(frozen=True)
class RunEntry:
    folder: Path
    run: str
    plan: str
    state: str
    provenance: str
    verdict: str
    started: str
    duration: str
    requests: str
    active: bool = False


class Desk(Protocol):
    """What the home screen asks for; every call may read the disk and is made in a thread."""

    def plans(self) -> list[PlanEntry]: ...
    def runs(self) -> list[RunEntry]: ...
    def start(self, plan: Path) -> Path: ...
    def summary(self, folder: Path, width: int) -> str: ...


class ProjectDesk:
    """The desk of a project folder."""

    def __init__(self, project: Path, starter: Starter) -> None:
        self._project = project
        self._starter = starter

    def plans(self) -> list[PlanEntry]:
        """Plan files under scenarios/ and here, and a locustfile.py; other TOML is left out."""
        last: dict[str, RunEntry] = {}
        for run in self.runs():
            last.setdefault(run.plan, run)
        found: list[PlanEntry] = []
        for pattern in _PLAN_PLACES:
            for path in sorted(self._project.glob(pattern)):
                entry = self._plan(path)
                if entry is not None:
                    found.append(_with_last(entry, last))
        locustfile = self._project / "locustfile.py"
        if locustfile.is_file():
            entry = PlanEntry(locustfile, "locustfile", "its own load shape or Locust's options")
            found.append(_with_last(entry, last))
        return found

    def runs(self) -> list[RunEntry]:
        """Kept and running runs, newest first."""
        from loadtui.store.folder import runs_root
        from loadtui.store.listing import list_runs
        from loadtui.store.run import Run

        entries = []
        for run in list_runs(runs_root(self._project)):
            if isinstance(run, Run):
                entries.append(_run_entry(run))
            else:
                entries.append(
                    RunEntry(run.folder, run.id, "", "broken", "", run.error, "", "", "")
                )
        return entries

    def start(self, plan: Path) -> Path:
        return self._starter(plan)

    def summary(self, folder: Path, width: int) -> str:
        """The text report of a run; UsageError when it cannot be read."""
        from loadtui.report.text import render
        from loadtui.store.run import Run

        return render(Run.open(folder), width, color=False)

    def _plan(self, path: Path) -> PlanEntry | None:
        from loadtui.plan.toml import load_plan

        if path.parent == self._project and not _looks_like_a_plan(path):
            return None
        try:
            plan = load_plan(path)
        except UsageError as error:
            return PlanEntry(path, path.stem, str(error), broken=True)
        return PlanEntry(path, plan.name, _stages(plan))


def _looks_like_a_plan(path: Path) -> bool:
    """Whether a TOML file that may well be something else names a locustfile."""
    import tomllib

    try:
        keys = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return "locustfile" in keys or "locustfiles" in keys


def _stages(plan: Plan) -> str:
    if not plan.stages:
        return "the locustfile's own load"
    users = " → ".join(count(stage.total_users) for stage in plan.stages)
    length = sum(stage.duration_s for stage in plan.stages)
    return f"{users} users · {clock(length)}"


def _with_last(entry: PlanEntry, last: dict[str, RunEntry]) -> PlanEntry:
    run = last.get(entry.name)
    if run is None:
        return entry
    known = run.verdict or run.state
    return PlanEntry(entry.path, entry.name, entry.detail, entry.broken, f"last: {known}")


def _run_entry(run: Run) -> RunEntry:
    manifest = run.manifest
    return RunEntry(
        folder=run.folder,
        run=run.id,
        plan=manifest.plan.name,
        state=manifest.state,
        provenance=manifest.provenance.kind,
        verdict=manifest.verdict,
        started=manifest.started[:16].replace("T", " "),
        duration=clock(manifest.duration_s),
        requests=count(manifest.totals.requests),
        active=run.active,
    )
