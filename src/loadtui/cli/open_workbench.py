"""`loadtui` without a command: the workbench."""

from __future__ import annotations

from pathlib import Path

import click

from loadtui.cli.left_running import left_running_text
from loadtui.tui.chart.markers import Marker


def workbench(project: Path, *, marker: Marker | None = None, mouse: bool = True) -> int:
    """Open the workbench of a project folder, and afterwards say what became of the run that was
    watched in it last; the exit code is 0."""
    from loadtui.tui.workbench import open_workbench

    departure = open_workbench(project, marker=marker, mouse=mouse)
    if departure.snapshot is None:
        return 0
    from loadtui.cli.plan_runs import tell
    from loadtui.launch.running_runs import wait_until_over
    from loadtui.store import run_lock
    from loadtui.store.stored_run import Run

    folder = Path(departure.snapshot.folder)
    if not departure.to_the_end and run_lock.is_held(folder):
        click.echo(left_running_text(folder, departure.snapshot), err=True)
        return 0
    wait_until_over(folder)
    tell(Run.open(folder))
    return 0
