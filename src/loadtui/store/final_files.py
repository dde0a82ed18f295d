"""Turning the journal of a run into its final files, at its end or after its host was killed."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from loadtui.samples.delta import HOST
from loadtui.samples.error_kinds import OTHER_KINDS, KindCounts
from loadtui.samples.stage_clock import StageClock
from loadtui.store import run_files
from loadtui.store.books import BOOKS, PageCounts, read_books
from loadtui.store.bound_remarks import bound_remarks
from loadtui.store.manifest import (
    Endpoint,
    LateRequests,
    Manifest,
    Mark,
    Remark,
    StageSpan,
    Totals,
    WorkerRecord,
)
from loadtui.store.manifest_file import write_manifest
from loadtui.store.stage_spans import stage_spans

if TYPE_CHECKING:
    import polars as pl

    from loadtui.store.journal_contents import JournalContents

_OS_ERROR = re.compile(r"\(os error (\d+)\)")
STEERING = "users"
"""Kind of the marks that say that a person changed the users."""


class StoredException(msgspec.Struct):
    """An exception that user code raised; times in seconds from the run's start, None unknown."""

    message: str
    traceback: str
    count: int
    first: float | None
    last: float | None


def write_final_files(
    folder: Path, manifest: Manifest, *, end_second: int | None = None
) -> Manifest:
    """Write a run's tables from its journal and return the manifest as it was written.

    `end_second` is where the last stage ends (exclusive); None takes the last second that the
    journal knows of, as for a host that was killed.  Fills in endpoints, stages, totals, marks,
    the workers' counts and losses, steering and checksums; state, duration and verdict stay as
    they were given.  The journal is removed last, so a crash at any point can be made good by
    finishing again.  Blocks for seconds on a long run: call it in a thread.

    Raises OSError when a file cannot be written, ValueError when a frame makes no sense.
    """
    from loadtui.store.journal_contents import read_journal

    record = read_journal(folder / run_files.JOURNAL)
    end = record.last_second() + 1 if end_second is None else end_second
    finished = write_record(folder, manifest, record, end)
    (folder / run_files.JOURNAL).unlink(missing_ok=True)
    (folder / BOOKS).unlink(missing_ok=True)
    return finished


def write_record(folder: Path, manifest: Manifest, record: JournalContents, end: int) -> Manifest:
    """Write the tables of a record whose last stage ends at `end`, and the manifest, as `finish`.

    Raises OSError when a file cannot be written.
    """
    from loadtui.store import run_tables

    books = read_books(folder)
    workers = _workers(manifest.workers, record, books)
    clock = StageClock(began.start for began in record.stages)
    marks = record.marks or manifest.marks
    timeline = run_tables.timeline(record, clock, marks, end)
    windows = run_tables.windows(record, clock)
    _write_table(folder / run_files.SAMPLES, run_tables.samples(record, clock))
    _write_table(folder / run_files.WINDOWS, windows)
    _write_table(folder / run_files.TIMELINE, timeline)
    _write_table(folder / run_files.METRICS, run_tables.metrics(record, clock))
    _write_table(folder / run_files.ERRORS, run_tables.errors(record.errors))
    run_files.write_bytes(folder / run_files.EXCEPTIONS, _exceptions(record.exceptions))

    stages = _marked(stage_spans(record.stages, end), manifest, marks, clock)
    finished = msgspec.structs.replace(
        manifest,
        endpoints=[Endpoint(method, name) for method, name in record.endpoints.entries],
        stages=stages,
        workers=workers,
        totals=_totals(record, windows, timeline, workers, books),
        late=_late(record),
        marks=marks,
        not_saved=[*manifest.not_saved, *filter(None, [record.damage])],
        remarks=[
            *(Remark(text, count) for text, count in record.remarks.by_text.items()),
            *(Remark(text, 1) for text in bound_remarks(record, folder)),
        ],
        steered=manifest.steered or any(stage.steered for stage in stages),
        checksums={
            name: run_files.sha256(folder / name)
            for name in (*run_files.TABLES, run_files.EXCEPTIONS)
        },
    )
    write_manifest(folder, finished)
    return finished


def write_exceptions(folder: Path, manifest: Manifest, kinds: KindCounts) -> Manifest:
    """Write the exceptions of a run that has its files anew; the manifest with them, unwritten.

    Raises OSError when the file cannot be written.
    """
    name = run_files.EXCEPTIONS
    run_files.write_bytes(folder / name, _exceptions(kinds))
    return msgspec.structs.replace(
        manifest,
        totals=msgspec.structs.replace(manifest.totals, exceptions=kinds.total()),
        checksums={**manifest.checksums, name: run_files.sha256(folder / name)},
    )


def _write_table(path: Path, frame: pl.DataFrame) -> None:
    """Raises OSError when it cannot be written."""
    import polars as pl

    def write(to: BinaryIO) -> None:
        try:
            frame.write_parquet(to, compression="zstd")
        except pl.exceptions.PolarsError as error:  # polars has errors of its own for disks
            found = _OS_ERROR.search(str(error))
            number = int(found[1]) if found else errno.EIO
            raise OSError(number, os.strerror(number), str(path)) from error

    run_files.write_atomically(path, write)


def _exceptions(kinds: KindCounts) -> bytes:
    exceptions = [
        StoredException(message, traceback, known.count, known.first, known.last)
        for (message, traceback), known in kinds.by_count()
    ]
    if kinds.others:
        exceptions.append(StoredException(OTHER_KINDS, "", kinds.others, None, None))
    return msgspec.json.format(msgspec.json.encode(exceptions), indent=2) + b"\n"


def _marked(
    spans: list[StageSpan], manifest: Manifest, marks: list[Mark], clock: StageClock
) -> list[StageSpan]:
    """The spans with those that were steered marked so."""
    steered = {clock.stage_of(int(mark.second)) for mark in marks if mark.kind == STEERING}
    steered |= {index for index, span in enumerate(manifest.stages) if span.steered}
    return [
        msgspec.structs.replace(span, steered=index in steered) for index, span in enumerate(spans)
    ]


def _workers(
    known: list[WorkerRecord], record: JournalContents, books: list[PageCounts | None]
) -> list[WorkerRecord]:
    """The known workers and those that only the journal knows, with what came of each, by the
    run's books where there are any: deltas do not say what a killed worker had in hand."""
    by_index = {worker.index: worker for worker in known}
    for index, worker in record.workers.items():
        if index == HOST:
            continue
        by_index[index] = msgspec.structs.replace(
            by_index.get(index, WorkerRecord(index=index, pid=0, host="")),
            requests=worker.recorded,
            lost_deltas=worker.lost_deltas,
            lost_requests=worker.lost_requests,
            unfinished=worker.unfinished,
        )
    for index, page in enumerate(books):
        if page is not None and (index in by_index or page.begun):
            unheard = WorkerRecord(index=index, pid=0, host="")
            by_index[index] = _by_the_books(by_index.get(index, unheard), page)
    return [by_index[index] for index in sorted(by_index)]


def _by_the_books(worker: WorkerRecord, page: PageCounts) -> WorkerRecord:
    return msgspec.structs.replace(
        worker,
        started=page.started,
        unfinished=page.open,
        lost_requests=max(page.recorded - worker.requests, 0),
    )


def _totals(
    record: JournalContents,
    windows: pl.DataFrame,
    timeline: pl.DataFrame,
    workers: list[WorkerRecord],
    books: list[PageCounts | None],
) -> Totals:
    import polars as pl

    return Totals(
        requests=int(windows.get_column("count").cast(pl.Int64).sum()),
        failures=int(windows.filter(~pl.col("ok")).get_column("count").cast(pl.Int64).sum()),
        unfinished=sum(worker.unfinished for worker in workers),
        lost=sum(worker.lost_requests for worker in workers),
        users_max=int(timeline.select(pl.col("users").max()).item() or 0),
        users_left=sum(worker.health.left for worker in record.workers.values() if worker.health),
        exceptions=record.exceptions.total(),
        # What a killed worker had counted after its last delta is in no row of an endpoint.
        late=max(record.late.total(), sum(page.late for page in books if page is not None)),
    )


def _late(record: JournalContents) -> list[LateRequests]:
    numbers = sorted({number for number, _ in record.late})
    return [
        LateRequests(
            *record.endpoints.entries[number],
            record.late[number, 0] + record.late[number, 1],
            failures=record.late[number, 0],
        )
        for number in numbers
    ]
