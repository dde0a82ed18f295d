"""The Textual application: colours, the actions that hold everywhere, and how it is left."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual.app import App
from textual.command import Provider
from textual.screen import Screen

from loadtui.tui.actions import bindings
from loadtui.tui.departure import Departure, Left
from loadtui.tui.desk import Desk
from loadtui.tui.driver import StderrDriver
from loadtui.tui.feed import Feed
from loadtui.tui.lifecycle import hung_up, on_signals
from loadtui.tui.modals.help import Help
from loadtui.tui.palette import ActionCommands
from loadtui.tui.plot import Marker
from loadtui.tui.screens.home import Home
from loadtui.tui.screens.live import Live
from loadtui.tui.theme import DARK, DEFAULTS, LIGHT
from loadtui.tui.widgets.toosmall import LEAST

_NO_WIDTH, _NO_HEIGHT = LEAST


class LoadtuiApp(App[Departure]):
    """Shows one run (`feed`) or the workbench (`desk`); its result says how it was left."""

    CSS_PATH = "styles/workbench.tcss"
    BINDINGS = bindings("everywhere")
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {ActionCommands}
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-no-width"), (_NO_WIDTH, "-narrow"), (100, "-normal"), (160, "-wide"),
    ]  # fmt: skip
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-no-height"), (_NO_HEIGHT, "-low"), (22, "-short"), (32, "-medium"), (50, "-tall"),
    ]  # fmt: skip

    def __init__(
        self,
        *,
        feed: Feed | None = None,
        desk: Desk | None = None,
        connect: Callable[[Path], Feed] | None = None,
        marker: Marker = "braille",
        leave_when_done: bool = False,
        ascii_only: bool = False,
    ) -> None:
        """`connect` makes the feed of a run that is opened from the workbench.

        With `ascii_only` nothing but ASCII is written.
        """
        super().__init__(driver_class=StderrDriver)
        if ascii_only:
            self.add_class("-ascii")
        self._feed = feed
        self._desk = desk
        self._connect = connect
        self._marker = marker
        self._leave_when_done = leave_when_done
        self._undo_signals: Callable[[], None] = lambda: None

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return DEFAULTS

    def on_load(self) -> None:
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = "ansi-dark" if self.no_color else DARK.name

    def on_mount(self) -> None:
        self._undo_signals = on_signals(self._signalled)
        if not self.is_headless:
            self.set_interval(1.0, self._look_for_terminal)
        if self._feed is not None:
            self.push_screen(
                Live(
                    self._feed,
                    self.left,
                    marker=self._marker,
                    leave_when_done=self._leave_when_done,
                )
            )
        elif self._desk is not None:
            self.push_screen(Home(self._desk, self.open_run))

    def on_unmount(self) -> None:
        self._undo_signals()

    def open_run(self, folder: Path) -> None:
        """Show the run in `folder` on top of the workbench."""
        if self._connect is not None:
            self.push_screen(Live(self._connect(folder), self.left, marker=self._marker))

    def left(self, departure: Departure) -> None:
        """A run's screen was left: back to the workbench, or out."""
        if self._desk is None:
            self.exit(departure)
            return
        while len(self.screen_stack) > 1 and not isinstance(self.screen, Home):
            self.pop_screen()

    # The actions that hold everywhere.

    def action_help(self) -> None:
        self.push_screen(Help(getattr(self.screen, "PLACE", None)))

    def action_palette(self) -> None:
        self.action_command_palette()

    def action_theme(self) -> None:
        self.search_themes()

    def action_leave(self) -> None:
        live = self._live()
        if live is not None:
            live.ask_to_leave()
        else:
            self.exit(Departure(Left.ENDED))

    def action_interrupt(self) -> None:
        live = self._live()
        if live is not None:
            live.interrupt()
        else:
            self.exit(Departure(Left.ENDED))

    # How it ends when nobody asked.

    def _signalled(self) -> None:
        live = self._live()
        self.exit(live.signalled() if live is not None else Departure(Left.SIGNALLED))

    def _look_for_terminal(self) -> None:
        # Textual reads on from a terminal that is gone; a pipe's end comes without a signal.
        if sys.__stdin__ is not None and hung_up(sys.__stdin__.fileno()):
            self._signalled()

    def _live(self) -> Live | None:
        screens: list[Screen[object]] = list(self.screen_stack)
        return next((screen for screen in reversed(screens) if isinstance(screen, Live)), None)
