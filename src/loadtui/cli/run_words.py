"""What the locustfile of a run says, printed while the run is running; read from its log."""

from __future__ import annotations

import sys
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TextIO

from loadtui.cli.run_printer import RunPrinter
from loadtui.plan.locustfile_paths import shown_path
from loadtui.plurals import counted
from loadtui.printable_text import without_commands
from loadtui.store.growing_log import GrowingLog
from loadtui.store.log_lines import (
    COMPLAINED,
    HOST_PROCESS,
    LogLine,
    anything_said,
    parse_line,
    without_controls,
)
from loadtui.store.run_files import HOST_LOG

LINES_A_SECOND = 100
"""How many are printed of the host, and of all workers together; the others are counted."""
LAST_PRINTED = 20
"""Lines of a second that are printed even so, its last: what a locustfile sums up."""
_PARSED = 2_000
"""Of what came at once, as many lines from its beginning and its end are looked at."""


class RunWords:
    """Prints the lines of a run's log that are for people.

    What was printed goes to standard output, unless that is for a document, and the rest to
    standard error, as the streams of one process would.
    """

    def __init__(
        self,
        folder: Path,
        *,
        on_stdout: bool = True,
        from_now: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`from_now`: what was said before is left out."""
        self._log = GrowingLog(folder, from_now=from_now)
        self._stdout: TextIO | None = sys.stdout if on_stdout else sys.stderr
        self._clock = clock
        self._second = clock()
        self._printed: Counter[bool] = Counter()
        """In this second: by the host (True), by workers."""
        self._further = 0
        self._last: deque[LogLine] = deque(maxlen=LAST_PRINTED)
        """The last of the further ones."""

    def look(self, printer: RunPrinter | None = None) -> None:
        """Print what is new; `printer` makes room for it."""
        lines = self._allowed(self._log.read())
        if (now := self._clock()) - self._second >= 1:
            self._second = now
            lines += self._left()
        self._print(lines, printer)

    def finish(self) -> None:
        """Print the rest: the run is over."""
        lines = []
        while new := self._log.read(to_the_end=True):
            lines += self._allowed(new)
        self._print(lines + self._left(), None)

    def _allowed(self, new: bytes) -> list[LogLine]:
        """The lines for people, as many as may be printed in this second."""
        lines = new.removesuffix(b"\n").split(b"\n") if new else []
        if len(lines) > 2 * _PARSED:
            self._further += len(lines) - 2 * _PARSED
            lines = lines[:_PARSED] + lines[-_PARSED:]
        allowed = []
        for line in map(parse_line, lines):
            if not line.for_people:
                continue
            by_host = line.process == HOST_PROCESS
            if self._printed[by_host] < LINES_A_SECOND:
                self._printed[by_host] += 1
                allowed.append(line)
            else:
                self._further += 1
                self._last.append(line)
        return allowed

    def _left(self) -> list[LogLine]:
        """Of the lines that were not printed in the second that is over the last, and how many
        others there are."""
        last, others = [*self._last], self._further - len(self._last)
        self._last.clear()
        self._further = 0
        self._printed.clear()
        if others <= 0:
            return last
        words = f"... {counted(others, 'further line')} in {shown_path(str(self._log.path))}"
        return [LogLine("", COMPLAINED, words), *last]

    def _print(self, lines: list[LogLine], printer: RunPrinter | None) -> None:
        if not lines:
            return
        with printer.making_room() if printer is not None else nullcontext():
            for line in lines:
                stream = sys.stderr if line.sign == COMPLAINED else self._stdout
                if stream is not None:
                    self._write(stream, line)
            self._flush()

    def _write(self, stream: TextIO, line: LogLine) -> None:
        shown = without_commands(line.shown)
        text = without_controls(shown) if stream.isatty() else shown
        try:
            stream.write(f"{text}\n")
        except OSError:
            self._nobody_reads(stream)

    def _flush(self) -> None:
        for stream in {self._stdout, sys.stderr}:
            try:
                if stream is not None:
                    stream.flush()
            except OSError:
                self._nobody_reads(stream)

    def _nobody_reads(self, stream: TextIO | None) -> None:
        """As after `| head -1`: the run goes on, and its end finds out."""
        if stream is self._stdout:
            self._stdout = None


def words_text(folder: Path) -> str:
    """A line that says where to read what the locustfile of a run said; empty when it said
    nothing."""
    log = folder / HOST_LOG
    return f"What the locustfile said: {shown_path(str(log))}\n" if anything_said(log) else ""
