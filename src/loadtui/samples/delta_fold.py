"""Folding the workers' deltas: what they mean for the run as a whole.

The host does it live and the store does it again with the journal, both through DeltaFold, so that
the running run and the saved one cannot disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from loadtui.samples.delta import CELL_WIDTH, WINDOW_WIDTH, Delta, WorkerHealth
from loadtui.samples.endpoint_table import EndpointTable
from loadtui.samples.error_kinds import KindCounts
from loadtui.samples.metric_bounds import MetricBounds
from loadtui.samples.remark_counts import RemarkCounts
from loadtui.samples.tallies import MetricInfo, MetricKind
from loadtui.samples.trend_bins import TrendSums, sums_of_old_bin

AHEAD_S = 600
"""How far a sample's second may lie after the newest second that any worker reported on: a wall
clock may have been stepped.  A later one can only be an error of whoever made it."""
UNREPORTED_S = 2_000_000
"""How far, while no worker has reported on any."""


@dataclass
class WorkerProgress:
    """What is known of one worker from its deltas."""

    index: int
    seq: int = 0
    recorded: int = 0
    """Requests in the deltas that arrived."""
    announced: int = 0
    """Requests the worker says it recorded."""
    lost_deltas: int = 0
    unfinished: int = 0
    final: bool = False
    health: WorkerHealth | None = None
    """The newest."""
    health_by_second: dict[int, WorkerHealth] = field(default_factory=dict)

    @property
    def lost_requests(self) -> int:
        return max(self.announced - self.recorded, 0)


class Observation(NamedTuple):
    """Of a custom metric: a counter's amount, a rate's trials and hits, or how many values of a
    trend lie in a bin, as `count`, `hits` and `bin`."""

    kind: MetricKind
    name: str
    endpoint: str
    second: int
    count: int  # type: ignore[assignment]  # a field, not tuple.count
    hits: int = 0
    bin: int | None = None
    values: TrendSums | None = None
    """Of a trend what the values in the bin come to."""


class FoldedRows(NamedTuple):
    """The numbers of one delta; seconds are 0 or more, endpoints have the run's numbers."""

    cells: list[int]
    """Rows of BinCount, flattened."""
    windows: list[int]
    """Rows of WindowSums, flattened."""
    observations: list[Observation]


class DeltaFold:
    """What deltas say of a run, but for the numbers, which are handed on."""

    def __init__(self, most_endpoints: int | None = None) -> None:
        """None: as many endpoints as come are told apart."""
        self.endpoints = EndpointTable(most_endpoints)
        self.workers: dict[int, WorkerProgress] = {}
        self.errors = KindCounts()
        """By (method, name, message)."""
        self.exceptions = KindCounts()
        """By (message, traceback)."""
        self.remarks = RemarkCounts()
        self._newest = -1
        """The newest second that a worker reported on."""
        self._newest_sample = 0
        self.late: Counter[tuple[int, int]] = Counter()
        """(endpoint, ok) -> requests that started after the end of the run."""
        self._bounds = MetricBounds(self.remarks)
        self.metric_infos: dict[str, MetricInfo] = {}
        """Trend name -> what its values mean, as the first worker announced it."""

    def fold(self, delta: Delta) -> FoldedRows | None:
        """Take in a delta and give its numbers; None for one that was taken before, by its
        sequence number.  The delta is left as it is."""
        worker = self.workers.setdefault(delta.worker, WorkerProgress(delta.worker))
        if delta.seq <= worker.seq:
            return None
        worker.lost_deltas += delta.seq - worker.seq - 1
        worker.seq = delta.seq
        worker.recorded += sum(delta.windows[3::WINDOW_WIDTH])
        worker.announced = max(worker.announced, delta.total)
        worker.unfinished = delta.unfinished
        worker.final = worker.final or delta.final
        for health in delta.health:
            worker.health = health
            worker.health_by_second[health.second] = health
            self._newest = max(self._newest, health.second)
        self.endpoints.learn(delta.worker, delta.endpoints)
        self._fold_failures(delta)
        for remark in delta.remarks:
            self.remarks.add(remark.text, remark.count)
        for late in delta.late:
            self.late[self.endpoints.number(delta.worker, late.endpoint), late.ok] += late.count
        for info in delta.trend_infos:
            self.metric_infos.setdefault(info.name, MetricInfo(info.unit, info.better))
        return FoldedRows(
            self._numbered(delta.worker, delta.cells, CELL_WIDTH),
            self._numbered(delta.worker, delta.windows, WINDOW_WIDTH),
            self._observations(delta),
        )

    def _fold_failures(self, delta: Delta) -> None:
        for error in delta.errors:
            kind = error.method, error.name, error.message
            self.errors.add(kind, error.count, error.first, error.last)
        self.errors.add_others(delta.errors_dropped)
        for exception in delta.exceptions:
            raised = exception.message, exception.traceback
            self.exceptions.add(raised, exception.count, exception.first, exception.last)
        self.exceptions.add_others(delta.exceptions_dropped)

    def _numbered(self, worker: int, rows: list[int], width: int) -> list[int]:
        """The rows with the run's endpoint numbers and seconds within the run."""
        flat = rows.copy()
        own = flat[::width]
        numbers = {number: self.endpoints.number(worker, number) for number in dict.fromkeys(own)}
        flat[::width] = [numbers[number] for number in own]
        flat[2::width] = self._within(flat[2::width])
        return flat

    def _within(self, seconds: list[int]) -> list[int]:
        """The seconds, those before the run's start as 0, and those that cannot be yet as the
        newest that can: nothing that is made of a run may be as long as an odd second is late."""
        if not seconds:
            return seconds
        latest = self._newest + AHEAD_S if self._newest >= 0 else UNREPORTED_S
        if min(seconds) < 0 or max(seconds) > latest:
            newest = max(self._newest, self._newest_sample)
            seconds = [max(second, 0) if second <= latest else newest for second in seconds]
        self._newest_sample = max(self._newest_sample, *seconds)
        return seconds

    def _observations(self, delta: Delta) -> list[Observation]:
        """Those of the custom metrics that the run takes."""
        observations = []
        for observation in self._told(delta):
            kind, name = observation.kind, observation.name
            of_counter = kind == "counter"
            times = 1 if of_counter else observation.count
            endpoint = self._bounds.admitted(kind, name, observation.endpoint, times)
            if endpoint is None:
                continue
            count = observation.count
            if of_counter:
                count = self._bounds.amount(name, count)
            observations.append(observation._replace(endpoint=endpoint, count=count))
        return observations

    def _told(self, delta: Delta) -> Iterator[Observation]:
        """What a delta says of custom metrics, within the seconds of the run."""
        for added in delta.counters:
            yield Observation(
                "counter", added.name, added.endpoint, self._second(added.second), added.amount
            )
        for rate in delta.rates:
            second = self._second(rate.second)
            yield Observation("rate", rate.name, rate.endpoint, second, rate.trials, rate.hits)
        for row in delta.trends:
            second = self._second(row.second)
            if row.sum is None or row.min is None or row.max is None:
                values = sums_of_old_bin(row.bin, row.count)
            else:
                values = TrendSums(row.sum, row.min, row.max)
            yield Observation(
                "trend", row.name, row.endpoint, second, row.count, bin=row.bin, values=values
            )

    def _second(self, second: int) -> int:
        return self._within([second])[0]
