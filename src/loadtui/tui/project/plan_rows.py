"""The plans of a project: what can be run, what is known of it, and starting it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from loadtui.credential_patterns import without_users
from loadtui.errors import UsageError
from loadtui.plan.locustfile_paths import DEFAULT_LOCUSTFILE, configured_locustfiles
from loadtui.plurals import counted
from loadtui.report.account.formatting import clock, count
from loadtui.store.timestamps import parse_timestamp
from loadtui.tui.project.plan_edits import PlanEdits, StageEdits, stage_edits
from loadtui.tui.project.run_rows import RunRow

if TYPE_CHECKING:
    from loadtui.plan.model import Plan
    from loadtui.store.plan_status import BaselineStatus, PlanStatus
    from loadtui.wire.run_spec import BaselineToCompare

KnownState = Literal["never run", "simulated", "imported", "measured", "baseline"]


@dataclass(frozen=True)
class PlanRow:
    """A plan file or locustfile, and what is known of it."""

    path: Path
    name: str
    load: str
    """Stages and length, in words."""
    problem: str = ""
    """Why it cannot be run, a sentence; empty when nothing is known against it."""
    known: KnownState = "never run"
    baseline: str = ""
    """Its runs and its age, in words; or what is wrong with it."""
    stale: bool = False
    """Plan or locustfile are no longer what the last run ran."""
    runs: int = 0
    """Saved runs of it."""
    last: RunRow | None = None
    host: str = ""
    """Base URL, `several`, or empty where only the locustfile knows."""
    stages: tuple[StageEdits, ...] = ()
    checks: tuple[str, ...] = ()
    """Thresholds and tolerances, in words."""


class PlanCatalog(Protocol):
    def plans(self) -> list[PlanRow]:
        """UsageError when runs cannot be listed."""

    def start(self, plan: Path, changes: PlanEdits | None) -> Path:
        """Start it, as it is or changed; the run's folder, or UsageError."""

    def check(self, plan: Path) -> str:
        """What would be run, in a sentence; UsageError for what would be refused."""


class ProjectPlanCatalog:
    """The plans of a project's folder, its runs given by `runs`."""

    def __init__(
        self,
        project: Path,
        runs: Callable[[], list[RunRow]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._project = project
        self._runs = runs
        self._now = now

    def plans(self) -> list[PlanRow]:
        """The project's plan files, and the locustfiles that run when none is named."""
        from loadtui.store.plan_status import project_status

        runs: dict[str, list[RunRow]] = {}
        for run in self._runs():
            runs.setdefault(run.plan, []).append(run)
        rows = [
            self._row(self._project / status.path, runs, status)
            for status in project_status(self._project)
        ]
        try:
            locustfiles = self._locustfiles()
        except UsageError as error:
            name = Path(DEFAULT_LOCUSTFILE)
            return [*rows, PlanRow(self._project / name, name.stem, "", problem=str(error))]
        return rows + [self._row(path, runs, None) for path in locustfiles[:1]]

    def start(self, plan: Path, changes: PlanEdits | None) -> Path:
        from loadtui.launch.start_host import StartOrder, start_host
        from loadtui.plan.resolve import scaled
        from loadtui.store.namesakes import refuse_namesake
        from loadtui.tui.project.plan_edits import edited_plan, typed_load
        from loadtui.wire.run_settings import RunSettings

        read, settings = self._read(plan), RunSettings()
        if changes is not None:
            name = changes.baseline.strip()
            written = read
            read, flags = edited_plan(written, changes)
            edited = read.stages != scaled(written, read.time_scale).stages
            settings = RunSettings(flags, options=typed_load(changes), edited=edited)
        else:
            name = read.name if self._baseline_file(read.name).is_file() else ""
        against = self._against(name) if name else None
        if against is None or name == read.name:
            refuse_namesake(read, self._project)
        order = StartOrder(read, self._project, settings, against, folder=Path.cwd())
        if against is None:
            folder = self._baseline_file(read.name).parent
            order.not_compared = f"no baseline {read.name!r} in {folder}: not compared"
            if changes is not None and not name:
                order.not_compared = "not compared with a baseline: none was chosen"
        handle = start_host(order)
        handle.wait_until_started()
        return handle.folder

    def check(self, plan: Path) -> str:
        from loadtui.launch.inspection_process import inspect_plan
        from loadtui.wire.run_spec import RunSpec

        read = self._read(plan)
        inspection = inspect_plan(RunSpec("check", read, project=str(Path.cwd())))
        classes = ", ".join(user_class.name for user_class in inspection.classes)
        ignored = [f"ignored: {', '.join(inspection.ignored)}"] if inspection.ignored else []
        warned = "".join(f"; {warning}" for warning in [*inspection.warnings, *ignored])
        return f"{plan.name} is ready to run as {read.name}: {classes or 'no classes'}{warned}"

    def _row(
        self, path: Path, runs: Mapping[str, Sequence[RunRow]], status: PlanStatus | None
    ) -> PlanRow:
        try:
            plan = self._read(path)
        except UsageError as error:
            return PlanRow(path, path.stem, "", problem=str(error))
        its = runs.get(plan.name, ())
        baseline = status.baseline if status is not None else None
        return PlanRow(
            path=path,
            name=plan.name,
            load=_load(plan),
            known="baseline" if baseline is not None else _known(its),
            baseline="" if baseline is None else self._described(baseline),
            stale=bool(status and status.last and status.last.stale),
            runs=len(its),
            last=its[0] if its else None,
            host=without_users(plan.target),
            stages=tuple(stage_edits(stage) for stage in plan.stages),
            checks=_checks(plan),
        )

    def _read(self, path: Path) -> Plan:
        from loadtui.plan.locustfile_plan import plan_for_locustfiles
        from loadtui.plan.toml import load_plan

        if path.suffix == ".toml":
            return load_plan(path)
        default = self._locustfiles()
        return plan_for_locustfiles(default if path in default[:1] else [path])

    def _locustfiles(self) -> list[Path]:
        """Those that Locust's configuration names here, else the project's own; run together."""
        named = [Path(os.path.abspath(path)) for path in configured_locustfiles()]  # noqa: PTH100
        own = self._project / DEFAULT_LOCUSTFILE
        return named or [path for path in (own,) if path.is_file()]

    def _described(self, baseline: BaselineStatus) -> str:
        if baseline.error:
            return f"✗ {baseline.error}"
        runs = counted(baseline.runs, "run")
        stale = ", stale" if baseline.stale else ""
        return f"{runs}, {age(baseline.promoted, self._now())}{stale}"

    def _baseline_file(self, name: str) -> Path:
        from loadtui.store.baseline_file import baseline_path
        from loadtui.store.run_folder import baselines_root

        return baseline_path(baselines_root(self._project), name)

    def _against(self, name: str) -> BaselineToCompare:
        """What to compare a run with; read now, so that it is refused before the run."""
        from loadtui.store.baseline_file import read_baseline
        from loadtui.wire.run_spec import BaselineToCompare

        path = self._baseline_file(name)
        read_baseline(path)
        return BaselineToCompare(str(path))


def age(when: str, now: datetime) -> str:
    """How long ago a time (RFC 3339) was: 3 min old, 5 h old, 12 d old."""
    then = parse_timestamp(when)
    if then is None:
        return "of unknown age"
    minutes = max(0, int((now - then).total_seconds() // 60))
    if minutes < 120:
        return f"{minutes} min old"
    hours = minutes // 60
    return f"{hours} h old" if hours < 48 else f"{hours // 24} d old"


def _known(runs: Sequence[RunRow]) -> KnownState:
    """The best that is known: measured, else imported, else simulated."""
    kinds = {run.provenance for run in runs}
    if "measured" in kinds:
        return "measured"
    if "imported" in kinds:
        return "imported"
    return "simulated" if "simulated" in kinds else "never run"


def _load(plan: Plan) -> str:
    if not plan.stages:
        several = len(plan.locustfiles) > 1
        return "the locustfiles' own load" if several else "the locustfile's own load"
    users = " → ".join(count(stage.total_users) for stage in plan.stages)
    return f"{users} users · {clock(sum(stage.duration_s for stage in plan.stages))}"


def _checks(plan: Plan) -> tuple[str, ...]:
    checks = []
    for threshold in plan.thresholds:
        where = " ".join(part for part in (threshold.stage, threshold.endpoint) if part)
        checks.append(f"{threshold.check} ({where})" if where else threshold.check)
    for tolerance in plan.tolerances:
        limits = " ".join(limit for limit in (tolerance.warn, tolerance.fail) if limit)
        undecided = "undecided fails" if tolerance.undecided == "fail" else ""
        checks.append(" ".join(part for part in (tolerance.metric, limits, undecided) if part))
    return tuple(checks)
