"""Many inputs of a reader in processes of their own, as one of them may bring a process down."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.importing.fuzz.trial import Finding, Outcome

SHOWN_OF = 100
"""Of as many accepted inputs one is saved and shown: that takes a quarter of a second."""
_FOLDER = Path("/dev/shm")
_TOLD_OF_EACH = 3


@dataclass
class Tally:
    reader: str
    inputs: int = 0
    accepted: int = 0
    shown: int = 0
    seconds: float = 0.0
    found: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    """Of each place a few."""

    def add(self, outcome: Outcome) -> None:
        self.inputs += 1
        self.accepted += outcome.accepted
        self.shown += outcome.shown
        if outcome.finding is not None:
            place = outcome.finding.place
            self.found[place] += 1
            if self.found[place] <= _TOLD_OF_EACH:
                self.findings.append(outcome.finding)

    def line(self) -> str:
        rate = self.inputs / self.seconds if self.seconds else 0
        return (
            f"{self.reader}: {self.inputs} inputs, {rate:.0f} a second, {self.accepted} accepted, "
            f"{self.shown} saved and shown, {self.found.total()} wrong"
        )


def fuzz(reader: str, numbers: range, *, processes: int = 1) -> Tally:
    """Try the inputs of these numbers; a process that ends is a finding, and another goes on."""
    began = time.monotonic()
    tally = Tally(reader)
    shares = [range(numbers.start + at, numbers.stop, processes) for at in range(processes)]
    running = [_Share(reader, share) for share in shares if len(share)]
    while running:
        for connection in multiprocessing.connection.wait([one.connection for one in running]):
            share = next(one for one in running if one.connection is connection)
            for outcome in share.news():
                tally.add(outcome)
            if share.over:
                running.remove(share)
    tally.seconds = time.monotonic() - began
    return tally


class _Share:
    """The inputs of one process."""

    def __init__(self, reader: str, numbers: range) -> None:
        self._reader = reader
        self._left = numbers
        self.over = False
        self._start()

    def _start(self) -> None:
        os.environ["POLARS_MAX_THREADS"] = "1"  # Small tables, and processes enough.
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(
            target=_try_all, args=(self._reader, self._left, theirs), daemon=True
        )
        self._process.start()
        theirs.close()

    def news(self) -> Iterator[Outcome]:
        try:
            for outcome in self.connection.recv():
                self._left = self._left[1:]
                yield outcome
        except EOFError:
            self._process.join()
            if not self._left:
                self.over = True
                return
            # The inputs after the last that was told of are tried again one by one.
            code = self._process.exitcode
            number, self._left = self._left[0], self._left[1:]
            yield Outcome(False, False, Finding(number, f"process ended with {code}", ""))
            if self._left:
                self._start()
            else:
                self.over = True


def _try_all(reader: str, numbers: range, connection: Connection) -> None:
    # Here, so that the process that watches needs none of it.
    from tests.importing.fuzz.trial import limit_memory, try_input, try_seeds

    with tempfile.TemporaryDirectory(dir=_FOLDER if _FOLDER.is_dir() else None) as folder:
        os.environ["XDG_STATE_HOME"] = folder
        place = Path(folder) / "files"
        place.mkdir()
        try_seeds(reader, place)  # Imports all that is needed, before memory is limited.
        limit_memory()
        for number in numbers:
            show = number % SHOWN_OF == 0
            connection.send([try_input(reader, number, place, show=show)])


def described(findings: list[Finding]) -> list[Any]:
    return [f"input {one.number}: {one.place}\n{one.details}" for one in findings]
