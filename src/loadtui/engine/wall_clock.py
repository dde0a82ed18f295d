"""Moments of the run on this machine's wall clock, which may be stepped while it is running."""

from __future__ import annotations

import time


def epoch_of(monotonic: float) -> float:
    """Wall-clock time of a moment on the monotonic clock, by both clocks as they stand now."""
    return time.time() - (time.monotonic() - monotonic)
