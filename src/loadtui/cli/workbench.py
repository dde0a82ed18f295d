"""`loadtui` without a command: the workbench."""

from __future__ import annotations

from pathlib import Path


def workbench(project: Path, *, mouse: bool = True) -> int:
    """Open the workbench of a project folder; its exit code."""
    from loadtui.tui.workbench import open_workbench

    return open_workbench(project, mouse=mouse)
