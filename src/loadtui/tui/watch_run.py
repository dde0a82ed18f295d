"""`watch_run`: shows one run in the terminal until it is left."""

from __future__ import annotations

from pathlib import Path

from loadtui.tui.chart.markers import Marker, marker_for
from loadtui.tui.terminal.capabilities import on_terminal, speaks_utf8
from loadtui.tui.watched.viewer_exit import ExitReason, ViewerExit


def watch_run(
    folder: Path,
    *,
    marker: Marker | None = None,
    leave_after_s: float | None = None,
    mouse: bool = True,
) -> ViewerExit:
    """Show the run in `folder` and return how it was left, the terminal as it was before.

    `marker` is what charts are drawn with, None: what the terminal is likely to have.
    `leave_after_s` seconds after the end of the run the screen closes by itself, None: never;
    without `mouse` the terminal keeps the mouse to itself.  The project beside it is the run's.
    Needs a terminal; see `can_show_screen`.  Raises UsageError for settings that make no sense.
    """

    def show() -> ViewerExit:
        from loadtui.store.project_root import project_of_run
        from loadtui.tui.app import LoadtuiApp
        from loadtui.tui.screen_settings import read_screen_settings
        from loadtui.tui.watched.feed import SocketFeed
        from loadtui.tui.workbench import project_access

        app = LoadtuiApp(
            feed=SocketFeed(folder),
            marker=marker_for(marker),
            leave_after_s=leave_after_s,
            ascii_only=not speaks_utf8(),
            project=project_access(project_of_run(folder)),
            connect=SocketFeed,
            settings=read_screen_settings(Path.cwd()),
        )
        # Without a result Textual has printed a traceback.
        return app.run(mouse=mouse) or ViewerExit(ExitReason.FAILED)

    return on_terminal(show)
