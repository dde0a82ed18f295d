"""The tables of a run, made from its record.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from loadtui.samples import table_schemas
from loadtui.samples.delta import NO_BIN
from loadtui.samples.error_kinds import OTHER_KINDS, KindCounts
from loadtui.samples.stage_clock import StageClock
from loadtui.samples.tallies import MetricInfo
from loadtui.store.journal_contents import NO_METRIC_BIN, JournalContents
from loadtui.store.manifest import Mark


def samples(record: JournalContents, clock: StageClock) -> pl.DataFrame:
    """Requests per stage, endpoint, outcome, second of start and latency bin, sorted by these."""
    timed = (part.filter(pl.col("bin") != NO_BIN) for part in record.cells.parts())
    keys = ("stage", "endpoint", "ok", "second", "bin")
    return _piece_by_piece(timed, clock, table_schemas.SAMPLE_COLUMNS, keys)


def windows(record: JournalContents, clock: StageClock) -> pl.DataFrame:
    """Exact sums per stage, endpoint, outcome and second of start, sorted by these."""
    without = pl.col("min_us") < 0
    parts = (
        part.with_columns(
            min_us=pl.when(~without).then("min_us"), max_us=pl.when(~without).then("max_us")
        )
        for part in record.windows.parts()
    )
    keys = ("stage", "endpoint", "ok", "second")
    return _piece_by_piece(parts, clock, table_schemas.WINDOW_COLUMNS, keys)


def _piece_by_piece(
    parts: Iterable[pl.DataFrame],
    clock: StageClock,
    schema: table_schemas.Schema,
    keys: Sequence[str],
) -> pl.DataFrame:
    """The table of parts that follow each other, sorted by its keys, of which the first is the
    stage: all at once it takes many times the memory of the table, which may have millions of
    rows."""
    pieces = [
        table_schemas.fit_columns(
            _staged(part, clock).with_columns(pl.col("ok").cast(pl.Boolean)), schema
        )
        for part in parts
    ]
    frame = pl.concat(pieces, how="vertical_relaxed", rechunk=False)
    # Without several stages they are sorted already.
    return frame if len(clock.starts) <= 1 else frame.sort(*keys)


def timeline(
    record: JournalContents, clock: StageClock, marks: list[Mark], end_second: int
) -> pl.DataFrame:
    """One row for every second from 0 to the last that anything is known of, none where the record
    says nothing by second.

    The host's note of a second is taken where there is one, since live figures came from it.  Of
    seconds it did not live to note, what the workers said of themselves is taken.
    """
    by_second = (
        record.windows.frame()
        .group_by("second")
        .agg(
            requests=pl.col("count").sum(),
            failures=pl.col("count").filter(pl.col("ok") == 0).sum(),
        )
    )
    started = {second: (count, failed) for second, count, failed in by_second.iter_rows()}
    last = max(record.last_second(), end_second - 1, max(started, default=-1))
    last = last if record.by_second else -1
    texts: dict[int, list[str]] = {}
    for mark in marks:
        texts.setdefault(min(max(int(mark.second), 0), max(last, 0)), []).append(mark.text)
    health_of = {index: worker.health_by_second for index, worker in record.workers.items()}
    indices = [index for index, health in health_of.items() if health]
    indices += [worker.index for row in record.seconds.values() for worker in row.workers]
    workers = range(max(indices, default=-1) + 1)
    columns: dict[str, list[object]] = {name: [] for name in table_schemas.TIMELINE_COLUMNS}
    users = 0
    for second in range(last + 1):
        row = record.seconds.get(second)
        noted = {worker.index: worker for worker in row.workers} if row else {}
        reports = {index: health_of.get(index, {}).get(second) for index in workers}
        alive = [report for report in reports.values() if report is not None]
        health = [noted.get(index) if row else reports[index] for index in workers]
        in_flight = 0
        if row:
            users, in_flight = row.users, row.in_flight
        elif alive:
            users = sum(one.users for one in alive)
            in_flight = sum(one.in_flight for one in alive)
        requests, failures = started.get(second, (0, 0))
        if record.only_ended and row is not None:
            requests, failures = row.completed, row.failed
        columns["second"].append(second)
        columns["stage"].append(clock.stage_of(second))
        columns["users"].append(max(users, 0))
        columns["requests"].append(requests)
        columns["failures"].append(failures)
        columns["completed"].append(row.completed if row else 0)
        columns["in_flight"].append(max(in_flight, 0))
        columns["cpu"].append([one.cpu if one else None for one in health])
        columns["wait"].append([one.wait if one else None for one in health])
        columns["lag_ms"].append([one.lag_ms if one else None for one in health])
        columns["mark"].append("; ".join(texts.get(second, [])))
    return _frame(columns, table_schemas.TIMELINE_COLUMNS)


def metrics(record: JournalContents, clock: StageClock) -> pl.DataFrame:
    """Custom metrics, sorted by kind, name, endpoint, stage, second and bin."""
    infos = [
        record.metric_infos.get(name, MetricInfo()) if kind == "trend" else MetricInfo()
        for kind, name, _ in record.metrics
    ]
    known = pl.DataFrame(
        {
            "metric": range(len(record.metrics)),
            "kind": [kind for kind, _, _ in record.metrics],
            "name": [name for _, name, _ in record.metrics],
            "endpoint": [endpoint for _, _, endpoint in record.metrics],
            "unit": [info.unit for info in infos],
            "better": [info.better for info in infos],
        },
        schema={
            "metric": pl.UInt32,
            "kind": pl.String,
            "name": pl.String,
            "endpoint": pl.String,
            "unit": pl.String,
            "better": pl.String,
        },
    )
    rows = record.metric_rows.frame().join(known, on="metric", how="left")
    bins = pl.when(pl.col("bin") != NO_METRIC_BIN).then("bin").alias("bin")
    frame = table_schemas.fit_columns(
        _staged(rows, clock).with_columns(bins), table_schemas.METRIC_COLUMNS
    )
    return frame.sort("kind", "name", "endpoint", "stage", "second", "bin")


def errors(kinds: KindCounts) -> pl.DataFrame:
    """Failures by kind, the most frequent first, those of other kinds in the last row."""
    rows: list[tuple[object, ...]] = [
        (*kind, known.count, known.first, known.last) for kind, known in kinds.by_count()
    ]
    if kinds.others:
        rows.append(("", "", OTHER_KINDS, kinds.others, None, None))
    columns = {
        name: [row[at] for row in rows] for at, name in enumerate(table_schemas.ERROR_COLUMNS)
    }
    return _frame(columns, table_schemas.ERROR_COLUMNS)


def _staged(frame: pl.DataFrame, clock: StageClock) -> pl.DataFrame:
    """The frame with a column `stage`, by the same rule as StageClock.stage_of."""
    starts = pl.Series(clock.starts, dtype=pl.Int64)
    at = starts.search_sorted(frame.get_column("second").cast(pl.Int64), side="right")
    stage = at.cast(pl.Int64) - 1
    return frame.with_columns(stage.clip(lower_bound=0).alias("stage"))


def _frame(columns: dict[str, list[object]], wanted: table_schemas.Schema) -> pl.DataFrame:
    loose = {
        name: pl.Int64 if dtype in (pl.UInt8, pl.UInt16, pl.UInt32) else dtype
        for name, dtype in wanted.items()
    }
    return table_schemas.fit_columns(pl.DataFrame(columns, schema=loose), wanted)
