"""The requests of a JMeter results file as the record of a run.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from loadtui.importing.seconds import check_span
from loadtui.importing.source import ImportSource
from loadtui.samples.bins import bin_of
from loadtui.samples.endpoint_table import MAX_ENDPOINTS, EndpointTable
from loadtui.store.journal import TimelineRow

ROUNDING_MS = 1.0
"""A time is the difference of two clocks cut to whole milliseconds."""
_US = 1000


def fill_record(
    path: Path,
    requests: pl.DataFrame,
    labels: Sequence[str],
    errors: Sequence[str],
    source: ImportSource,
) -> None:
    """Give the source the requests of a run, as `JtlRoles.requests` has them.

    Raises UsageError when their times are not those of one run.
    """
    first, last = _least(requests, "start"), _most(requests, "end")
    check_span(path, first / 1000, last / 1000)
    source.record.endpoints = EndpointTable(MAX_ENDPOINTS)
    requests = requests.sort("row").with_columns(
        endpoint=_endpoints(requests, labels, source),
        second=(pl.col("start") - first) // 1000,
        ended=(pl.col("end") - first) // 1000,
    )
    _fill_samples(requests, source)
    _fill_seconds(requests, (last - first) // 1000, source)
    _fill_errors(requests, first, labels, errors, source)
    source.started = first / 1000
    source.duration_s = (last - first) / 1000
    source.resolution_ms = ROUNDING_MS


def _endpoints(requests: pl.DataFrame, labels: Sequence[str], source: ImportSource) -> pl.Expr:
    """The endpoint of each request, numbered in the order of the file."""
    there = requests.sort("row").get_column("label").unique(maintain_order=True)
    numbers = {label: source.record.endpoints.add("", labels[label]) for label in there}
    return pl.col("label").replace_strict(numbers, return_dtype=pl.UInt32)


def _fill_samples(requests: pl.DataFrame, source: ImportSource) -> None:
    times = requests.get_column("elapsed").unique()
    # `elapsed` is of any length in sums; a bin holds no more than 71 minutes.
    bins = {ms: bin_of(ms * _US) for ms in times}
    source.record.cells.put(
        requests.group_by("endpoint", "ok", "second", "elapsed")
        .agg(count=pl.len())
        .with_columns(bin=pl.col("elapsed").replace_strict(bins, return_dtype=pl.Int64))
        .group_by("endpoint", "ok", "second", "bin")
        .agg(pl.col("count").sum())
    )
    source.record.windows.put(
        requests.group_by("endpoint", "ok", "second").agg(
            count=pl.len(),
            sum_us=pl.col("elapsed").sum() * _US,
            min_us=pl.col("elapsed").min() * _US,
            max_us=pl.col("elapsed").max() * _US,
            bytes=pl.col("bytes").sum(),
        )
    )


def _fill_seconds(requests: pl.DataFrame, last: int, source: ImportSource) -> None:
    known = requests.drop_nulls("users").group_by("second").agg(pl.col("users").max())
    users_in = dict(known.iter_rows())
    counts = requests.group_by("ended").agg(done=pl.len(), failed=(~pl.col("ok")).sum())
    ended = {second: (done, failed) for second, done, failed in counts.iter_rows()}
    source.users = max(users_in.values(), default=None)
    users = 0
    for second in range(last + 1):
        users = users_in.get(second, users)
        done, failed = ended.get(second, (0, 0))
        source.record.seconds[second] = TimelineRow(second, 0, users, done, failed, 0, [])


def _fill_errors(
    requests: pl.DataFrame,
    first: int,
    labels: Sequence[str],
    errors: Sequence[str],
    source: ImportSource,
) -> None:
    kinds = (
        requests.filter(~pl.col("ok"))
        .group_by("label", "error", maintain_order=True)
        .agg(count=pl.len(), first=pl.col("start").min(), last=pl.col("start").max())
    )
    for label, error, count, since, until in kinds.iter_rows():
        source.record.errors.add(
            ("", labels[label], errors[error]),
            count,
            (since - first) / 1000,
            (until - first) / 1000,
        )


def _least(frame: pl.DataFrame, column: str) -> int:
    value = frame.get_column(column).min()
    assert isinstance(value, int)
    return value


def _most(frame: pl.DataFrame, column: str) -> int:
    value = frame.get_column(column).max()
    assert isinstance(value, int)
    return value
