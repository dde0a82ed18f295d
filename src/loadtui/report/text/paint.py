"""Colour in text reports: never the only sign of anything, and only where it is wanted."""

from __future__ import annotations

import os
from typing import Literal, TextIO

Style = Literal["good", "bad", "warn", "strong", "dim"]

_CODES: dict[Style, str] = {"good": "32", "bad": "31", "warn": "33", "strong": "1", "dim": "2"}


class Paint:
    """Wraps text in a style's escape sequence, or leaves it alone."""

    def __init__(self, color: bool) -> None:
        self.color = color

    def __call__(self, text: str, style: Style) -> str:
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.color and text else text


def wants_color(stream: TextIO) -> bool:
    """Whether to colour what goes to this stream: a terminal that can, unless NO_COLOR is set
    (no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()
