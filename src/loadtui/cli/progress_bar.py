"""A bar on a line of a terminal that is written again and again."""

from __future__ import annotations

import os
from typing import TextIO

ERASE = "\r\x1b[K"
BAR_WIDTH, LEAST_BAR = 20, 4
DEFAULT_COLUMNS = 80


def progress_bar(share: float, room: int, *, unicode: bool) -> str:
    """What part is done, 0 to 1, as far as there is room for it: what follows it matters more."""
    full_sign, empty_sign = ("━", "─") if unicode else ("#", ".")
    share = min(share, 1.0)
    percentage = f"{share * 100:3.0f} % "
    cells = min(room - len(percentage) - 1, BAR_WIDTH)
    if cells < LEAST_BAR:
        return percentage if room >= len(percentage) else ""
    full = round(share * cells)
    return f"{full_sign * full}{empty_sign * (cells - full)} {percentage}"


def columns_of(stream: TextIO) -> int:
    """How wide the terminal of a stream is."""
    try:
        # Not shutil's: that one asks standard output, which may be a file.
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return columns or DEFAULT_COLUMNS
