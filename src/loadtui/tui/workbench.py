"""`open_workbench`: plans, runs and comparisons of a project in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from loadtui.tui.departure import Departure, Left
from loadtui.tui.terminal import marker_for, on_terminal, speaks_utf8

if TYPE_CHECKING:
    from loadtui.tui.desks import Desk
    from loadtui.tui.plot import Marker


def open_workbench(project: Path, *, marker: Marker | None = None, mouse: bool = True) -> Departure:
    """Show the workbench of the `project` folder until it is left; how the run that was watched
    last was left, without a snapshot when there was none.

    Without `mouse` the terminal keeps the mouse to itself.  Needs a terminal; see
    `terminal.usable`.  Raises UsageError for settings in pyproject.toml that make no sense.
    """

    def show() -> Departure:
        from loadtui.tui.app import LoadtuiApp
        from loadtui.tui.feed import SocketFeed
        from loadtui.tui.settings import read_settings

        app = LoadtuiApp(
            desk=project_desk(project),
            connect=SocketFeed,
            marker=marker_for(marker),
            ascii_only=not speaks_utf8(),
            settings=read_settings(project),
        )
        return app.run(mouse=mouse) or Departure(Left.FAILED)

    return on_terminal(show)


def project_desk(project: Path) -> Desk:
    """What the screens know of a project's folder."""
    from loadtui.tui.desks import Desk
    from loadtui.tui.desks.comparing import ProjectComparisons
    from loadtui.tui.desks.histories import ProjectHistories
    from loadtui.tui.desks.issues import ProjectIssues
    from loadtui.tui.desks.pictures import ProjectPictures
    from loadtui.tui.desks.plans import ProjectPlans
    from loadtui.tui.desks.replaying import ProjectReplays
    from loadtui.tui.desks.runs import ProjectRuns

    runs = ProjectRuns(project)
    return Desk(
        plans=ProjectPlans(project, runs.runs),
        runs=runs,
        comparing=ProjectComparisons(project, runs.runs),
        replays=ProjectReplays(project),
        pictures=ProjectPictures(project),
        histories=ProjectHistories(project),
        issues=ProjectIssues(project),
    )
