"""Folds the workers' deltas into the run so far, and writes them to the journal.

Memory grows with endpoints, bins and kinds of errors, never with time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from loadtui.engine.host.recent_metrics import MetricId, Observations
from loadtui.samples.delta import (
    CELL_WIDTH,
    HOST,
    WINDOW_WIDTH,
    Delta,
    ExceptionCount,
    WorkerHealth,
    decode_delta,
    encode_delta,
)
from loadtui.samples.endpoint_table import EndpointTable
from loadtui.samples.stage_clock import StageClock
from loadtui.samples.tallies import MetricInfo, MetricKey, Tallies
from loadtui.samples.tally import Tally
from loadtui.store.journal import DELTA, STAGE, JournalWriter, StageBegan
from loadtui.store.manifest import StageSpan
from loadtui.store.stage_spans import stage_spans

MAX_ERROR_KINDS = 1000
OTHER_ERRORS = ("", "", "(further kinds of errors)")
OTHER_EXCEPTIONS = ("(further kinds of exceptions)", "")
FAR = 2**31
"""Stands for the end of a run that goes on."""


@dataclass
class WorkerState:
    """What the host knows of one worker."""

    index: int
    seq: int = 0
    recorded: int = 0
    """Requests folded."""
    announced: int = 0
    """Requests the worker says it recorded."""
    lost_deltas: int = 0
    unfinished: int = 0
    final: bool = False
    health: WorkerHealth | None = None
    seconds: dict[int, WorkerHealth] = field(default_factory=dict)
    """Health by second, until the timeline has used it."""


@dataclass
class Kind:
    """Occurrences of one kind of failure; times in seconds since the run's start."""

    count: int = 0
    first: float = 0.0
    last: float = 0.0

    def add(self, count: int, first: float, last: float) -> None:
        self.first = min(self.first, first) if self.count else first
        self.last = max(self.last, last)
        self.count += count


class Arrivals:
    """What completed since the last tick: the live charts' second."""

    def __init__(self) -> None:
        self.total = Tally()
        self.by_endpoint: dict[int, int] = {}
        self.metrics = Observations()


class Collector:
    """The numbers of the run so far."""

    def __init__(self, journal: JournalWriter) -> None:
        self._journal = journal
        self.table = EndpointTable()
        self.tallies = Tallies()
        self.total = Tally()
        self.by_endpoint: dict[int, Tally] = {}
        self.metrics = Observations()
        """Custom metrics over the whole run."""
        self.workers: dict[int, WorkerState] = {}
        self.errors: dict[tuple[str, str, str], Kind] = {}
        self.exceptions: dict[tuple[str, str], Kind] = {}
        self.stages: list[StageSpan] = []
        """Spans as far as known: the last one open, ending at FAR or where it was planned to."""
        self._began: list[StageBegan] = []
        self._clock = StageClock()
        self._arrivals = Arrivals()
        self.journal_error = ""

    def begin_stage(self, began: StageBegan) -> None:
        """From this second on, requests belong to this stage."""
        self._clock.begin(began.start)
        self._began.append(began)
        end = FAR if began.planned_s is None else began.start + int(began.planned_s)
        self.stages = stage_spans(self._began, max(end, began.start))
        self.write(STAGE, msgspec.msgpack.encode(began))

    def write(self, kind: bytes, body: bytes) -> None:
        """Append to the journal; a full disk ends the keeping, not the run."""
        if self.journal_error:
            return
        try:
            self._journal.append(kind, body)
            self._journal.flush()
        except OSError as error:
            self.journal_error = f"the journal could not be written: {error.strerror}"

    def take_arrivals(self) -> Arrivals:
        """What completed since the last call."""
        arrivals, self._arrivals = self._arrivals, Arrivals()
        return arrivals

    def fold(self, raw: bytes) -> Delta:
        """Take in a worker's delta, as it came over the wire."""
        delta = decode_delta(raw)
        self.write(DELTA, raw)
        worker = self.workers.setdefault(delta.worker, WorkerState(delta.worker))
        worker.lost_deltas += max(delta.seq - worker.seq - 1, 0)
        worker.seq = max(worker.seq, delta.seq)
        worker.announced = max(worker.announced, delta.total)
        worker.unfinished = delta.unfinished
        worker.final = worker.final or delta.final
        self.table.learn(delta.worker, delta.endpoints)
        self._fold_requests(delta, worker)
        self._fold_failures(delta)
        self._fold_metrics(delta)
        for health in delta.health:
            worker.health = health
            worker.seconds[health.second] = health
        return delta

    def _fold_requests(self, delta: Delta, worker: WorkerState) -> None:
        number, worker_index = self.table.number, delta.worker
        flat = delta.windows
        for at in range(0, len(flat), WINDOW_WIDTH):
            local, ok, second, count, sum_us, min_us, max_us, size = flat[at : at + WINDOW_WIDTH]
            endpoint = number(worker_index, local)
            stage, measured = self._place(second)
            row = (ok, count, sum_us, min_us, max_us, size)
            self.tallies.add_window(stage, endpoint, measured, *row)
            self.total.add_window(*row)
            self._tally(endpoint).add_window(*row)
            arrivals = self._arrivals
            arrivals.total.add_window(*row)
            arrivals.by_endpoint[endpoint] = arrivals.by_endpoint.get(endpoint, 0) + count
            worker.recorded += count
        flat = delta.cells
        for at in range(0, len(flat), CELL_WIDTH):
            local, _, second, bin_, count = flat[at : at + CELL_WIDTH]
            endpoint = number(worker_index, local)
            stage, measured = self._place(second)
            self.tallies.add_cell(stage, endpoint, measured, bin_, count)
            self.total.add_cell(bin_, count)
            self._tally(endpoint).add_cell(bin_, count)
            self._arrivals.total.add_cell(bin_, count)

    def _fold_failures(self, delta: Delta) -> None:
        for error in delta.errors:
            key = (error.method, error.name, error.message)
            if key not in self.errors and len(self.errors) >= MAX_ERROR_KINDS:
                key = OTHER_ERRORS
            self.errors.setdefault(key, Kind()).add(error.count, error.first, error.last)
        if delta.errors_dropped:
            self.errors.setdefault(OTHER_ERRORS, Kind()).add(delta.errors_dropped, 0.0, 0.0)
        for exception in delta.exceptions:
            self._count_exception(exception)

    def add_exception(self, exception: ExceptionCount) -> None:
        """An exception of user code in the host itself; kept as if worker HOST had sent it."""
        host = self.workers.get(HOST)
        seq = host.seq + 1 if host else 1
        self.fold(encode_delta(Delta(worker=HOST, seq=seq, total=0, exceptions=[exception])))

    def _count_exception(self, exception: ExceptionCount) -> None:
        key = (exception.message, exception.traceback)
        if key not in self.exceptions and len(self.exceptions) >= MAX_ERROR_KINDS:
            key = OTHER_EXCEPTIONS
        self.exceptions.setdefault(key, Kind()).add(
            exception.count, exception.first, exception.last
        )

    def sync(self) -> None:
        """Make what was written durable; blocks, for a thread."""
        if not self.journal_error:
            self._journal.sync()

    def _fold_metrics(self, delta: Delta) -> None:
        for info in delta.trend_infos:
            self.tallies.metric_infos[info.name] = MetricInfo(info.unit, info.better)
        for counter in delta.counters:
            id_ = MetricId("counter", counter.name, counter.endpoint)
            self._observe(id_, counter.second, counter.amount)
        for rate in delta.rates:
            id_ = MetricId("rate", rate.name, rate.endpoint)
            self._observe(id_, rate.second, rate.trials, rate.hits)
        for trend in delta.trends:
            id_ = MetricId("trend", trend.name, trend.endpoint)
            self._observe(id_, trend.second, trend.count, bin_=trend.bin)

    def _observe(
        self, id_: MetricId, second: int, count: int, hits: int = 0, bin_: int | None = None
    ) -> None:
        stage, measured = self._place(second)
        self.tallies.add_metric(MetricKey(*id_, stage), measured, count, hits, bin_)
        self.metrics.add(id_, count, hits, bin_)
        self._arrivals.metrics.add(id_, count, hits, bin_)

    def _place(self, second: int) -> tuple[int, bool]:
        """(stage index, in its measured part) of a second of the run."""
        stage = self._clock.stage_of(second)
        if stage >= len(self.stages):
            return stage, False
        span = self.stages[stage]
        return stage, span.measured_from <= second < span.measured_to

    def _tally(self, endpoint: int) -> Tally:
        tally = self.by_endpoint.get(endpoint)
        if tally is None:
            tally = self.by_endpoint[endpoint] = Tally()
        return tally

    @property
    def unfinished(self) -> int:
        return sum(worker.unfinished for worker in self.workers.values())

    @property
    def lost_deltas(self) -> int:
        return sum(worker.lost_deltas for worker in self.workers.values())

    @property
    def lost_requests(self) -> int:
        return sum(max(w.announced - w.recorded, 0) for w in self.workers.values())

    @property
    def exception_count(self) -> int:
        return sum(kind.count for kind in self.exceptions.values())
