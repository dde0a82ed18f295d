"""Lines drawn with plotext onto a bare canvas: characters and series, no axes.

plotext is imported when the first chart is drawn, after the screen stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from loadtui.tui.chart.markers import Marker, curve_symbol

_PIECE = re.compile(r"\x1b\[([0-9;]*)m([^\x1b]*)")


class PlotCurve(NamedTuple):
    """A value for each column, None where there is none; y runs from 0 to `limit`."""

    values: Sequence[float | None]
    limit: float


class PlotDot(NamedTuple):
    character: str
    curve: int
    """Index of the curve that owns the cell, -1 for a blank one."""


_BLANK = PlotDot(" ", -1)


def plot_curves(
    curves: Sequence[PlotCurve], width: int, height: int, marker: Marker
) -> list[list[PlotDot]]:
    """`height` rows of `width` cells with the curves on them, later ones on top.

    Column x of the canvas stands for index x of the values; columns without a value are bridged.
    """
    figure = _figure()
    figure.clear.data()
    figure.plot_size(width, height)
    figure.ruler("x").lim(0, max(1, width - 1))
    figure.ruler("y").lim(0, 1)
    for number, curve in enumerate(curves):
        known = [(x, y / curve.limit) for x, y in enumerate(curve.values) if y is not None]
        if not known:
            continue
        xs, ys = zip(*((x, min(y, 1.0)) for x, y in known), strict=True)
        symbol = _plotext().marker(curve_symbol(marker, number), number + 1)
        figure.draw(figure.signal(xs, ys, marker=symbol).lines(True))
    return _cells(figure.build().string(), width, height)


def _cells(drawn: str, width: int, height: int) -> list[list[PlotDot]]:
    rows: list[list[PlotDot]] = []
    for text in drawn.split("\n")[:height]:
        row: list[PlotDot] = []
        for codes, characters in _PIECE.findall(text):
            curve = int(codes.rsplit(";", 1)[1]) - 1 if ";" in codes else -1
            for character in characters:
                row.append(_BLANK if character in " ⠀" else PlotDot(character, curve))
        rows.append(row[:width] + [_BLANK] * (width - len(row)))
    return rows + [[_BLANK] * width for _ in range(height - len(rows))]


def _plotext() -> Any:
    import plotext

    return plotext


_prepared: Any = None


def _figure() -> Any:
    """plotext's figure, once stripped of its frame and freed from the terminal's size."""
    global _prepared
    if _prepared is None:
        plotext = _plotext()
        plotext.terminal.limit(False, False)
        _prepared = plotext.figure
        _prepared.axes(False)
        _prepared.legend(False)
        _prepared.canvas("default")
        _prepared.ruler("x").ticks([], [])
        _prepared.ruler("y").ticks([], [])
    return _prepared
