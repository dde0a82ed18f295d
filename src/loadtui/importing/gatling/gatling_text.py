"""Gatling's `simulation.log` as text: versions 3.0 to 3.12, a line an event, cells between tabs.

    RUN      class  id  start  description  version
    USER     scenario  [user]  START or END  [start]  time
    REQUEST  [user]  groups  name  start  end  OK or KO  message
    GROUP    [user]  groups  start  end  cumulated  OK or KO
    ERROR    message  time

Cells in brackets are those of versions up to 3.3, where each line of a user says which; groups are
separated by commas.  As in LogFileDataWriter.scala of Gatling's tags v3.1.2 to v3.12.0.  Import
this module where it is used: it loads polars.
"""

from __future__ import annotations

from pathlib import Path

from loadtui.errors import UsageError
from loadtui.importing.files.text_lines import text_lines
from loadtui.importing.gatling.gatling_run import GatlingRun
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.source import ImportSource

_NAME = "Gatling log (text)"
_BEGINS = ("RUN\t", "ASSERTION\t")
_OUTCOMES = ("OK", "KO")
_MOVES = ("START", "END")
_LONGEST_LINE = 1_000_000


def read_gatling_text(path: Path) -> list[ImportSource]:
    """The run that a log tells of, or several that were put together.

    Raises UsageError for lines that are none of Gatling's, and for times that cannot be; a last
    line that was cut off is told.
    """
    log = _Log(path)
    cut = ""
    for number, text, whole in text_lines(path, _LONGEST_LINE, "one of Gatling's"):
        try:
            log.take(text.split("\t"), whole=whole)
        except ValueError as error:
            if whole:
                raise UsageError(f"{path} line {number}: {error}") from None
            cut = f"line {number}, the last, is cut off and was left out"
    if not log.runs:
        raise UsageError(f"{path} holds no request; there is nothing to import")
    sources = [run.source(_NAME) for run in log.runs]
    if cut:
        sources[-1].remarks.append(cut)
    if len(sources) > 1:
        for number, source in enumerate(sources, 1):
            source.remarks.insert(0, f"run {number} of {len(sources)} in the file")
    return sources


class _Log:
    """Takes the lines of a log in their order."""

    def __init__(self, path: Path) -> None:
        self.runs: list[GatlingRun] = []
        self._path = path
        self._assertions = 0
        """Those of the run that comes next: they stand before it."""

    def take(self, cells: list[str], *, whole: bool) -> None:
        """Raises ValueError for a line that is none of Gatling's, or has not all of its cells."""
        kind = cells[0]
        if kind == "REQUEST":
            self._take_request(cells)
        elif kind == "USER":
            self._take_user(cells)
        elif kind == "GROUP":
            self._take_group(cells)
        elif kind == "ERROR":
            self._take_error(cells)
        elif kind == "RUN":
            self._take_run(cells)
        elif kind == "ASSERTION":
            self._assertions += 1
        elif not whole:
            raise ValueError("it is cut off")
        else:
            # The rest of a message that goes on over several lines; Gatling's own report skips it.
            self._run().add_stray()

    def _take_run(self, cells: list[str]) -> None:
        _need(cells, 6)
        if not cells[3].isdecimal():
            raise ValueError("it is not written as by Gatling 3, the oldest that can be imported")
        run = GatlingRun(self._path, cells[1], cells[-1], " ".join(cells[4:-1]))
        run.assertions, self._assertions = self._assertions, 0
        self.runs.append(run)

    def _take_user(self, cells: list[str]) -> None:
        at = next((at for at in (2, 3) if cells[at : at + 1] and cells[at] in _MOVES), None)
        if at is None:
            raise ValueError("it does not say whether the user came or went")
        _need(cells, 4 if at == 2 else 6)
        came = cells[at] == "START"
        # Of a user that is named, both lines say when it came, and the second of them when it went.
        self._run().add_user(_milliseconds(cells[at + 1] if came else cells[-1]), came=came)

    def _take_request(self, cells: list[str]) -> None:
        at = _outcome_at(cells, 5)
        groups = cells[at - 4]
        self._run().add_request(
            groups.split(",") if groups else (),
            cells[at - 3],
            _milliseconds(cells[at - 2]),
            _milliseconds(cells[at - 1]),
            None if cells[at] == "OK" else " ".join(cells[at + 1 :]),
        )

    def _take_group(self, cells: list[str]) -> None:
        at = _outcome_at(cells, 5)
        self._run().add_group(_milliseconds(cells[at - 3]), _milliseconds(cells[at - 2]))

    def _take_error(self, cells: list[str]) -> None:
        """Its message is written as it is: where it has several lines the time is not on this."""
        time = cells[-1] if len(cells) > 2 else ""
        if time.isdecimal():
            self._run().add_crash(" ".join(cells[1:-1]), _milliseconds(time))
        else:
            self._run().add_crash(" ".join(cells[1:]), None)

    def _run(self) -> GatlingRun:
        if not self.runs:
            raise ValueError("no line above it says which run it is of; the beginning is missing")
        return self.runs[-1]


def _outcome_at(cells: list[str], at: int) -> int:
    """Where a line says whether it failed: here, or one further on where it names the user."""
    for place in (at, at + 1):
        if cells[place : place + 1] and cells[place] in _OUTCOMES:
            return place
    raise ValueError("it does not say OK or KO where Gatling 3 does")


def _need(cells: list[str], count: int) -> None:
    if len(cells) < count:
        raise ValueError(f"it has {len(cells)} of {count} columns")


def _milliseconds(text: str) -> int:
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 19:
        raise ValueError(f"{text[:40]!r} is no time in milliseconds")
    return int(text)


GATLING_TEXT = Reader(
    _NAME,
    lambda file: file.start.startswith(_BEGINS),
    of_one(lambda file: read_gatling_text(file.path)),
)
