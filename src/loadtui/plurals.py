"""Counts with their nouns, for every sentence that tells how many of something there are."""

from __future__ import annotations


def thousands(number: int) -> str:
    """A whole number with its thousands set apart by a space: 1 284."""
    return f"{number:,}".replace(",", " ")


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 run`, `3 runs`, `1 284 requests`; `plural` for a noun whose plural is not made with s."""
    return f"{thousands(number)} {noun if number == 1 else plural or f'{noun}s'}"
