"""`open_workbench`: plans and runs of a project in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from loadtui.tui.terminal import marker_for, on_terminal, speaks_utf8

if TYPE_CHECKING:
    from loadtui.tui.desk import Starter
    from loadtui.tui.plot import Marker


def open_workbench(project: Path, starter: Starter, *, marker: Marker | None = None) -> int:
    """Show the workbench of the `project` folder until it is left; the exit code is 0.

    `starter` starts the plan or locustfile at a path, and returns the new run's folder; a
    UsageError of its is shown.  Needs a terminal; see `terminal.usable`.
    """

    def show() -> None:
        from loadtui.tui.app import LoadtuiApp
        from loadtui.tui.desk import ProjectDesk
        from loadtui.tui.feed import SocketFeed

        LoadtuiApp(
            desk=ProjectDesk(project, starter),
            connect=SocketFeed,
            marker=marker_for(marker),
            ascii_only=not speaks_utf8(),
        ).run()

    on_terminal(show)
    return 0
