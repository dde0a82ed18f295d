"""Folds the workers' deltas into the run so far, and writes them to the journal.

Memory grows with endpoints, bins and kinds of errors, never with time.
"""

from __future__ import annotations

import msgspec

from loadtui.engine.host.run_journal import RunJournal
from loadtui.known_secrets import SECRETS
from loadtui.samples.delta import (
    CELL_WIDTH,
    HOST,
    WINDOW_WIDTH,
    Delta,
    ExceptionCount,
    RemarkCount,
    decode_delta,
    encode_delta,
)
from loadtui.samples.delta_checks import check_delta
from loadtui.samples.delta_fold import DeltaFold, Observation
from loadtui.samples.endpoint_table import MAX_ENDPOINTS
from loadtui.samples.stage_clock import StageClock
from loadtui.samples.tallies import MetricKey, Tallies
from loadtui.samples.tally import Tally
from loadtui.store.journal import DELTA_FRAME, STAGE_FRAME, JournalWriter, StageBegan
from loadtui.store.manifest import StageSpan
from loadtui.store.stage_spans import stage_spans
from loadtui.wire.metric_observations import MetricId, Observations

FAR = 2**31
"""Stands for the end of a run that is running."""


class Arrivals:
    """What completed since the last tick: the live charts' second."""

    def __init__(self) -> None:
        self.total = Tally()
        self.by_endpoint: dict[int, int] = {}
        self.metrics = Observations()


class Collector:
    """The numbers of the run so far."""

    def __init__(self, journal: JournalWriter | RunJournal) -> None:
        self._journal = journal
        self._fold = DeltaFold(MAX_ENDPOINTS)
        self.table = self._fold.endpoints
        self.workers = self._fold.workers
        self.errors = self._fold.errors
        self.exceptions = self._fold.exceptions
        self.remarks = self._fold.remarks
        self.tallies = Tallies(self._fold.metric_infos)
        self.total = Tally()
        self.by_endpoint: dict[int, Tally] = {}
        self.metrics = Observations()
        """Custom metrics over the whole run."""
        self.stages: list[StageSpan] = []
        """Spans as far as known: the last one open, ending at FAR or where it was planned to."""
        self._began: list[StageBegan] = []
        self._clock = StageClock()
        self._arrivals = Arrivals()

    def begin_stage(self, began: StageBegan) -> None:
        """From this second on, requests belong to this stage."""
        self._clock.begin(began.start)
        self._began.append(began)
        end = FAR if began.planned_s is None else began.start + int(began.planned_s)
        self.stages = stage_spans(self._began, max(end, began.start))
        self.write(STAGE_FRAME, msgspec.msgpack.encode(began))

    def write(self, kind: bytes, body: bytes) -> None:
        """Append to the journal."""
        self._journal.append(kind, body)
        self._journal.flush()

    def take_arrivals(self) -> Arrivals:
        """What completed since the last call."""
        arrivals, self._arrivals = self._arrivals, Arrivals()
        return arrivals

    @property
    def arrived(self) -> bool:
        """Whether anything completed since arrivals were last taken."""
        return bool(self._arrivals.total.requests or self._arrivals.metrics.tallies)

    def fold(self, raw: bytes, worker: int | None = None) -> Delta:
        """Take in a worker's delta, as it came over the wire; from the one with this number, where
        that is known.  Raises msgspec.MsgspecError or ValueError for what it cannot have sent."""
        delta = decode_delta(raw)
        check_delta(delta)
        if worker is not None and delta.worker != worker:
            raise ValueError(f"samples of worker {delta.worker}")
        self.write(DELTA_FRAME, raw)
        rows = self._fold.fold(delta)
        if rows is not None:
            self._add_windows(rows.windows)
            self._add_cells(rows.cells)
            for observation in rows.observations:
                self._observe(observation)
        return delta

    def _add_windows(self, flat: list[int]) -> None:
        arrivals = self._arrivals
        for at in range(0, len(flat), WINDOW_WIDTH):
            endpoint, ok, second, count, sum_us, min_us, max_us, size = flat[at : at + WINDOW_WIDTH]
            stage, measured = self._stage_of(second)
            row = (ok, count, sum_us, min_us, max_us, size)
            self.tallies.add_window(stage, endpoint, measured, *row)
            self.total.add_window(*row)
            self._tally(endpoint).add_window(*row)
            arrivals.total.add_window(*row)
            arrivals.by_endpoint[endpoint] = arrivals.by_endpoint.get(endpoint, 0) + count

    def _add_cells(self, flat: list[int]) -> None:
        for at in range(0, len(flat), CELL_WIDTH):
            endpoint, _, second, bin_, count = flat[at : at + CELL_WIDTH]
            stage, measured = self._stage_of(second)
            self.tallies.add_cell(stage, endpoint, measured, bin_, count)
            self.total.add_cell(bin_, count)
            self._tally(endpoint).add_cell(bin_, count)
            self._arrivals.total.add_cell(bin_, count)

    def add_exception(self, exception: ExceptionCount) -> None:
        """An exception of user code in the host itself; kept as if worker HOST had sent it."""
        self._fold_own(exceptions=[exception])

    def add_remark(self, text: str, count: int = 1) -> None:
        """A remark of the host itself, as RemarkCount; kept as if worker HOST had sent it."""
        self._fold_own(remarks=[RemarkCount(SECRETS.hidden(text), count)])

    def _fold_own(
        self,
        exceptions: list[ExceptionCount] | None = None,
        remarks: list[RemarkCount] | None = None,
    ) -> None:
        own = Delta(
            HOST, self.next_of_host, total=0, exceptions=exceptions or [], remarks=remarks or []
        )
        self.fold(encode_delta(own))

    @property
    def next_of_host(self) -> int:
        """Sequence number of the next delta of worker HOST, of whichever part of the host it is."""
        host = self.workers.get(HOST)
        return host.seq + 1 if host else 1

    def sync(self) -> None:
        """Make what was written durable; blocks, for a thread."""
        self._journal.sync()

    def _observe(self, observation: Observation) -> None:
        kind, name, endpoint, second, count, hits, bin_, values = observation
        sums = (count, hits, bin_, values)
        metric = MetricId(kind, name, endpoint)
        stage, measured = self._stage_of(second)
        self.tallies.add_metric(MetricKey(*metric, stage), measured, *sums)
        self.metrics.add(metric, *sums)
        self._arrivals.metrics.add(metric, *sums)

    def _stage_of(self, second: int) -> tuple[int, bool]:
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
        return sum(worker.lost_requests for worker in self.workers.values())

    @property
    def exception_count(self) -> int:
        return self.exceptions.total()
