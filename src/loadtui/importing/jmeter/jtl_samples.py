"""The samples of a JMeter results file as a table, gathered in little memory.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import polars as pl

_AT_ONCE = 50_000
"""Samples gathered before they are packed."""
_LONGEST_MESSAGE = 500
_MOST_MESSAGES = 10_000
"""Messages that are told apart, as a page of its own in each would fill the memory."""
_FURTHER = "(further messages)"
_MOST_USERS = 10**9
_MOST_BYTES = 10**12
"""More is no size of a response, and millions of it no longer add up."""
_TYPES: dict[str, type[pl.DataType]] = {
    "thread": pl.UInt32,
    "stamp": pl.Int64,
    "elapsed": pl.Int64,
    "label": pl.UInt32,
    "ok": pl.Boolean,
    "bytes": pl.Int64,
    "users": pl.UInt32,
    "error": pl.UInt32,
    "inside": pl.Int32,
}


class JtlSample(NamedTuple):
    """A row of a results file, or an element that is within no other."""

    stamp_ms: int
    """Since 1970, of its start or its end."""
    elapsed_ms: int
    label: str
    ok: bool
    thread: str = ""
    bytes: int | None = None
    users: int | None = None
    """Active threads when it ended."""
    error: str = ""
    inside: int | None = None
    """Of a transaction how many samples it says are in it, of a request None."""


class JtlSamples:
    """Rows with names as numbers: `labels`, `threads` and `errors` say which."""

    def __init__(self) -> None:
        self._labels: dict[str, int] = {}
        self._threads: dict[str, int] = {}
        self._errors: dict[str, int] = {"": 0}
        self._waiting: list[tuple[Any, ...]] = []
        self._frames: list[list[pl.DataFrame]] = [[]]
        """Of each section."""

    @property
    def labels(self) -> list[str]:
        return list(self._labels)

    @property
    def errors(self) -> list[str]:
        return list(self._errors)

    @property
    def has_threads(self) -> bool:
        """Whether samples say in which thread they were."""
        return any(self._threads)

    def add(self, sample: JtlSample) -> None:
        stamp, elapsed, label, ok, thread, size, users, error, inside = sample
        number = self._labels.get(label)
        if number is None:
            number = self._labels[label] = len(self._labels)
        place = self._threads.get(thread)
        if place is None:
            place = self._threads[thread] = len(self._threads)
        if users is not None and users > _MOST_USERS:
            users = None
        if size is not None and size > _MOST_BYTES:
            size = None
        kind = self._error(error) if error else 0
        self._waiting.append((place, stamp, elapsed, number, ok, size, users, kind, inside))
        if len(self._waiting) >= _AT_ONCE:
            self._pack()

    def next_section(self) -> None:
        """What follows is of another run."""
        self._pack()
        self._frames.append([])

    def sections(self) -> Iterator[pl.DataFrame]:
        """The samples of each section with any, in the order of the file, once."""
        self._pack()
        sections, self._frames = self._frames, [[]]
        while sections:
            frames = sections.pop(0)
            if frames:
                yield pl.concat(frames, rechunk=False)

    def _error(self, message: str) -> int:
        message = message[:_LONGEST_MESSAGE]
        number = self._errors.get(message)
        if number is None:
            if len(self._errors) >= _MOST_MESSAGES:
                message = _FURTHER
            number = self._errors.setdefault(message, len(self._errors))
        return number

    def _pack(self) -> None:
        if not self._waiting:
            return
        columns: Sequence[Sequence[Any]] = list(zip(*self._waiting, strict=True))
        self._waiting = []
        self._frames[-1].append(
            pl.DataFrame(
                [
                    pl.Series(name, column, dtype=dtype)
                    for (name, dtype), column in zip(_TYPES.items(), columns, strict=True)
                ]
            )
        )
