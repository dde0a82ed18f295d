"""`open_workbench`: plans, runs and comparisons of a project in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from loadtui.tui.chart.markers import Marker, marker_for
from loadtui.tui.terminal.capabilities import on_terminal, speaks_utf8
from loadtui.tui.watched.viewer_exit import ExitReason, ViewerExit

if TYPE_CHECKING:
    from loadtui.tui.project import ProjectAccess


def open_workbench(
    project: Path, *, marker: Marker | None = None, mouse: bool = True
) -> ViewerExit:
    """Show the workbench of the `project` folder until it is left; how the run that was watched
    last was left, without a snapshot when there was none.

    Without `mouse` the terminal keeps the mouse to itself.  Needs a terminal; see
    `can_show_screen`.  Raises UsageError for settings in pyproject.toml that make no sense.
    """

    def show() -> ViewerExit:
        from loadtui.tui.app import LoadtuiApp
        from loadtui.tui.screen_settings import read_screen_settings
        from loadtui.tui.watched.feed import SocketFeed

        app = LoadtuiApp(
            project=project_access(project),
            connect=SocketFeed,
            marker=marker_for(marker),
            ascii_only=not speaks_utf8(),
            settings=read_screen_settings(project),
        )
        return app.run(mouse=mouse) or ViewerExit(ExitReason.FAILED)

    return on_terminal(show)


def project_access(project: Path) -> ProjectAccess:
    """What the screens ask of a project's folder."""
    from loadtui.tui.project import ProjectAccess
    from loadtui.tui.project.comparisons import ProjectComparer
    from loadtui.tui.project.histories import ProjectHistoryReader
    from loadtui.tui.project.issue_previews import ProjectIssuePublisher
    from loadtui.tui.project.plan_rows import ProjectPlanCatalog
    from loadtui.tui.project.replays import ProjectReplayOpener
    from loadtui.tui.project.run_rows import ProjectRunCatalog
    from loadtui.tui.project.screenshots import ProjectScreenshotStore

    runs = ProjectRunCatalog(project)
    return ProjectAccess(
        plans=ProjectPlanCatalog(project, runs.runs),
        runs=runs,
        comparer=ProjectComparer(project, runs.runs),
        replays=ProjectReplayOpener(project),
        screenshots=ProjectScreenshotStore(project),
        histories=ProjectHistoryReader(project),
        issues=ProjectIssuePublisher(project),
    )
