"""How Textual draws on a terminal: on stderr, and without ever waiting for it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from textual import events

from loadtui.tui.terminal.capabilities import in_browser
from loadtui.tui.terminal.output import OutputThread
from loadtui.tui.terminal.textual_internals import HookedDriver, write_with

if TYPE_CHECKING:
    from textual.driver import Driver

_BUTTONS, _DRAGS, _MOTION, _DECIMAL, _PIXELS = 1000, 1002, 1003, 1006, 1016
"""Mouse modes of xterm and those that follow it (Xterm Control Sequences, "Mouse Tracking")."""


class CaughtUp(events.Event, bubble=False):
    """The terminal has read all that was written, after it had been behind."""


class StderrDriver(HookedDriver):
    """Asks the terminal that is drawn on, and writes to it from a thread of our own.

    Textual draws on stderr, but asks COLUMNS and LINES and then stdout for the size: with stdout
    in a file (`--json - > run.json`) or variables that are out of date the screen would keep a
    wrong size.
    """

    def start_application_mode(self) -> None:
        write_with(lambda file: OutputThread(file, lambda: self.send_message(CaughtUp())))
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def behind(self) -> bool:
        """Whether the terminal has yet to read earlier frames; if so a `CaughtUp` follows."""
        return isinstance(self.writer, OutputThread) and self.writer.behind()

    def enable_mouse(self) -> None:
        # No motion without a button: over a slow line every move would be a dozen bytes.
        if self.takes_mouse:
            self.write("".join(f"\x1b[?{mode}h" for mode in (_BUTTONS, _DRAGS, _DECIMAL)))

    def disable_mouse(self) -> None:
        if self.takes_mouse:
            modes = (_BUTTONS, _DRAGS, _MOTION, _DECIMAL, _PIXELS)
            self.write("".join(f"\x1b[?{mode}l" for mode in modes))

    def terminal_size(self) -> tuple[int, int]:
        try:
            if sys.__stderr__ is not None:
                columns, lines = os.get_terminal_size(sys.__stderr__.fileno())
                if columns and lines:
                    return columns, lines
        except (OSError, ValueError):
            pass  # no terminal any more, or one that does not say
        return super().terminal_size()


def driver_class() -> type[Driver] | None:
    """Ours; None, Textual's choice, where another is asked for, as for a browser."""
    return None if in_browser() else StderrDriver
