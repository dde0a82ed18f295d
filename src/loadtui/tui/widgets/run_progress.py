"""How far the run is, with its stages marked."""

from __future__ import annotations

from loadtui.tui.cells.text import Line, Span
from loadtui.tui.chart.run_curves_by_column import boundaries
from loadtui.tui.widgets.lines import Lines
from loadtui.wire.messages import Snapshot


class RunProgress(Lines):
    """A bar over the planned length; a run without an end has none, only its stages' names."""

    def __init__(self, plain: bool = False) -> None:
        super().__init__()
        self._plain = plain
        self._snapshot: Snapshot | None = None

    def show(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        snapshot = self._snapshot
        full, rest, edge = ("=", "-", "|") if self._plain else ("━", "─", "┼")
        if snapshot is None:
            return [[(rest * width, "faint")]]
        if not snapshot.duration_s:
            return [[(rest * (width - 11), "faint"), (" no end set", "dim")]]
        share = min(1.0, snapshot.elapsed_s / snapshot.duration_s)
        length = width - 7
        done = round(share * length)
        marks = {
            round(stage.second / snapshot.duration_s * length)
            for stage in boundaries(snapshot.stages)
        } - {0}
        bar: list[Span] = [
            (edge if x in marks else full if x < done else rest, "accent" if x < done else "faint")
            for x in range(length)
        ]
        return [[*bar, (f"{share * 100:4.0f} % ", "dim")]]
