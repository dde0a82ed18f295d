"""All tallies of a run: one for each stage and endpoint, and for each custom metric.

The live host fills one as deltas come in; `store.tallies.load_tallies` builds the same from a kept
run.  Plain Python throughout, so that folding never blocks on a dataframe library.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from loadtui.samples.delta import NO_BIN
from loadtui.samples.percentile import percentiles_of_bins
from loadtui.samples.tally import Tally

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


class MetricTally:
    """Mergeable sums of a custom metric.

    `count` is a counter's sum, a rate's trials or a trend's number of values; `hits` a rate's hits;
    `bins` a trend's counts per bin of round(1000 * value).
    """

    __slots__ = ("bins", "count", "hits")

    def __init__(self) -> None:
        self.count = 0
        self.hits = 0
        self.bins: dict[int, int] = {}

    def add(self, count: int, hits: int = 0, bin_: int | None = None) -> None:
        self.count += count
        self.hits += hits
        if bin_ is not None:
            self.bins[bin_] = self.bins.get(bin_, 0) + count

    def merge(self, other: MetricTally) -> None:
        self.count += other.count
        self.hits += other.hits
        for bin_, count in other.bins.items():
            self.bins[bin_] = self.bins.get(bin_, 0) + count

    def rate(self) -> float | None:
        """A rate's share of hits, 0..1; None without observations."""
        return self.hits / self.count if self.count else None

    def percentiles(self, ps: tuple[float, ...]) -> list[float | None]:
        """A trend's percentiles, in the metric's own unit."""
        thousandths = percentiles_of_bins(self.bins, ps)
        return [value / 1000 for value in thousandths] if thousandths else [None] * len(ps)


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
        self, key: MetricKey, measured: bool, count: int, hits: int = 0, bin_: int | None = None
    ) -> None:
        """Count observations of a custom metric; counters hold for the whole stage."""
        self._metric(self.metrics, key).add(count, hits, bin_)
        if measured:
            self._metric(self.metrics_measured, key).add(count, hits, bin_)

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
