"""`loadtui` without a command: the workbench."""

from __future__ import annotations

from pathlib import Path

import click

from loadtui.cli.last_words import last_words
from loadtui.cli.watching import Marker


def workbench(project: Path, *, marker: Marker | None = None, mouse: bool = True) -> int:
    """Open the workbench of a project folder, and afterwards say what became of the run that was
    watched in it last; the exit code is 0."""
    from loadtui.tui.workbench import open_workbench

    departure = open_workbench(project, marker=marker, mouse=mouse)
    if departure.snapshot is None:
        return 0
    from loadtui.cli.running import tell
    from loadtui.launch.running import wait_until_over
    from loadtui.store import lock
    from loadtui.store.run import Run

    folder = Path(departure.snapshot.folder)
    if not departure.to_the_end and lock.held(folder):
        click.echo(last_words(folder, departure.snapshot), err=True)
        return 0
    wait_until_over(folder)
    tell(Run.open(folder))
    return 0
