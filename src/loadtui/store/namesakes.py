"""Two plans of one project that have one name: their runs and baselines would be mixed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.plan.discovery import plan_files
from loadtui.plan.model import Plan
from loadtui.plan.toml import load_plan
from loadtui.store.manifest_file import read_manifest
from loadtui.store.project_root import project_root
from loadtui.store.run_folder import runs_root, slug


def refuse_namesake(plan: Plan, project: Path, baseline_of: str = "") -> None:
    """Refuse a plan when another plan file of its project has its name.

    Looked at are the plans of the project, the plan of the newest run of that name, and that of the
    baseline, `baseline_of`, relative to the project.  Raises UsageError that names both.
    """
    if plan.source is None:
        return
    own = Path(plan.source)
    for other in _candidates(plan, project, baseline_of):
        if _is_another(own, other) and _name(other) == plan.name:
            raise UsageError(
                f"two plans of {project} are called {plan.name!r}, {_near(own, project)} and "
                f"{_near(other, project)}, and would share runs and baseline; "
                'give one of them another name with `name = "..."`'
            )


def _candidates(plan: Plan, project: Path, baseline_of: str) -> Iterator[Path]:
    yield from (path for path in plan_files(project) if _may_be_called(path, plan.name))
    if baseline_of:
        yield project / baseline_of
    if (last := _last_source(plan, project)) is not None and project_root(last) == project:
        yield last


def _may_be_called(path: Path, name: str) -> bool:
    """Whether reading it may be worth while: its name or its text holds the name."""
    try:
        return path.stem == name or name.encode() in path.read_bytes()
    except OSError:
        return False


def _last_source(plan: Plan, project: Path) -> Path | None:
    """The plan file of the newest run of this name."""
    root = runs_root(project)
    try:
        folders = sorted(root.glob(f"*-{slug(plan.name)}-*"), reverse=True)
    except OSError:
        return None
    for folder in folders:
        try:
            stored = read_manifest(folder).plan
        except UsageError:
            continue
        if stored.name == plan.name and stored.source is not None:
            return Path(stored.source)
    return None


def _is_another(own: Path, other: Path) -> bool:
    try:
        return other.is_file() and not (own.exists() and other.samefile(own))
    except OSError:
        return False


def _name(path: Path) -> str:
    """The name of a plan, empty for a file that is none."""
    try:
        return load_plan(path).name
    except UsageError:
        return ""


def _near(path: Path, project: Path) -> str:
    return path.relative_to(project).as_posix() if path.is_relative_to(project) else str(path)
