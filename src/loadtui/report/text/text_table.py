"""Text in columns: measured in terminal cells, so that Korean and emoji line up as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

from loadtui.report.account.shortening import shorten

COLUMN_GAP = "  "
MIN_WIDTH = 80
"""Cells of the narrowest terminal that reports are made for."""
_NARROWEST = 8


class TextColumn(NamedTuple):
    """A column; `gives_way` says that its cells may be cut in the middle to fit the width."""

    title: str
    right: bool = True
    gives_way: bool = False


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

    Cells are taken as they are: pass them through `visible_text` when others wrote them.
    """
    widths = [
        max([cell_len(column.title), *(cell_len(row[at]) for row in rows)])
        for at, column in enumerate(columns)
    ]
    _narrow(widths, columns, width - len(COLUMN_GAP) * (len(columns) - 1))
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
    return COLUMN_GAP.join(parts).rstrip()
