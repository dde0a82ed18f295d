"""Requests of which another program wrote each, gathered in little memory, as the record of a run.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from loadtui.errors import UsageError
from loadtui.importing.seconds import US_PER_SECOND, check_seconds, check_span
from loadtui.importing.source import ImportSource
from loadtui.importing.user_moves import UserMoves
from loadtui.samples.bins import bin_of
from loadtui.samples.endpoint_table import MAX_ENDPOINTS, EndpointTable
from loadtui.store.journal import TimelineRow

UNNAMED = ("", "http requests")
"""The endpoint of requests that have no name."""
_RUNS_US = 10**9 * US_PER_SECOND, 4 * 10**9 * US_PER_SECOND
"""2001 to 2096, since 1970: what lies outside is no time of a run."""
_AT_ONCE = 50_000
"""Requests gathered before they are packed, and counted at a time."""
_LONGEST_MESSAGE = 500
_MOST_MESSAGES = 10_000
"""Messages that are told apart, as a page of its own in each would fill the memory."""
_FURTHER_MESSAGES = "(further messages)"
_MOST_US = 10**15
"""More is no latency: millions of it no longer add up."""
_MOST_BYTES = 10**12
"""More is no size of a response."""
_TYPES: dict[str, type[pl.DataType]] = {
    "start": pl.Int64,
    "elapsed": pl.Int64,
    "bin": pl.UInt16,
    "endpoint": pl.UInt16,
    "ok": pl.Boolean,
    "error": pl.UInt16,
    "bytes": pl.Int64,
}


_COUNTED_US = 2**63
"""A number of microseconds that can be told."""


class TimedRequest(NamedTuple):
    """One request, in whole microseconds of a clock that all of a file share."""

    start_us: int
    elapsed_us: int
    endpoint: tuple[str, str]
    """Method and name."""
    ok: bool
    error: str = ""
    bytes: int = 0
    """Of the response."""


class RequestRecord:
    """Takes requests, and users who come and go, in any order.

    Seconds count from the earliest moment of the run, which is known when all are in.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._endpoints = EndpointTable(MAX_ENDPOINTS)
        self._errors: dict[str, int] = {"": 0}
        self._waiting: list[tuple[Any, ...]] = []
        self._frames: list[pl.DataFrame] = []
        self._users = UserMoves()
        self._first_us: int | None = None
        self._last_us = 0
        self.requests = 0

    def add(self, request: TimedRequest) -> None:
        """Raises ValueError for a length that no request has."""
        start, elapsed, endpoint, ok, error, size = request
        if not 0 <= elapsed < _MOST_US:
            long = f"{elapsed / 1000:g} ms" if abs(elapsed) < _COUNTED_US else "for ever"
            raise ValueError(f"a request took {long}, which cannot be")
        number = self._endpoints.add(*endpoint)
        kind = 0 if ok else self._error(error)
        size = size if 0 <= size <= _MOST_BYTES else 0
        self._waiting.append((start, elapsed, bin_of(elapsed), number, ok, kind, size))
        self.requests += 1
        self.cover(start, start + elapsed)
        if len(self._waiting) >= _AT_ONCE:
            self._pack()

    def add_user(self, at_us: int, *, came: bool) -> None:
        self._users.add(at_us, came=came)
        self.cover(at_us, at_us)

    def cover(self, first_us: int, last_us: int) -> None:
        """The run was going on at these times."""
        if self._first_us is None:
            self._first_us, self._last_us = first_us, last_us
            return
        self._first_us = min(self._first_us, first_us)
        self._last_us = max(self._last_us, last_us)

    def fill(self, source: ImportSource) -> int:
        """Give the source all that there is, but when it began, which is returned.

        Raises UsageError when there is no request, and for times that are not those of one run.
        """
        if not self.requests or self._first_us is None:
            raise UsageError(f"{self._path} holds no request; there is nothing to import")
        first, last = self._first_us, self._last_us
        check_span(self._path, first / US_PER_SECOND, last / US_PER_SECOND)
        self._pack()
        source.record.endpoints = self._endpoints
        ended: dict[int, tuple[int, int]] = {}
        for part in self._parts():
            _add_samples(part, first, source)
            _add_ends(part, first, ended)
            self._add_errors(part, first, source)
        seconds = (last - first) // US_PER_SECOND + 1
        check_seconds(self._path, {0, seconds - 1, *ended, *self._users.seconds(first)})
        for second, users in enumerate(self._users.by_second(first, seconds)):
            done, failed = ended.get(second, (0, 0))
            source.record.seconds[second] = TimelineRow(second, 0, users, done, failed, 0, [])
            if self._users:
                source.users = max(users, source.users or 0)
        source.duration_s = (last - first) / US_PER_SECOND
        return first

    def _error(self, message: str) -> int:
        message = message[:_LONGEST_MESSAGE]
        number = self._errors.get(message)
        if number is None:
            if len(self._errors) >= _MOST_MESSAGES:
                message = _FURTHER_MESSAGES
            number = self._errors.setdefault(message, len(self._errors))
        return number

    def _pack(self) -> None:
        if not self._waiting:
            return
        columns = list(zip(*self._waiting, strict=True))
        self._waiting = []
        self._frames.append(
            pl.DataFrame(
                [
                    pl.Series(name, column, dtype=dtype)
                    for (name, dtype), column in zip(_TYPES.items(), columns, strict=True)
                ]
            )
        )

    def _parts(self) -> Iterator[pl.DataFrame]:
        """What was packed, once, in the order of the file."""
        frames, self._frames = self._frames, []
        while frames:
            yield frames.pop(0)

    def _add_errors(self, part: pl.DataFrame, first: int, source: ImportSource) -> None:
        messages = list(self._errors)
        kinds = (
            part.filter(~pl.col("ok"))
            .group_by("endpoint", "error", maintain_order=True)
            .agg(count=pl.len(), since=pl.col("start").min(), until=pl.col("start").max())
        )
        for number, error, count, since, until in kinds.iter_rows():
            source.record.errors.add(
                (*self._endpoints.entries[number], messages[error]),
                count,
                (since - first) / US_PER_SECOND,
                (until - first) / US_PER_SECOND,
            )


def moment_us(us: int) -> int:
    """Microseconds since 1970; ValueError when no run was then."""
    low, high = _RUNS_US
    if not low <= us < high:
        raise ValueError("its time is not one between 2001 and 2096")
    return us


def _add_samples(part: pl.DataFrame, first: int, source: ImportSource) -> None:
    second = ((pl.col("start") - first) // US_PER_SECOND).alias("second")
    placed = part.with_columns(second)
    source.record.cells.put(placed.group_by("endpoint", "ok", "second", "bin").agg(count=pl.len()))
    source.record.windows.put(
        placed.group_by("endpoint", "ok", "second").agg(
            count=pl.len(),
            sum_us=pl.col("elapsed").sum(),
            min_us=pl.col("elapsed").min(),
            max_us=pl.col("elapsed").max(),
            bytes=pl.col("bytes").sum(),
        )
    )


def _add_ends(part: pl.DataFrame, first: int, ended: dict[int, tuple[int, int]]) -> None:
    """Count the requests that ended in each second, and those of them that failed."""
    end = ((pl.col("start") + pl.col("elapsed") - first) // US_PER_SECOND).alias("second")
    counts = part.group_by(end).agg(done=pl.len(), failed=(~pl.col("ok")).sum())
    for at, done, failed in counts.iter_rows():
        before = ended.get(at, (0, 0))
        ended[at] = before[0] + done, before[1] + failed
