"""Text in columns: measured in terminal cells, so that Korean and emoji line up as well."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

GAP = "  "
_JOINER = "\u200d"
"""Joins emoji into one; the only invisible character that is let through."""
_NARROWEST = 8


class TextColumn(NamedTuple):
    """A column; `gives_way` says that its cells may be cut in the middle to fit the width."""

    title: str
    right: bool = True
    gives_way: bool = False


def visible_text(text: str) -> str:
    r"""One line of text that cannot drive a terminal: control characters, escape sequences and
    such that change the direction of writing are written out, as in `\x1b`."""
    if text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


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


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Lines of whole words, the later ones indented by as much as `indent`, which begins the first;
    a word that is longer than a line is cut in its middle."""
    lines: list[str] = []
    room = width - cell_len(indent)
    current = ""
    for word in text.split():
        longer = f"{current} {word}" if current else word
        if current and shorten(longer, room) != longer:
            lines.append(current)
            current = word
        else:
            current = longer
    lines.append(current)
    starts = [indent, *[" " * cell_len(indent)] * (len(lines) - 1)]
    return [start + shorten(line, room) for start, line in zip(starts, lines, strict=True)]


def text_table(
    columns: Sequence[TextColumn], rows: Sequence[Sequence[str]], width: int
) -> list[str]:
    """Lines of a table with its head first, none wider than `width` cells.

    Cells are taken as they are: pass them through `visible` when others wrote them.
    """
    widths = [
        max([cell_len(column.title), *(cell_len(row[at]) for row in rows)])
        for at, column in enumerate(columns)
    ]
    _narrow(widths, columns, width - len(GAP) * (len(columns) - 1))
    return [
        shorten(_line(cells, columns, widths), width)
        for cells in ([column.title for column in columns], *rows)
    ]


def _narrow(widths: list[int], columns: Sequence[TextColumn], room: int) -> None:
    """Take cells from the widest column that gives way, until all fit or all are at their least."""
    while (excess := sum(widths) - room) > 0:
        yielding = [at for at, column in enumerate(columns) if column.gives_way]
        if not yielding:
            return
        widest = max(yielding, key=lambda at: widths[at])
        others = [widths[at] for at in yielding if widths[at] < widths[widest]]
        floor = max([_NARROWEST, *others])
        if widths[widest] <= floor:
            return
        level = [at for at in yielding if widths[at] == widths[widest]]
        share = max(1, min(widths[widest] - floor, excess // len(level)))
        for at in level:
            widths[at] -= share


def _line(cells: Sequence[str], columns: Sequence[TextColumn], widths: Sequence[int]) -> str:
    parts = []
    for text, column, width in zip(cells, columns, widths, strict=True):
        cut = shorten(text, width)
        space = " " * (width - cell_len(cut))
        parts.append(space + cut if column.right else cut + space)
    return GAP.join(parts).rstrip()
