"""Progress of a run without a screen: a bar on a terminal, else a line every few seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.cells import cell_len

from loadtui.cli.progress_bar import ERASE, columns_of, progress_bar
from loadtui.plurals import counted
from loadtui.printable_text import visible_text
from loadtui.report.account.formatting import clock, latency, percent, rate
from loadtui.report.account.shortening import shorten
from loadtui.report.account.verdict_words import BECOMING_INVALID
from loadtui.wire.messages import Snapshot

LINE_EVERY_S = 5.0
SHAPE_STAGE = "shape"
"""Name of the stage in which a load shape decides about users and end."""


class ProgressPrinter:
    """Shows snapshots as they come; `done` leaves the terminal at the start of a line."""

    def __init__(self, stream: TextIO, *, unicode: bool) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._unicode = unicode
        self._next_line_s = LINE_EVERY_S
        self._open_line = ""
        """What stands on the line of the bar."""
        self._warned = False
        self._told_end = False
        self._told_length = False

    def show(self, snapshot: Snapshot) -> None:
        self._warn(snapshot)
        self._tell_of_length(snapshot)
        if self._live:
            width = columns_of(self._stream) - 1
            text = f"{_where(snapshot)} {self._figures(snapshot)}"
            bar = self._bar(snapshot, width - cell_len(text))
            self._open_line = f"{bar}{shorten(text, width)}"
            self._write(f"{ERASE}{self._open_line}")
        elif snapshot.elapsed_s >= self._next_line_s:
            # Long runs need fewer lines: about two hundred however long it takes.
            step = max(LINE_EVERY_S, (snapshot.duration_s or 0) / 200)
            self._next_line_s = snapshot.elapsed_s + step - 0.5
            self._write(f"{_where(snapshot)} {self._figures(snapshot)}\n")

    def say(self, text: str) -> None:
        """A line of its own."""
        self.done()
        self._write(f"{visible_text(text)}\n")

    @contextmanager
    def making_room(self) -> Iterator[None]:
        """Whole lines may be written to the terminal meanwhile; the bar stands below them."""
        bar = self._open_line
        self.done()
        yield
        if bar:
            self._open_line = bar
            self._write(bar)

    def done(self) -> None:
        if self._open_line:
            self._write(ERASE)
            self._open_line = ""

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError:
            return  # such as a log on a full disk: the run goes on

    def _warn(self, snapshot: Snapshot) -> None:
        if snapshot.invalid_reasons and not self._warned and snapshot.state == "running":
            self._warned = True
            self.say(f"{BECOMING_INVALID.in_list}: {snapshot.invalid_reasons[0]}")
        because = snapshot.ended_because
        if because and snapshot.state == "stopping" and not self._told_end:
            self._told_end = True
            for reason in snapshot.invalid_reasons:
                if because in reason:  # it broke off: the result may be a while
                    self.say(f"stopping: {reason}")

    def _tell_of_length(self, snapshot: Snapshot) -> None:
        """Once, of a run that nothing ends; a load shape may end its own."""
        if self._told_length or snapshot.state != "running":
            return
        self._told_length = True
        if snapshot.duration_s is None and [s.name for s in snapshot.stages] != [SHAPE_STAGE]:
            self.say(
                "no end is planned: it runs until Ctrl-C or `loadtui stop` (-t 1m ends a run after "
                "a minute)"
            )

    def _bar(self, snapshot: Snapshot, room: int) -> str:
        if not snapshot.duration_s:
            return ""
        return progress_bar(snapshot.elapsed_s / snapshot.duration_s, room, unicode=self._unicode)

    @staticmethod
    def _figures(snapshot: Snapshot) -> str:
        now, totals = snapshot.now, snapshot.totals
        return (
            f"{counted(snapshot.users, 'user')}  {rate(now.rps)} rps  p95 {latency(now.p95_ms)}  "
            f"{counted(totals.failures or 0, 'error')} ({percent(totals.error_rate)})"
        )


def _where(snapshot: Snapshot) -> str:
    """Time and stage: `06:12 / 15:00 L2 2/3`."""
    time = clock(snapshot.elapsed_s)
    if snapshot.duration_s:
        time = f"{time} / {clock(snapshot.duration_s)}"
    if snapshot.state != "running":
        return f"{time} {visible_text(snapshot.state)}"
    if len(snapshot.stages) > 1 and 0 <= snapshot.stage < len(snapshot.stages):
        stage = visible_text(snapshot.stages[snapshot.stage].name)
        return f"{time} {stage} {snapshot.stage + 1}/{len(snapshot.stages)}"
    return time
