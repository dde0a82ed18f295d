"""Sums of requests as Locust has them: response times in its coarse buckets, counts by second.

Rules are those of locust.stats.StatsEntry.  Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Self

import polars as pl

from loadtui.report.locust_csv.locust_tables import LOCUST_PERCENTILES
from loadtui.samples.bins import bin_midpoint
from loadtui.store.stored_run import Run

WINDOW_S = 10
"""Length of what Locust calls current."""
_LAG_S = 2
"""Locust leaves out the newest seconds of a rate, of which workers may still report."""


def bucket_ms(ms: float) -> int:
    """A response time as Locust rounds it: whole milliseconds below 100, two digits up to 10 s,
    whole seconds above."""
    digits = 0 if ms < 100 else -1 if ms < 1000 else -2 if ms < 10_000 else -3
    return int(round(ms, digits))


class LocustStatsEntry:
    """Requests of one endpoint, or of all, up to some second."""

    __slots__ = (
        "_at", "_failed_at", "_times_at", "bytes", "failures", "max_us", "min_us", "requests",
        "sum_us", "timed", "times",
    )  # fmt: skip

    def __init__(self) -> None:
        self.requests = 0
        self.failures = 0
        self.timed = 0
        self.sum_us = 0
        self.min_us = -1
        self.max_us = -1
        self.bytes = 0
        self.times: dict[int, int] = defaultdict(int)
        """Bucket in ms -> requests."""
        self._at: dict[int, int] = defaultdict(int)
        self._failed_at: dict[int, int] = defaultdict(int)
        self._times_at: dict[int, list[tuple[int, int]]] = defaultdict(list)

    def add_window(
        self, second: int, ok: bool, count: int, sum_us: int, min_us: int, max_us: int, size: int
    ) -> None:
        """Count requests that began in a second; `min_us` and `max_us` are -1 for no latency."""
        self.requests += count
        self._at[second] += count
        if not ok:
            self.failures += count
            self._failed_at[second] += count
        self.sum_us += sum_us
        self.bytes += size
        self.max_us = max(self.max_us, max_us)
        if min_us >= 0 and (self.min_us < 0 or min_us < self.min_us):
            self.min_us = min_us

    def add_times(self, second: int, bucket: int, count: int) -> None:
        self.timed += count
        self.times[bucket] += count
        self._times_at[second].append((bucket, count))

    def mean_ms(self) -> float:
        return self.sum_us / self.timed / 1000 if self.timed else 0.0

    def min_ms(self) -> float:
        return max(self.min_us, 0) / 1000

    def max_ms(self) -> float:
        return max(self.max_us, 0) / 1000

    def median_ms(self) -> float:
        """The bucket of the median, but never beyond the exact extremes."""
        if not self.times:
            return 0
        [median] = self.percentiles((0.5,))
        return max(min(median, self.max_ms()), self.min_ms())

    def percentiles(self, shares: Sequence[float]) -> list[int]:
        """For each share the first bucket from above that at most so many lie over."""
        values: dict[float, int] = {}
        buckets = sorted(self.times, reverse=True)
        above, at = 0, 0
        for share in sorted(shares, reverse=True):
            allowed = int(self.timed * share)
            while at < len(buckets) and self.timed - above - self.times[buckets[at]] > allowed:
                above += self.times[buckets[at]]
                at += 1
            values[share] = buckets[at] if at < len(buckets) else 0
        return [values[share] for share in shares]

    def by_second(self) -> tuple[dict[int, int], dict[int, int]]:
        """Second of the run -> requests, and failures, that began in it."""
        return dict(self._at), dict(self._failed_at)

    def current_rates(self, now: int) -> tuple[float, float]:
        """Requests and failures a second shortly before a second."""
        seconds = range(max(now - WINDOW_S - _LAG_S, 0), now - _LAG_S)
        if not seconds:
            return 0.0, 0.0
        counts = (
            sum(of.get(second, 0) for second in seconds) for of in (self._at, self._failed_at)
        )
        requests, failures = counts
        return requests / len(seconds), failures / len(seconds)

    def recent(self, now: int) -> LocustStatsEntry:
        """The response times of requests that began in the seconds before a second."""
        entry = LocustStatsEntry()
        for second in range(max(now - WINDOW_S, 0), now):
            for bucket, count in self._times_at.get(second, ()):
                entry.timed += count
                entry.times[bucket] += count
        return entry


def reported_shares(run: Run) -> Sequence[float]:
    """The percentiles that Locust would report of a run."""
    set_by_file = run.manifest.locust_statistics
    return (set_by_file.percentiles if set_by_file else ()) or LOCUST_PERCENTILES


class EntrySeconds:
    """A run's requests by the second in which they began."""

    def __init__(self, windows: pl.DataFrame, times: pl.DataFrame) -> None:
        self._windows = _by_second(windows)
        self._times = _by_second(times)
        self.last = max([*self._windows, *self._times], default=-1) + 1
        """One past the last second in which a request began."""
        self._next = 0
        self._entries: dict[int, LocustStatsEntry] = {}
        self._total = LocustStatsEntry()

    @classmethod
    def of(cls, run: Run, since: int = 0) -> Self:
        """Of the requests that began in or after the second `since`.

        Raises UsageError when a table of the run is missing or damaged.
        """
        windows = (
            run.windows()
            .filter(pl.col("second") >= since)
            .group_by("second", "endpoint", "ok")
            .agg(
                pl.col("count").cast(pl.Int64).sum(),
                pl.col("sum_us").sum(),
                pl.col("min_us").min().fill_null(-1),
                pl.col("max_us").max().fill_null(-1),
                pl.col("bytes").sum(),
            )
        )
        samples = run.samples().filter(pl.col("second") >= since)
        bins = samples.get_column("bin").unique().to_list()
        buckets = pl.DataFrame(
            {"bin": bins, "bucket": [bucket_ms(bin_midpoint(bin_) / 1000) for bin_ in bins]},
            schema={"bin": samples.schema["bin"], "bucket": pl.Int64},
        )
        times = (
            samples.join(buckets, on="bin")
            .group_by("second", "endpoint", "bucket")
            .agg(pl.col("count").cast(pl.Int64).sum())
        )
        return cls(windows, times)

    def advance(self, to: int) -> tuple[dict[int, LocustStatsEntry], LocustStatsEntry]:
        """What began before a second, by endpoint and of all; seconds never go back."""
        for second in range(self._next, to):
            for endpoint, ok, *sums in self._windows.get(second, ()):
                self._of(endpoint).add_window(second, bool(ok), *sums)
                self._total.add_window(second, bool(ok), *sums)
            for endpoint, bucket, count in self._times.get(second, ()):
                self._of(endpoint).add_times(second, bucket, count)
                self._total.add_times(second, bucket, count)
        self._next = max(self._next, to)
        return self._entries, self._total

    def _of(self, endpoint: int) -> LocustStatsEntry:
        return self._entries.setdefault(endpoint, LocustStatsEntry())


def _by_second(frame: pl.DataFrame) -> dict[int, list[tuple[int, ...]]]:
    rows: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for second, *rest in frame.iter_rows():
        rows[second].append(tuple(rest))
    return rows
