"""Writes to the terminal only the cells that differ from what it shows.

Textual sends a row again from the left edge of the widget in which something changed, and each
span of it with its whole style.  Over a slow line that is most of the bytes: a figure that moves
takes a handful.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple, cast

from rich.cells import cell_len, split_graphemes
from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from textual.strip import Strip

from loadtui.tui.terminal.textual_internals import (
    ChopsUpdate,
    CompositorUpdate,
    LayoutUpdate,
    is_partial_frame,
    is_whole_frame,
)

REWRITTEN_GAP = 4
"""Cells that did not change are written again rather than jumped over, if they are so few."""


class Sgr(NamedTuple):
    """A style as the numbers of the escape sequence that selects it (ECMA-48, SGR)."""

    attributes: frozenset[str]
    foreground: str
    background: str


PLAIN = Sgr(frozenset(), "", "")
TerminalCell = tuple[str, Sgr]
"""A character and its style; the second cell of a wide character is empty."""
_UNKNOWN: TerminalCell = ("\0", PLAIN)
"""Differs from every cell."""
_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "6": "25", "7": "27", "8": "28",
        "9": "29", "21": "24", "53": "55"}  # fmt: skip
_SEEN_ON_BLANKS = frozenset({"4", "7", "9", "21", "53"})


class Painter:
    """Keeps what the terminal shows, cell by cell."""

    def __init__(self) -> None:
        self._rows: list[list[TerminalCell]] = []

    def forget(self) -> None:
        """What the terminal shows is not known any more."""
        self._rows = []

    def painted(self, update: CompositorUpdate, *, afresh: bool = True) -> CompositorUpdate:
        """The update as one that writes only what differs once it is drawn.

        Of a whole screen all is written, unless not `afresh`.  A frame of a kind that is not known
        is returned as it is, and written by Textual.
        """
        if is_partial_frame(update) or is_whole_frame(update):
            return PaintedFrame(self, cast("ChopsUpdate | LayoutUpdate", update), afresh)
        return update

    def whole(self, update: LayoutUpdate, colors: ColorSystem) -> str:
        """All cells, whatever the terminal shows: it may be garbled, or of another size."""
        shown = [
            [cell for strip in row for cell in _cells_of(strip, colors)] for row in update.strips
        ]
        region, pen = update.region, _Pen()
        self._rows = []
        for y, cells in enumerate(shown, start=region.y):
            self._fit(y, region.x + len(cells))
            pen.write(y, region.x, cells)
            self._rows[y][region.x : region.x + len(cells)] = cells
        return pen.text()

    def differences(self, update: LayoutUpdate, colors: ColorSystem) -> str:
        """The cells of a whole screen that are not what the terminal shows."""
        pen = _Pen()
        for y, row in enumerate(update.strips, start=update.region.y):
            cells = [cell for strip in row for cell in _cells_of(strip, colors)]
            self._write(pen, y, update.region.x, cells)
        return pen.text()

    def changes(self, update: ChopsUpdate, colors: ColorSystem) -> str:
        """The cells of an update that are not what the terminal shows."""
        pen = _Pen()
        spans: dict[int, list[tuple[int, int]]] = {}
        for y, left, right in update.spans:
            spans.setdefault(y, []).append((left, right))
        for y, touched in sorted(spans.items()):
            for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if strip is not None and any(x <= right and end > left for left, right in touched):
                    self._write(pen, y, x, _exactly(_cells_of(strip, colors), end - x))
        return pen.text()

    def _write(self, pen: _Pen, y: int, x: int, cells: list[TerminalCell]) -> None:
        self._fit(y, x + len(cells))
        row = self._rows[y]
        old = row[x : x + len(cells)]
        if old == cells:
            return
        for first, last in _runs(old, cells):
            pen.write(y, x + first, cells[first:last])
        row[x : x + len(cells)] = cells

    def _fit(self, y: int, width: int) -> None:
        while len(self._rows) <= y:
            self._rows.append([])
        row = self._rows[y]
        row.extend([_UNKNOWN] * (width - len(row)))


class PaintedFrame(CompositorUpdate):
    """Drawn when, and only if, Textual writes it: the painter's memory is that of the terminal."""

    def __init__(self, painter: Painter, update: ChopsUpdate | LayoutUpdate, afresh: bool) -> None:
        self._painter = painter
        self._update = update
        self._afresh = afresh

    def render_segments(self, console: Console) -> str:
        colors = COLOR_SYSTEMS.get(console.color_system or "", ColorSystem.TRUECOLOR)
        if isinstance(self._update, LayoutUpdate):
            write = self._painter.whole if self._afresh else self._painter.differences
            return write(self._update, colors)
        return self._painter.changes(self._update, colors)


class _Pen:
    """Puts cells at places with as few bytes as it takes, from and to the plain style."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._style = PLAIN
        self._at: tuple[int, int] | None = None

    def write(self, y: int, x: int, cells: Sequence[TerminalCell]) -> None:
        if self._at != (y, x):
            same_row = self._at is not None and self._at[0] == y
            self._out.append(f"\x1b[{x + 1}G" if same_row else f"\x1b[{y + 1};{x + 1}H")
        for character, style in cells:
            if character and style is not self._style:
                self._out.append(_turn(self._style, style))
                self._style = style
            self._out.append(character)
        self._at = (y, x + len(cells))

    def text(self) -> str:
        return "".join(self._out) + _turn(self._style, PLAIN)


def _runs(old: Sequence[TerminalCell], new: Sequence[TerminalCell]) -> Iterable[tuple[int, int]]:
    """First and one past the last column of the parts to write."""
    runs: list[list[int]] = []
    for x, (a, b) in enumerate(zip(old, new, strict=True)):
        if a == b:
            continue
        if runs and x - runs[-1][1] <= REWRITTEN_GAP and _same_style(new, runs[-1][1] - 1, x):
            runs[-1][1] = x + 1
        else:
            runs.append([x, x + 1])
    for run in runs:
        # A wide character is written whole, the old one as well as the new one.
        while run[0] and not (old[run[0]][0] and new[run[0]][0]):
            run[0] -= 1
        while run[1] < len(new) and not (old[run[1]][0] and new[run[1]][0]):
            run[1] += 1
        yield run[0], run[1]


def _same_style(cells: Sequence[TerminalCell], first: int, last: int) -> bool:
    """Whether writing on from one cell to another needs no change of style between them."""
    return all(cells[x][1] is cells[first][1] for x in range(first + 1, last))


def _exactly(cells: list[TerminalCell], width: int) -> list[TerminalCell]:
    return cells[:width] + [(" ", PLAIN)] * (width - len(cells))


def _cells_of(strip: Strip, colors: ColorSystem) -> list[TerminalCell]:
    out: list[TerminalCell] = []
    for text, style, control in strip:
        if not control:
            codes = "" if style is None else Strip.render_ansi(style, colors)
            out.extend(_cells(text, codes))
    return out


@lru_cache(maxsize=1024)
def _cells(text: str, codes: str) -> tuple[TerminalCell, ...]:
    style = _sgr(codes)
    blank = (" ", _on_blanks(style))
    if text.isascii() or cell_len(text) == len(text):
        return tuple(blank if character == " " else _cell(character, style) for character in text)
    out: list[TerminalCell] = []
    for start, end, length in split_graphemes(text)[0]:
        if length:
            out.append(blank if text[start:end] == " " else _cell(text[start:end], style))
            out.extend([("", style)] * (length - 1))
    return tuple(out)


@lru_cache(maxsize=4096)
def _cell(character: str, style: Sgr) -> TerminalCell:
    """Shared by all texts, of which hours of a run show many thousands."""
    return character, style


@lru_cache(maxsize=1024)
def _sgr(codes: str) -> Sgr:
    attributes: set[str] = set()
    foreground = background = ""
    numbers = codes.split(";") if codes else []
    while numbers:
        number = numbers.pop(0)
        if number in {"38", "48"}:
            rest = 4 if numbers[:1] == ["2"] else 2
            color = ";".join([number, *numbers[:rest]])
            del numbers[:rest]
            if number == "38":
                foreground = color
            else:
                background = color
        elif _is_color(number, 30, 90):
            foreground = number
        elif _is_color(number, 40, 100):
            background = number
        else:
            attributes.add(number)
    # The terminal's own colours are what is there without a word.
    own = {"39": "", "49": ""}
    return _interned(
        frozenset(attributes), own.get(foreground, foreground), own.get(background, background)
    )


@lru_cache(maxsize=1024)
def _on_blanks(style: Sgr) -> Sgr:
    """What is seen of a style where there is no character."""
    seen = style.attributes & _SEEN_ON_BLANKS
    return _interned(seen, style.foreground if seen else "", style.background)


@lru_cache(maxsize=4096)
def _interned(attributes: frozenset[str], foreground: str, background: str) -> Sgr:
    style = Sgr(attributes, foreground, background)
    return PLAIN if style == PLAIN else style


def _is_color(number: str, dark: int, bright: int) -> bool:
    return number.isdigit() and (
        dark <= int(number) <= dark + 9 or bright <= int(number) <= bright + 7
    )


@lru_cache(maxsize=4096)
def _turn(before: Sgr, after: Sgr) -> str:
    """The sequence that turns one style into another."""
    if before == after:
        return ""
    if after == PLAIN:
        return "\x1b[0m"
    gone = before.attributes - after.attributes
    codes = sorted({_OFF.get(number, "0") for number in gone})
    if "0" in codes:
        before, codes = PLAIN, ["0"]
    remaining = frozenset() if gone else before.attributes
    codes += sorted(after.attributes - remaining)
    if after.foreground != before.foreground:
        codes.append(after.foreground or "39")
    if after.background != before.background:
        codes.append(after.background or "49")
    return f"\x1b[{';'.join(codes)}m"
