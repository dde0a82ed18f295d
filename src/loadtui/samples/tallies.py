"""All tallies of a run: one for each stage and endpoint, and for each custom metric.

The live host fills one as deltas come in; `store.tallies.load_tallies` builds the same from a kept
run.  Plain Python throughout, so that folding never blocks on a dataframe library.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, NamedTuple

from loadtui.samples.delta import NO_BIN
from loadtui.samples.percentile import position_at
from loadtui.samples.tally import Tally
from loadtui.samples.trend_bins import TrendSums, sums_of_old_bin, value_of_bin

MetricKind = Literal["counter", "rate", "trend"]


class MetricKey(NamedTuple):
    """One custom metric in one stage; `endpoint` is what the scenario gave, "" for none."""

    kind: MetricKind
    name: str
    endpoint: str
    stage: int


class MetricInfo(NamedTuple):
    """What the values of a metric mean; counters and rates have no unit."""

    unit: str = ""
    better: str = "lower"
    """`lower` or `higher`."""


@dataclass(slots=True)
class BinValues:
    """The values of a trend in one bin: how many, their sum, the smallest and the largest."""

    count: int
    total: float
    least: float
    most: float

    def add(self, count: int, total: float, least: float, most: float) -> None:
        """Take in further values of the bin."""
        self.count += count
        self.total += total
        self.least = min(self.least, least)
        self.most = max(self.most, most)

    def value(self) -> float:
        """The value that stands for all of them."""
        return value_of_bin(self.least, self.most)


class MetricTally:
    """Mergeable sums of a custom metric.

    `count` is a counter's sum, a rate's trials or a trend's number of values; `hits` a rate's hits;
    `bins` a trend's values by bin (see `trend_bins`).
    """

    __slots__ = ("bins", "count", "hits")

    def __init__(self) -> None:
        self.count = 0
        self.hits = 0
        self.bins: dict[int, BinValues] = {}

    def add(
        self, count: int, hits: int = 0, bin_: int | None = None, values: TrendSums | None = None
    ) -> None:
        """Count observations; of a trend those of one bin, with what they come to, None for a bin
        of an earlier version."""
        self.count += count
        self.hits += hits
        if bin_ is not None:
            self._add_bin(bin_, count, *(values or sums_of_old_bin(bin_, count)))

    def merge(self, other: MetricTally) -> None:
        self.count += other.count
        self.hits += other.hits
        for bin_, values in other.bins.items():
            self._add_bin(bin_, values.count, values.total, values.least, values.most)

    def rate(self) -> float | None:
        """A rate's share of hits, 0..1; None without observations."""
        return self.hits / self.count if self.count else None

    def percentiles(self, ps: tuple[float, ...]) -> list[float | None]:
        """A trend's percentiles, in the metric's own unit; never beyond its extremes."""
        bins = sorted(self.bins)
        running = list(accumulate(self.bins[bin_].count for bin_ in bins))
        if not running or not running[-1]:
            return [None] * len(ps)
        return [self.bins[bins[position_at(running, share)]].value() for share in ps]

    def least(self) -> float | None:
        """A trend's smallest value."""
        return self.bins[min(self.bins)].least if self.bins else None

    def most(self) -> float | None:
        """A trend's largest value."""
        return self.bins[max(self.bins)].most if self.bins else None

    def mean(self) -> float | None:
        """A trend's mean, which what is lost in adding up fractions never takes beyond its
        extremes."""
        least, most = self.least(), self.most()
        if least is None or most is None or not self.count:
            return None
        try:
            mean = math.fsum(values.total for values in self.bins.values()) / self.count
        except OverflowError:
            return most
        if not mean.is_integer():  # The last digits of a fraction depend on the order of adding.
            mean = float(f"{mean:.12g}")
        return min(max(mean, least), most)

    def _add_bin(self, bin_: int, count: int, total: float, least: float, most: float) -> None:
        known = self.bins.get(bin_)
        if known is None:
            self.bins[bin_] = BinValues(count, total, least, most)
        else:
            known.add(count, total, least, most)


class Tallies:
    """Sums of a whole run, keyed (stage index, endpoint number), whole stage and measured part.

    Every number is kept in `whole`; those that started in a stage's measured part also in
    `measured`.  Memory grows with endpoints and distinct bins, not with time.  An endpoint that
    had no request in a stage has no entry; `merged` of nothing is an empty tally.
    """

    def __init__(self, metric_infos: dict[str, MetricInfo] | None = None) -> None:
        self.whole: dict[tuple[int, int], Tally] = {}
        self.measured: dict[tuple[int, int], Tally] = {}
        self.metrics: dict[MetricKey, MetricTally] = {}
        self.metrics_measured: dict[MetricKey, MetricTally] = {}
        self.metric_infos = {} if metric_infos is None else metric_infos
        """Trend name -> what its values mean."""

    def add_cell(self, stage: int, endpoint: int, measured: bool, bin_: int, count: int) -> None:
        """Count latencies of one bin; the requests themselves are counted by `add_window`."""
        if bin_ == NO_BIN:
            return
        self._of(self.whole, stage, endpoint).add_cell(bin_, count)
        if measured:
            self._of(self.measured, stage, endpoint).add_cell(bin_, count)

    def add_window(
        self,
        stage: int,
        endpoint: int,
        measured: bool,
        ok: int,
        count: int,
        sum_us: int,
        min_us: int,
        max_us: int,
        size: int,
    ) -> None:
        """Count requests and their exact sums; `min_us` and `max_us` are -1 for no latency."""
        self._of(self.whole, stage, endpoint).add_window(ok, count, sum_us, min_us, max_us, size)
        if measured:
            self._of(self.measured, stage, endpoint).add_window(
                ok, count, sum_us, min_us, max_us, size
            )

    def add_metric(
        self,
        key: MetricKey,
        measured: bool,
        count: int,
        hits: int = 0,
        bin_: int | None = None,
        values: TrendSums | None = None,
    ) -> None:
        """Count observations of a custom metric, as MetricTally.add; counters hold for the whole
        stage."""
        self._metric(self.metrics, key).add(count, hits, bin_, values)
        if measured:
            self._metric(self.metrics_measured, key).add(count, hits, bin_, values)

    def merged(
        self, stage: int | None = None, endpoint: int | None = None, measured: bool = False
    ) -> Tally:
        """A new tally of one stage (None: all) and one endpoint (None: all)."""
        total = Tally()
        for (its_stage, its_endpoint), tally in (self.measured if measured else self.whole).items():
            if stage in (None, its_stage) and endpoint in (None, its_endpoint):
                total.merge(tally)
        return total

    def merged_metric(
        self,
        kind: MetricKind,
        name: str,
        *,
        stage: int | None = None,
        endpoint: str | None = None,
        measured: bool = False,
    ) -> MetricTally | None:
        """A new tally of one metric over stages and endpoints (None: all); None if never seen."""
        total: MetricTally | None = None
        for key, tally in (self.metrics_measured if measured else self.metrics).items():
            if (
                key.kind == kind
                and key.name == name
                and stage in (None, key.stage)
                and endpoint in (None, key.endpoint)
            ):
                total = total or MetricTally()
                total.merge(tally)
        return total

    @staticmethod
    def _of(tallies: dict[tuple[int, int], Tally], stage: int, endpoint: int) -> Tally:
        key = stage, endpoint
        tally = tallies.get(key)
        if tally is None:
            tally = tallies[key] = Tally()
        return tally

    @staticmethod
    def _metric(tallies: dict[MetricKey, MetricTally], key: MetricKey) -> MetricTally:
        tally = tallies.get(key)
        if tally is None:
            tally = tallies[key] = MetricTally()
        return tally
