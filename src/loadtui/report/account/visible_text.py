"""Text that others wrote, so that it can be shown: in one line, harmless, and no longer than fits.

Widths are terminal cells, so that Korean and emoji line up as well.
"""

from __future__ import annotations

import re
import unicodedata

from rich.cells import cell_len, set_cell_size

LONGEST_SENTENCE = 1_500
"""Cells of an error; a file may hold names of any length."""
_COMMAND = re.compile(r"(?:^|(?<=\s))(?=::[A-Za-z])|(?<=##)(?=\[)")
"""Where GitHub sees the beginning of a command, once a line is broken there."""
_JOINER = "\u200d"
"""Joins emoji into one; the only invisible character that is let through."""


def visible_text(text: str) -> str:
    r"""One line of text that drives neither a terminal nor a CI: control characters, escape
    sequences and such that change the direction of writing are written out, as in `\x1b`, and what
    GitHub would take for a command has a `\` in it."""
    if not text.isprintable():
        text = "".join(_visible(character) for character in text)
    return _COMMAND.sub(r"\\", text) if "::" in text or "##[" in text else text


def visible_sentence(text: str) -> str:
    """A sentence that quotes what others wrote, of a length that can be read."""
    return shorten(visible_text(text), LONGEST_SENTENCE)


def _visible(character: str) -> str:
    if character.isprintable() or character == _JOINER:
        return character
    if unicodedata.category(character) == "Zs":
        return " "
    return character.encode("unicode_escape").decode("ascii")


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
