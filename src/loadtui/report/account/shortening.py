"""Text that others wrote, so that it can be shown: in one line, harmless, and no longer than fits.

Widths are terminal cells, so that Korean and emoji line up as well.
"""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from loadtui.printable_text import visible_text

LONGEST_SENTENCE = 1_500
"""Cells of an error; a file may hold names of any length."""


def visible_sentence(text: str) -> str:
    """A sentence that quotes what others wrote, of a length that can be read."""
    return shorten(visible_text(text), LONGEST_SENTENCE)


def shorten(text: str, width: int) -> str:
    """Text of at most `width` cells, cut in the middle with `…`: both ends of a name tell."""
    if cell_len(text) <= width:
        return text
    if width < 2:
        return "…"[:width]
    tail_width = (width - 1) // 2
    tail = text[-tail_width:] if tail_width else ""
    while cell_len(tail) > tail_width:
        tail = tail[1:]
    head = set_cell_size(text, width - 1 - cell_len(tail)).rstrip()
    return f"{head}…{tail}"
