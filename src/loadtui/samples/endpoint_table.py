"""Reading deltas: what a worker calls endpoint 3, the run may call endpoint 7.

Used live by the host and again when the journal is turned into files, so that both give an
endpoint the same number.
"""

from __future__ import annotations

from collections.abc import Iterable

UNKNOWN = ("", "(unknown endpoint)")
"""Holds the requests of an endpoint whose announcement was lost together with its delta."""
FURTHER = ("", "(further endpoints)")
"""Holds the requests of endpoints past MAX_ENDPOINTS."""
MAX_ENDPOINTS = 10_000
"""That a worker, and a run, tells apart: each has a place in every table and report."""
MAX_NAME = 1_000
"""Characters of a method or a name that are told apart; longer ones are cut."""
_MARK = "…"
"""Last character of what was cut."""


def cut_name(text: str) -> str:
    """A method or a name in no more than MAX_NAME characters."""
    return text if len(text) <= MAX_NAME else text[: MAX_NAME - 1] + _MARK


class EndpointTable:
    """Maps (worker, the worker's own number) to the run's endpoint number by (method, name).

    Numbers are given in the order in which endpoints are first learned.
    """

    def __init__(self, most: int | None = None) -> None:
        """No more than `most` endpoints are told apart, all further ones are FURTHER, and long
        names are cut; None: nothing is bounded."""
        self._most = most
        self.entries: list[tuple[str, str]] = []
        """(method, name); the position is the run's endpoint number."""
        self._numbers: dict[tuple[str, str], int] = {}
        self._locals: dict[tuple[int, int], int] = {}

    def learn(self, worker: int, rows: Iterable[tuple[int, str, str]]) -> None:
        """Take in the (number, method, name) rows that a delta of this worker announces."""
        for local, method, name in rows:
            self._locals[worker, local] = self.add(method, name)

    def add(self, method: str, name: str) -> int:
        """The run's number of an endpoint, a new one if it was not known."""
        entry = method, name
        number = self._numbers.get(entry)
        if number is None and self._most is not None:
            entry = cut_name(method), cut_name(name)
            number = self._numbers.get(entry)
        if number is None and self._most is not None and len(self.entries) >= self._most:
            entry = FURTHER
            number = self._numbers.get(entry)
        if number is None:
            number = self._numbers[entry] = len(self.entries)
            self.entries.append(entry)
        return number

    def number(self, worker: int, local: int) -> int:
        """The run's number of a worker's endpoint; never announced ones share `UNKNOWN`."""
        number = self._locals.get((worker, local))
        return self.add(*UNKNOWN) if number is None else number
