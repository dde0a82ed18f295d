"""A tally: the mergeable sums of a set of requests, from which every figure is read."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.percentile_names import percentile_share
from loadtui.samples.delta import NO_BIN
from loadtui.samples.figures import Figures
from loadtui.samples.percentile import percentiles_of_bins

_BINS: dict[int, int] = {}
"""Each bin's number once: tallies of thousands of endpoints hold it."""


class Tally:
    """Sums of requests; memory grows with the number of distinct bins, never with requests."""

    __slots__ = ("bins", "bytes", "failures", "max_us", "min_us", "requests", "sum_us", "timed")

    def __init__(self) -> None:
        self.requests = 0
        self.failures = 0
        self.timed = 0
        """Requests that had a response time."""
        self.sum_us = 0
        self.min_us = -1
        self.max_us = -1
        self.bytes = 0
        self.bins: dict[int, int] = {}

    def add_cell(self, bin_: int, count: int) -> None:
        """Count latencies of one bin; NO_BIN counts nothing here (a window row counts requests)."""
        if bin_ != NO_BIN:
            known = self.bins.get(bin_)
            if known is None:
                self.bins[_BINS.setdefault(bin_, bin_)] = count
            else:
                self.bins[bin_] = known + count
            self.timed += count

    def add_window(
        self, ok: int, count: int, sum_us: int, min_us: int, max_us: int, size: int
    ) -> None:
        """Count requests and their exact sums."""
        self.requests += count
        if not ok:
            self.failures += count
        self.sum_us += sum_us
        self.bytes += size
        self.max_us = max(self.max_us, max_us)
        if min_us >= 0 and (self.min_us < 0 or min_us < self.min_us):
            self.min_us = min_us

    def merge(self, other: Tally) -> None:
        """Add another tally's sums to this one."""
        self.requests += other.requests
        self.failures += other.failures
        self.timed += other.timed
        self.sum_us += other.sum_us
        self.bytes += other.bytes
        self.max_us = max(self.max_us, other.max_us)
        if other.min_us >= 0 and (self.min_us < 0 or other.min_us < self.min_us):
            self.min_us = other.min_us
        mine = self.bins
        for bin_, count in other.bins.items():
            mine[bin_] = mine.get(bin_, 0) + count

    def percentile_us(self, p: float) -> float | None:
        """Microseconds of the first bin at which the running count reaches a share p of all, never
        beyond the exact extremes; None when no request had a response time."""
        return self.percentiles_us((p,))[0]

    def percentiles_us(self, ps: tuple[float, ...]) -> list[float | None]:
        """Like percentile_us for several shares, in one pass over the bins."""
        values = percentiles_of_bins(self.bins, ps, self.min_us, self.max_us)
        return [*values] if values else [None] * len(ps)

    def mean_us(self) -> float | None:
        return self.sum_us / self.timed if self.timed else None

    def longest_us(self) -> float | None:
        return self.max_us if self.timed else None

    def shortest_us(self) -> float | None:
        return self.min_us if self.timed else None

    def rps(self, seconds: float) -> float | None:
        return self.requests / seconds if seconds > 0 else None

    def error_rate(self) -> float | None:
        return self.failures / self.requests if self.requests else None

    def figures(self, seconds: float, percentiles: Sequence[str] = ()) -> Figures:
        """The figures of these requests over a stretch of so many seconds, those percentiles
        included that are asked for by name."""
        shares = [percentile_share(name) or 0.0 for name in percentiles]
        p50, p95, p99, *others = self.percentiles_us((0.50, 0.95, 0.99, *shares))
        return Figures(
            requests=self.requests,
            failures=self.failures,
            error_rate=self.failures / self.requests if self.requests else 0.0,
            rps=self.requests / seconds if seconds > 0 else 0.0,
            bytes=self.bytes,
            mean_ms=self.sum_us / self.timed / 1000 if self.timed else None,
            p50_ms=_ms(p50),
            p95_ms=_ms(p95),
            p99_ms=_ms(p99),
            max_ms=self.max_us / 1000 if self.max_us >= 0 else None,
            percentiles=dict(zip(percentiles, map(_ms, others), strict=True)),
        )


def _ms(us: float | None) -> float | None:
    return None if us is None else us / 1000
