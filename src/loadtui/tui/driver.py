"""How Textual learns the size of the terminal it draws on."""

from __future__ import annotations

import os
import sys

from textual.drivers.linux_driver import LinuxDriver


class StderrDriver(LinuxDriver):
    """Asks the terminal that is drawn on.

    Textual draws on stderr, but asks COLUMNS and LINES and then stdout for the size: with stdout
    in a file (`--json - > run.json`) or variables that are out of date the screen would keep a
    wrong size.
    """

    def _get_terminal_size(self) -> tuple[int, int]:
        try:
            if sys.__stderr__ is not None:
                columns, lines = os.get_terminal_size(sys.__stderr__.fileno())
                if columns and lines:
                    return columns, lines
        except (OSError, ValueError):
            pass  # no terminal any more, or one that does not say
        return super()._get_terminal_size()
