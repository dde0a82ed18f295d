"""What a journal says, read frame by frame: the numbers of a run before they become tables.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl

from loadtui.samples.delta import (
    CELL_WIDTH,
    WINDOW_WIDTH,
    Delta,
    ErrorCount,
    ExceptionCount,
    WorkerHealth,
    decode_delta,
)
from loadtui.samples.endpoint_table import EndpointTable
from loadtui.samples.tallies import MetricInfo, MetricKind
from loadtui.store import journal
from loadtui.store.error_kinds import KindCounts
from loadtui.store.journal import StageBegan, TimelineRow
from loadtui.store.manifest import Mark
from loadtui.store.rows import Rows

NO_METRIC_BIN = -1
_stage_decoder = msgspec.msgpack.Decoder(StageBegan)
_second_decoder = msgspec.msgpack.Decoder(TimelineRow)
_mark_decoder = msgspec.msgpack.Decoder(Mark)


class WorkerCount:
    """What came of one worker."""

    def __init__(self) -> None:
        self.seq = 0
        self.lost_deltas = 0
        self.requests = 0
        """Requests in the deltas that arrived."""
        self.total = 0
        """Requests the worker says it recorded."""
        self.unfinished = 0


class JournalContents:
    """The contents of a journal, with the run's endpoint numbers; stages are not yet applied."""

    def __init__(self) -> None:
        self.endpoints = EndpointTable()
        self.stages: list[StageBegan] = []
        self.seconds: dict[int, TimelineRow] = {}
        self.marks: list[Mark] = []
        self.workers: dict[int, WorkerCount] = {}
        self.health: dict[tuple[int, int], WorkerHealth] = {}
        """(second, worker index) -> what the worker said of itself."""
        self.errors = KindCounts()
        self.exceptions = KindCounts()
        self.metrics: list[tuple[MetricKind, str, str]] = []
        """(kind, name, endpoint); the position is the `metric` of `metric_rows`."""
        self.metric_infos: dict[str, MetricInfo] = {}
        self.only_ended = False
        """True of an import that says when requests ended, and of which of them nothing else."""
        total = pl.col("count").sum()
        self.cells = Rows(
            {"endpoint": pl.UInt32, "ok": pl.UInt8, "second": pl.UInt32, "bin": pl.UInt16},
            {"count": total},
        )
        self.windows = Rows(
            {"endpoint": pl.UInt32, "ok": pl.UInt8, "second": pl.UInt32},
            {
                "count": total,
                "sum_us": pl.col("sum_us").sum(),
                "min_us": pl.col("min_us").filter(pl.col("min_us") >= 0).min().fill_null(-1),
                "max_us": pl.col("max_us").max(),
                "bytes": pl.col("bytes").sum(),
            },
        )
        self.metric_rows = Rows(
            {"metric": pl.UInt32, "second": pl.UInt32, "bin": pl.Int32},
            {"count": total, "hits": pl.col("hits").sum()},
        )
        self._metric_numbers: dict[tuple[MetricKind, str, str], int] = {}

    def last_second(self) -> int:
        """The last second that anything is known of, -1 when nothing is."""
        windows = self.windows.frame().get_column("second").max()
        return max(
            windows if isinstance(windows, int) else -1,
            max(self.seconds, default=-1),
            max((second for second, _ in self.health), default=-1),
            max((stage.start for stage in self.stages), default=-1),
        )

    def take(self, kind: bytes, body: bytes) -> None:
        """Take in one frame; kinds that are not known are skipped.

        Raises msgspec.DecodeError or ValueError for a body that is not what its kind says.
        """
        if kind == journal.DELTA:
            self.take_delta(decode_delta(body))
        elif kind == journal.STAGE:
            self.stages.append(_stage_decoder.decode(body))
        elif kind == journal.SECOND:
            row = _second_decoder.decode(body)
            self.seconds[row.second] = row
        elif kind == journal.MARK:
            self.marks.append(_mark_decoder.decode(body))

    def take_delta(self, delta: Delta) -> None:
        """Take in one delta; one that was taken before, by its sequence number, is left out."""
        worker = self.workers.setdefault(delta.worker, WorkerCount())
        if delta.seq <= worker.seq:
            return
        worker.lost_deltas += delta.seq - worker.seq - 1
        worker.seq = delta.seq
        worker.total = delta.total
        worker.unfinished = delta.unfinished
        worker.requests += sum(delta.windows[3::WINDOW_WIDTH])
        self.endpoints.learn(delta.worker, delta.endpoints)
        self.cells.extend(self._numbered(delta.worker, delta.cells, CELL_WIDTH))
        self.windows.extend(self._numbered(delta.worker, delta.windows, WINDOW_WIDTH))
        self._take_metrics(delta)
        for error in delta.errors:
            self._take_error(error)
        self.errors.drop(delta.errors_dropped)
        for exception in delta.exceptions:
            self._take_exception(exception)
        for health in delta.health:
            self.health[health.second, delta.worker] = health

    def _numbered(self, worker: int, flat: list[int], width: int) -> list[int]:
        """The rows with the run's endpoint numbers; a second before the run's start is its 0."""
        local = flat[::width]
        numbers = {one: self.endpoints.number(worker, one) for one in set(local)}
        flat[::width] = [numbers[one] for one in local]
        seconds = flat[2::width]
        if seconds and min(seconds) < 0:
            flat[2::width] = [max(second, 0) for second in seconds]
        return flat

    def _take_metrics(self, delta: Delta) -> None:
        for info in delta.trend_infos:
            self.metric_infos.setdefault(info.name, MetricInfo(info.unit, info.better))
        flat: list[int] = []
        for counter in delta.counters:
            number = self._metric("counter", counter.name, counter.endpoint)
            flat += (number, max(counter.second, 0), NO_METRIC_BIN, counter.amount, 0)
        for rate in delta.rates:
            number = self._metric("rate", rate.name, rate.endpoint)
            flat += (number, max(rate.second, 0), NO_METRIC_BIN, rate.trials, rate.hits)
        for trend in delta.trends:
            number = self._metric("trend", trend.name, trend.endpoint)
            flat += (number, max(trend.second, 0), trend.bin, trend.count, 0)
        self.metric_rows.extend(flat)

    def _metric(self, kind: MetricKind, name: str, endpoint: str) -> int:
        key = kind, name, endpoint
        number = self._metric_numbers.get(key)
        if number is None:
            number = self._metric_numbers[key] = len(self.metrics)
            self.metrics.append(key)
        return number

    def _take_error(self, error: ErrorCount) -> None:
        key = error.method, error.name, error.message
        self.errors.add(key, error.count, error.first, error.last)

    def _take_exception(self, one: ExceptionCount) -> None:
        self.exceptions.add((one.message, one.traceback), one.count, one.first, one.last)


def read_journal(path: Path) -> JournalContents:
    """Everything a journal says up to its first torn frame; a missing journal says nothing.

    Raises OSError when it cannot be read, ValueError when a whole frame makes no sense.
    """
    record = JournalContents()
    if not path.exists():
        return record
    for kind, body in journal.read_frames(path):
        try:
            record.take(kind, body)
        except msgspec.DecodeError as error:
            raise ValueError(f"a frame of kind {kind!r} is unreadable: {error}") from error
    return record
