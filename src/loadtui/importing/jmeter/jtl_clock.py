"""Time stamps of JMeter's results: their unit, and how far those of one thread may be off.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from loadtui.errors import UsageError

FINE_MS = 1
"""Milliseconds, each cut off from a clock of its own."""
COARSE_MS = 999
"""Seconds, cut off."""
_SECONDS = 631_152_000, 4_102_444_800
"""1990 to 2100 in seconds since 1970; read as milliseconds all of them are days of 1970."""


def in_milliseconds(path: Path, frame: pl.DataFrame) -> tuple[pl.DataFrame, bool]:
    """The samples with stamps in milliseconds, and whether they were in seconds.

    Raises UsageError for times that are neither, since a run of 1970 is none.
    """
    low, high = _SECONDS
    stamps = frame.get_column("stamp")
    least, most = stamps.min(), stamps.max()
    assert isinstance(least, int)
    assert isinstance(most, int)
    if low <= least and most < high:
        return frame.with_columns(pl.col("stamp") * 1000), True
    if not (low * 1000 <= least and most < high * 1000):
        wrong = most if low * 1000 <= least else least
        raise UsageError(
            f"{path} has the time stamp {wrong}, which is neither in milliseconds since 1970 nor, "
            f"as all of them would have to be, in seconds; a clock or a format was wrong"
        )
    return frame, False
