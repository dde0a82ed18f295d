"""How the run ended, across the whole width."""

from __future__ import annotations

from rich.cells import cell_len

from loadtui.report.account.verdict_words import (
    NOT_JUDGED,
    RUN_VERDICTS,
    WITHOUT_BASELINE,
    provenance_word,
)
from loadtui.tui.cells.text import Line, fit_middle, fit_width, one_line
from loadtui.tui.widgets.lines import Lines
from loadtui.wire.messages import Snapshot

_BETWEEN = " · "
_WAY_OUT = _BETWEEN + "q leaves"
_LEAST_PATH = 16
"""Cells below which nothing of the run's folder can be told."""


class Banner(Lines):
    """Hidden until the run is over or its host is gone."""

    def __init__(self) -> None:
        super().__init__()
        self._outcomes: tuple[str, ...] = ("",)
        """How it ended, in as many words as there is room for; the longest first."""
        self._where = ""
        self._style = "on-accent"

    def finished(self, snapshot: Snapshot) -> None:
        """Say how it ended; `snapshot` is the very last one."""
        verdict = RUN_VERDICTS.get(snapshot.verdict)
        word = NOT_JUDGED.word if verdict is None else verdict.explained
        if snapshot.provenance != "measured":
            word += f" on {provenance_word(snapshot.provenance)} numbers"
        short = NOT_JUDGED.word if verdict is None else verdict.headline
        style = "on-accent" if verdict is None else f"on-{verdict.tone}"
        because = f" ({one_line(snapshot.ended_because)})" if snapshot.ended_because else ""
        compared = ""
        if snapshot.not_compared:
            compared = f"{_BETWEEN}{WITHOUT_BASELINE.word}"
            if style == "on-good":
                style = "on-warn"
        outcomes = (
            f" {snapshot.state}{because}{_BETWEEN}{word}"
            + (f"{_BETWEEN}{one_line(snapshot.not_compared)}" if snapshot.not_compared else ""),
            f" {snapshot.state}{because}{_BETWEEN}{word}{compared}",
            f" {snapshot.state}{_BETWEEN}{word}{compared}",
            f" {snapshot.state}{_BETWEEN}{short}{compared}",
        )
        where = f"saved in {one_line(snapshot.folder)}" if snapshot.folder else ""
        self._show(outcomes, where, style)

    def lost(self, reason: str) -> None:
        """Say that the host is gone and did not say how the run ended."""
        outcome = f" ! {one_line(reason) or 'the connection to the run was lost'}"
        self._show((outcome,), "", "on-warn")

    def _show(self, outcomes: tuple[str, ...], where: str, style: str) -> None:
        self._outcomes, self._where, self._style = outcomes, where, style
        self.display = True
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        # How to leave is said at every width; a long path gives way, then the reason.
        room = width - cell_len(_WAY_OUT)
        outcome = next(
            (text for text in self._outcomes if cell_len(text) <= room), self._outcomes[-1]
        )
        text = fit_width(outcome, min(room, cell_len(outcome)))
        left = room - cell_len(text) - len(_BETWEEN)
        if self._where and left >= _LEAST_PATH:
            text += _BETWEEN + fit_middle(self._where, min(left, cell_len(self._where)))
        return [[(fit_width(text + _WAY_OUT, width), self._style)]]
