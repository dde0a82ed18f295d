"""Whole numbers in texts of others."""

from __future__ import annotations

MOST_DIGITS = 18
"""Of a number that anything here may be; Python refuses to read more than 4300."""


def whole_number(text: str | bytes, *, digits: int = MOST_DIGITS) -> int | None:
    """The number that a text is: so many digits at most, and nothing else; None for another."""
    if text.isdigit() and text.isascii() and len(text) <= digits:
        return int(text)
    return None
