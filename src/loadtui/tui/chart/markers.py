"""What charts are drawn with: the one list from which options, rasters and documentation derive.

Light: the command line's options read it before Textual or plotext are imported.
"""

from __future__ import annotations

import os
from typing import Literal, NamedTuple, get_args

from loadtui.tui.terminal.capabilities import in_browser, speaks_utf8

Marker = Literal["braille", "hd", "dot", "ascii"]
MARKERS: tuple[Marker, ...] = get_args(Marker)


class MarkerShape(NamedTuple):
    """How a marker fills the cells of a terminal."""

    symbols: tuple[str, ...]
    """plotext's name of it, or the character; several where curves differ by their characters,
    as they must without colours."""
    dots: int = 1
    """Dots that a cell has above each other."""


MARKER_SHAPES: dict[Marker, MarkerShape] = {
    "braille": MarkerShape(("braille",), dots=4),
    "hd": MarkerShape(("hd",), dots=2),
    "dot": MarkerShape(("•",)),
    "ascii": MarkerShape(("*", "+", "o", ".", "x")),
}


def curve_symbol(marker: Marker, number: int) -> str:
    """What the curve of that number, from the back, is drawn with."""
    symbols = MARKER_SHAPES[marker].symbols
    return symbols[number % len(symbols)]


def marker_for(wanted: Marker | None) -> Marker:
    """What charts are drawn with: as wanted, else what this terminal is likely to have."""
    if not speaks_utf8():
        return "ascii"
    if wanted is not None:
        return wanted
    # The console of the kernel has a font of at most 512 glyphs, without braille.
    on_console = os.environ.get("TERM") == "linux" and not in_browser()
    return "ascii" if on_console else "braille"
