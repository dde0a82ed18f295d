"""Locust's time spans, stricter than our durations: whole numbers, and hours before minutes before
seconds."""

from __future__ import annotations

import re

FORMATS = "20, 20s, 3m, 2h, 1h20m, 3h30m10s, etc."
"""As Locust lists them."""
_BARE = re.compile(r"\d+")
_PARTS = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


def parse_timespan(text: str) -> int:
    """Seconds of one of FORMATS; ValueError for any other text."""
    if _BARE.fullmatch(text):
        return int(text)
    parts = _PARTS.fullmatch(text)
    if parts is None or not any(parts.groups()):
        raise ValueError(f"Invalid time span format. Valid formats: {FORMATS}")
    hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    return 3600 * hours + 60 * minutes + seconds
