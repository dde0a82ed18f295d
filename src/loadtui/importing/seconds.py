"""What happened in each second of a run, as running programs note it by the clock on the wall.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import polars as pl

from loadtui.errors import UsageError
from loadtui.importing.source import ImportSource
from loadtui.store.journal import TimelineRow
from loadtui.store.rows import Rows

US_PER_SECOND = 1_000_000
LONGEST_RUN_S = 31 * 86400
"""A run that seems longer has a wrong clock in it, and would make a table of that many rows."""
_LONGEST_GAP_S = 86400
"""Running programs note every second, or every request."""
_NO_LATENCY = -1


class SecondCounts:
    """Users, requests and failures by second since 1970."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._users: dict[int, int] = {}
        self._all: dict[int, tuple[int, int]] = {}
        self._endpoints: dict[tuple[str, str], int] = {}
        # A full history of hours has millions of these.
        self._by_endpoint = Rows(
            {"endpoint": pl.UInt32, "second": pl.Int64},
            {"requests": pl.col("requests").sum(), "failures": pl.col("failures").sum()},
        )

    def add_users(self, second: int, users: int) -> None:
        self._users[second] = max(users, self._users.get(second, 0))

    def add_all(self, second: int, requests: int, failures: int) -> None:
        """Requests that ended in a second, and those of them that failed."""
        before = self._all.get(second, (0, 0))
        self._all[second] = before[0] + requests, before[1] + failures

    def add(self, second: int, endpoint: tuple[str, str], requests: int, failures: int) -> None:
        """The same of one endpoint, by its method and name."""
        number = self._endpoints.setdefault(endpoint, len(self._endpoints))
        self._by_endpoint.extend((number, second, requests, failures))

    def fill(self, source: ImportSource) -> None:
        """Give the source its start and length, its users and what happened in each second.

        Raises UsageError when the seconds lie too far apart to be those of one run.
        """
        known = {*self._users, *self._all}
        if self._endpoints:
            seconds = self._by_endpoint.frame().get_column("second")
            known |= {int(seconds.min()), int(seconds.max())}  # type: ignore[arg-type]
        if not known:
            return
        first, last = min(known), max(known)
        check_seconds(
            self._path, known if source.started is None else {*known, int(source.started)}
        )
        if source.started is None:
            source.started, source.duration_s = float(first), float(last - first)
        if self._users:
            source.users = max(self._users.values())
        first = int(source.started)
        users = 0
        for second in range(first, last + 1):
            users = self._users.get(second, users)
            requests, failures = self._all.get(second, (0, 0))
            source.record.seconds[second - first] = TimelineRow(
                second - first, 0, users, requests, failures, 0, []
            )
        source.record.only_ended = not self._endpoints
        if self._endpoints:
            self._fill_windows(source, first)

    def _fill_windows(self, source: ImportSource, first: int) -> None:
        numbers = {at: source.record.endpoints.add(*one) for one, at in self._endpoints.items()}
        for part in self._by_endpoint.parts():
            counts = part.with_columns(
                pl.col("endpoint").replace_strict(numbers, return_dtype=pl.UInt32),
                (pl.col("second") - first).clip(lower_bound=0),
            )
            failed = pl.col("failures")
            for ok, count in ((1, pl.col("requests") - failed), (0, failed)):
                source.record.windows.put(
                    counts.select("endpoint", "second", ok=pl.lit(ok), count=count)
                    .filter(pl.col("count") > 0)
                    .with_columns(sum_us=0, min_us=_NO_LATENCY, max_us=_NO_LATENCY, bytes=0)
                )
        self._by_endpoint.clear()


def check_seconds(path: Path, seconds: Iterable[int]) -> None:
    """UsageError for seconds in which something happened that are not those of a single run: too
    far apart in all, or with nothing between two of them for longer than a day."""
    ordered = sorted(seconds)
    check_span(path, ordered[0], ordered[-1])
    for before, after in pairwise(ordered):
        check_span(path, before, after, most=_LONGEST_GAP_S)


def check_span(path: Path, first: float, last: float, *, most: float = LONGEST_RUN_S) -> None:
    """UsageError for times that no single run lies between."""
    if last - first > most:
        raise UsageError(
            f"{path} has times that lie {(last - first) / 86400:.0f} days apart, which is no "
            f"single run; a clock was wrong, or several runs were put together"
        )
