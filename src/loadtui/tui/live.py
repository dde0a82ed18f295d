"""`watch`: shows one run in the terminal until it is left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from loadtui.tui.departure import Departure, Left
from loadtui.tui.terminal import marker_for, on_terminal, speaks_utf8

if TYPE_CHECKING:
    from loadtui.tui.plot import Marker


def watch(
    folder: Path,
    *,
    marker: Marker | None = None,
    leave_when_done: bool = False,
    mouse: bool = True,
) -> Departure:
    """Show the run in `folder` and return how it was left, the terminal as it was before.

    `marker` is what charts are drawn with, None: what the terminal is likely to have.  With
    `leave_when_done` the screen closes by itself when the run is over; without `mouse` the terminal
    keeps the mouse to itself.  The project beside it is that of the current folder.  Needs a
    terminal; see `terminal.usable`.  Raises UsageError for settings that make no sense.
    """

    def show() -> Departure:
        from loadtui.tui.app import LoadtuiApp
        from loadtui.tui.feed import SocketFeed
        from loadtui.tui.settings import read_settings
        from loadtui.tui.workbench import project_desk

        app = LoadtuiApp(
            feed=SocketFeed(folder),
            marker=marker_for(marker),
            leave_when_done=leave_when_done,
            ascii_only=not speaks_utf8(),
            desk=project_desk(Path.cwd()),
            connect=SocketFeed,
            settings=read_settings(Path.cwd()),
        )
        # Without a result Textual has printed a traceback.
        return app.run(mouse=mouse) or Departure(Left.FAILED)

    return on_terminal(show)
