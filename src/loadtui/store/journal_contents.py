"""What a journal says, read frame by frame: the numbers of a run before they become tables.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
import polars as pl

from loadtui.plurals import counted
from loadtui.samples import table_schemas
from loadtui.samples.delta import Delta, decode_delta
from loadtui.samples.delta_checks import check_delta, check_second
from loadtui.samples.delta_fold import DeltaFold
from loadtui.samples.endpoint_table import MAX_ENDPOINTS
from loadtui.samples.tallies import MetricKind
from loadtui.samples.trend_bins import TrendSums
from loadtui.store import journal
from loadtui.store.journal import StageBegan, TimelineRow
from loadtui.store.manifest import Mark
from loadtui.store.rows import Rows

NO_METRIC_BIN = -1
ObservationRow = tuple[MetricKind, str, str, int, int, int, int | None, TrendSums | None]
"""The fields of a delta_fold.Observation, in their order."""
_stage_decoder = msgspec.msgpack.Decoder(StageBegan)
_second_decoder = msgspec.msgpack.Decoder(TimelineRow)
_mark_decoder = msgspec.msgpack.Decoder(Mark)


class JournalContents:
    """The contents of a journal, with the run's endpoint numbers; stages are not yet applied."""

    def __init__(self, most_endpoints: int | None = None) -> None:
        """None: as many endpoints as come are told apart."""
        self._fold = DeltaFold(most_endpoints)
        self.endpoints = self._fold.endpoints
        self.workers = self._fold.workers
        self.errors = self._fold.errors
        self.exceptions = self._fold.exceptions
        self.remarks = self._fold.remarks
        self.late = self._fold.late
        self.metric_infos = self._fold.metric_infos
        self.stages: list[StageBegan] = []
        self.seconds: dict[int, TimelineRow] = {}
        self.marks: list[Mark] = []
        self.metrics: list[tuple[MetricKind, str, str]] = []
        """(kind, name, endpoint); the position is the `metric` of `metric_rows`."""
        self.by_second = True
        """False of an import that says nothing of when things happened."""
        self.damage = ""
        """That the journal is damaged, and what that cost, a sentence; empty: it is not."""
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
            table_schemas.METRIC_SUMS,
            floats=("sum", "min", "max"),
        )
        self._metric_numbers: dict[tuple[MetricKind, str, str], int] = {}

    def last_second(self) -> int:
        """The last second that anything is known of, -1 when nothing is."""
        windows = self.windows.frame().get_column("second").max()
        return max(
            windows if isinstance(windows, int) else -1,
            max(self.seconds, default=-1),
            max(
                (second for w in self.workers.values() for second in w.health_by_second), default=-1
            ),
            max((stage.start for stage in self.stages), default=-1),
        )

    def take(self, kind: bytes, body: bytes) -> None:
        """Take in one frame; kinds that are not known are skipped.

        Raises msgspec.DecodeError or ValueError for a body that is not what its kind says.
        """
        if kind == journal.DELTA_FRAME:
            delta = decode_delta(body)
            check_delta(delta)
            self.take_delta(delta)
        elif kind == journal.STAGE_FRAME:
            stage = _stage_decoder.decode(body)
            check_second(stage.start)
            self.stages.append(stage)
        elif kind == journal.SECOND_FRAME:
            row = _second_decoder.decode(body)
            check_second(row.second)
            self.seconds[row.second] = row
        elif kind == journal.MARK_FRAME:
            self.marks.append(_mark_decoder.decode(body))

    def take_delta(self, delta: Delta) -> None:
        """Take in one delta; one that was taken before, by its sequence number, is left out."""
        rows = self._fold.fold(delta)
        if rows is None:
            return
        self.cells.extend(rows.cells)
        self.windows.extend(rows.windows)
        self.add_observations(rows.observations)

    def add_observations(self, observations: Iterable[ObservationRow]) -> None:
        """Take in what was recorded of custom metrics."""
        flat: list[float | None] = []
        for kind, name, endpoint, second, count, hits, bin_, values in observations:
            number = self._metric(kind, name, endpoint)
            flat += (number, second, NO_METRIC_BIN if bin_ is None else bin_, count, hits)
            flat += (None, None, None) if values is None else values
        self.metric_rows.extend(flat)

    def _metric(self, kind: MetricKind, name: str, endpoint: str) -> int:
        key = kind, name, endpoint
        number = self._metric_numbers.get(key)
        if number is None:
            number = self._metric_numbers[key] = len(self.metrics)
            self.metrics.append(key)
        return number


def read_journal(path: Path) -> JournalContents:
    """Everything a journal says up to its first torn or damaged frame; a missing journal is empty.

    Raises OSError when it cannot be read, ValueError when a whole frame makes no sense.
    """
    record = JournalContents(MAX_ENDPOINTS)
    if not path.exists():
        return record

    def damaged(at: int, unread: int) -> None:
        lost = f"{counted(unread, 'byte')} after it could not be read, and what they say is missing"
        record.damage = f"the run's journal is damaged at byte {at}: {lost}"

    for kind, body in journal.read_frames(path, damaged):
        try:
            record.take(kind, body)
        except msgspec.DecodeError as error:
            raise ValueError(f"a frame of kind {kind!r} is unreadable: {error}") from error
    return record
