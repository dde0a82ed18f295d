"""Lines as data: text with the names of styles, measured in terminal cells.

A `Line` is a sequence of (text, style name) spans.  Style names are those of `STYLES`; what they
look like is up to the theme.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal

from rich.cells import cell_len, set_cell_size, split_graphemes

Span = tuple[str, str]
Line = Sequence[Span]
Cell = tuple[str, str]
"""One terminal cell: its character and style; the second cell of a wide character is empty."""

STYLES = (
    "text",
    "strong",
    "dim",
    "faint",
    "good",
    "warn",
    "bad",
    "accent",
    "key",
    "rps",
    "users",
    "p50",
    "p95",
    "p99",
    "on-good",
    "on-warn",
    "on-bad",
    "on-accent",
    "on-cursor",
)

_REMEMBERED = 1_000
"""Texts, of which the longest are names: measuring one of a thousand characters takes as long as
drawing a screen, and a picture follows the other with the same ones."""


def one_line(text: str) -> str:
    """`text` on one line without control characters, which could drive the terminal."""
    return text if text.isprintable() else _cleaned(text)


@lru_cache(maxsize=_REMEMBERED)
def _cleaned(text: str) -> str:
    return "".join(
        character if character.isprintable() else " " if character in "\n\t\r" else "�"
        for character in text
    )


def width_of(line: Iterable[Span]) -> int:
    """Cells that a line takes."""
    return sum(cell_len(text) for text, _ in line)


def fit_width(text: str, width: int, align: Literal["left", "right"] = "left") -> str:
    """`text` in exactly `width` cells, cut with an ellipsis where it is longer."""
    if width <= 0:
        return ""
    length = cell_len(text)
    if length > width:
        return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)
    space = " " * (width - length)
    return space + text if align == "right" else text + space


@lru_cache(maxsize=_REMEMBERED)
def fit_middle(text: str, width: int) -> str:
    """As `fit`, but cut in the middle: the ends of endpoint names tell them apart."""
    length = cell_len(text)
    if length <= width or width < 9:
        return fit_width(text, width)
    room = (width - 1) // 2
    at = len(text)
    for start, _, cells in reversed(split_graphemes(text)[0]):
        if cells > room:
            break
        at, room = start, room - cells
    tail = text[at:]
    head = set_cell_size(text, width - 1 - cell_len(tail))
    return set_cell_size(f"{head}…{tail}", width)


def justified(left: Line, right: Line, width: int) -> list[Span]:
    """A line with one part at its start and one at its end; the start gives way."""
    room = width - width_of(right)
    taken = crop(left, max(0, room - 1)) if width_of(left) > room - 1 else list(left)
    return [*taken, (" " * max(0, room - width_of(taken)), "text"), *right]


def crop(line: Line, width: int) -> list[Span]:
    """The line cut to at most `width` cells."""
    out: list[Span] = []
    for text, style in line:
        length = cell_len(text)
        if length > width:
            if width > 0:
                out.append((fit_width(text, width), style))
            break
        out.append((text, style))
        width -= length
    return out


def first_that_fits(width: int, *candidates: Line) -> Line:
    """The first of some ways to say a thing, the longest first, that fits in `width` cells."""
    for candidate in candidates:
        if width_of(candidate) <= width:
            return candidate
    return candidates[-1]


def line_cells(line: Line, width: int) -> list[Cell]:
    """The line cell by cell, cut or padded to `width`."""
    out: list[Cell] = []
    for text, style in line:
        # A blank looks the same in every style that leaves the ground alone.
        blank = (" ", style if style.startswith("on-") else "text")
        if text.isascii():
            out.extend(blank if character == " " else (character, style) for character in text)
            continue
        for start, end, length in split_graphemes(text)[0]:
            if length:
                out.append((text[start:end], style))
                out.extend([("", style)] * (length - 1))
    if len(out) > width:
        out = out[:width]
        if out and cell_len(out[-1][0]) > 1:
            out[-1] = (" ", out[-1][1])
    out.extend([(" ", "text")] * (width - len(out)))
    return out


def cell_spans(row: Sequence[Cell]) -> list[Span]:
    """Cells joined again into spans of one style each."""
    out: list[Span] = []
    for character, style in row:
        if out and (out[-1][1] == style or (character == " " and _same_ground(out[-1][1], style))):
            # Colours cost forty bytes a change, blanks need none of their own.
            out[-1] = (out[-1][0] + character, out[-1][1])
        elif len(out) == 1 and out[0][0].isspace() and _same_ground(out[0][1], style):
            out[0] = (out[0][0] + character, style)
        else:
            out.append((character, style))
    return out


def _same_ground(one: str, other: str) -> bool:
    return not one.startswith("on-") and not other.startswith("on-")


def changed_cells(old: Sequence[Cell], new: Sequence[Cell]) -> tuple[int, int] | None:
    """First and one past the last column in which two rows of one length differ."""
    if old == new:
        return None
    first = next(x for x, (a, b) in enumerate(zip(old, new, strict=True)) if a != b)
    last = next(x for x in range(len(new) - 1, -1, -1) if old[x] != new[x]) + 1
    # A wide character is painted whole.
    while first and (not old[first][0] or not new[first][0]):
        first -= 1
    while last < len(new) and (not old[last][0] or not new[last][0]):
        last += 1
    return first, last


_PLAIN = str.maketrans(
    {
        "·": "-", "●": "*", "◌": "o", "◍": "o", "■": "#", "✗": "x", "✓": "+", "–": "-", "…": "~",
        "→": ">", "×": "x", "━": "=", "─": "-", "┼": "|", "│": "|", "┤": "|", "┊": ":", "▾": "v",
        "↓": "v", "↑": "^", "▸": ">", "≠": "!", "⏎": "~", "←": "<", "◆": "#", "⌫": "<",
        "▴": "^", "▲": "^", "▼": "v", "−": "-", "Δ": "d", "“": '"', "”": '"',
    }
)  # fmt: skip


def plain_text(text: str) -> str:
    """`text` in ASCII, as many cells wide: for terminals that speak nothing else."""
    if text.isascii():
        return text
    text = text.translate(_PLAIN)
    if text.isascii():
        return text
    return "".join(
        text[start:end] if text[start:end].isascii() else "?" * length
        for start, end, length in split_graphemes(text)[0]
    )
