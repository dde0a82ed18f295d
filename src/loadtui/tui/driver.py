"""How Textual draws on a terminal: on stderr, and without ever waiting for it."""

from __future__ import annotations

import os
import sys

from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver

from loadtui.tui.output import OutputThread


class StderrDriver(LinuxDriver):
    """Asks the terminal that is drawn on, and writes to it from a thread of our own.

    Textual draws on stderr, but asks COLUMNS and LINES and then stdout for the size: with stdout
    in a file (`--json - > run.json`) or variables that are out of date the screen would keep a
    wrong size.
    """

    def start_application_mode(self) -> None:
        linux_driver.WriterThread = OutputThread  # type: ignore[attr-defined]
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def _get_terminal_size(self) -> tuple[int, int]:
        try:
            if sys.__stderr__ is not None:
                columns, lines = os.get_terminal_size(sys.__stderr__.fileno())
                if columns and lines:
                    return columns, lines
        except (OSError, ValueError):
            pass  # no terminal any more, or one that does not say
        return super()._get_terminal_size()
