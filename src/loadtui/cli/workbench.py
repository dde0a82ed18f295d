"""`loadtui` without a command: the workbench."""

from __future__ import annotations

from pathlib import Path


def workbench(project: Path) -> int:
    """Open the workbench of a project folder; its exit code."""
    from loadtui.tui.workbench import open_workbench

    return open_workbench(project, lambda path: _start(path, project))


def _start(path: Path, project: Path) -> Path:
    """Start the plan or locustfile at a path as a run that outlives this command; its folder.

    Raises UsageError when it cannot be read or started.
    """
    from loadtui.launch.start import Order, start
    from loadtui.plan.bare import plan_for_locustfiles
    from loadtui.plan.toml import load_plan

    plan = load_plan(path) if path.suffix == ".toml" else plan_for_locustfiles([path])
    handle = start(Order(plan=plan, project=project))
    handle.wait_until_started()
    return handle.folder
