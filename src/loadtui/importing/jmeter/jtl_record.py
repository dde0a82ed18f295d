"""The requests of a JMeter results file as the record of a run.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from loadtui.importing.seconds import check_seconds, check_span
from loadtui.importing.source import ImportSource
from loadtui.samples.bins import bin_of
from loadtui.samples.endpoint_table import MAX_ENDPOINTS, EndpointTable
from loadtui.store.journal import TimelineRow

ROUNDING_MS = 1.0
"""A time is the difference of two clocks cut to whole milliseconds."""
_US = 1000
_AT_ONCE = 100_000
"""Requests that are counted at a time."""


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
    first = _whole(requests.select(pl.col("start").min()).item())
    ends = (
        (part.get_column("start") + part.get_column("elapsed")).max()
        for part in requests.iter_slices(_AT_ONCE)
    )
    last = max(_whole(end) for end in ends)
    check_span(path, first / 1000, last / 1000)
    source.record.endpoints = EndpointTable(MAX_ENDPOINTS)
    numbers = _endpoint_numbers(requests, labels, source)
    endpoint = pl.col("label").replace_strict(numbers, return_dtype=pl.UInt32).alias("endpoint")
    for part in requests.iter_slices(_AT_ONCE):
        _add_samples(part, endpoint, first, source)
    _fill_seconds(requests, first, last, source)
    _fill_errors(requests.filter(~pl.col("ok")).with_columns(endpoint), first, errors, source)
    source.started = first / 1000
    source.duration_s = (last - first) / 1000
    source.resolution_ms = ROUNDING_MS


def _endpoint_numbers(
    requests: pl.DataFrame, labels: Sequence[str], source: ImportSource
) -> dict[int, int]:
    """The endpoint of each label that is there, numbered in the order of the file."""
    there = requests.get_column("label").unique(maintain_order=True)
    return {label: source.record.endpoints.add("", labels[label]) for label in there}


def _add_samples(
    requests: pl.DataFrame, endpoint: pl.Expr, first: int, source: ImportSource
) -> None:
    # `elapsed` is of any length in sums; a bin holds no more than 71 minutes.
    bins = {ms: bin_of(ms * _US) for ms in requests.get_column("elapsed").unique()}
    bin_ = pl.col("elapsed").replace_strict(bins, return_dtype=pl.UInt16).alias("bin")
    second = ((pl.col("start") - first) // 1000).alias("second")
    wide = (pl.col("elapsed", "bytes")).cast(pl.Int64)
    placed = requests.select(endpoint, "ok", second, bin_, wide)
    source.record.cells.put(placed.group_by("endpoint", "ok", "second", "bin").agg(count=pl.len()))
    source.record.windows.put(
        placed.group_by("endpoint", "ok", "second").agg(
            count=pl.len(),
            sum_us=pl.col("elapsed").sum() * _US,
            min_us=pl.col("elapsed").min() * _US,
            max_us=pl.col("elapsed").max() * _US,
            bytes=pl.col("bytes").sum(),
        )
    )


def _fill_seconds(requests: pl.DataFrame, first: int, last: int, source: ImportSource) -> None:
    users_in: dict[int, int] = {}
    ended: dict[int, tuple[int, int]] = {}
    since = pl.col("start") - first
    second = (since // 1000).alias("second")
    end = ((since + pl.col("elapsed")) // 1000).alias("second")
    for part in requests.iter_slices(_AT_ONCE):
        known = part.group_by(second).agg(pl.col("users").max()).drop_nulls()
        for at, most in known.iter_rows():
            users_in[at] = max(most, users_in.get(at, 0))
        counts = part.group_by(end).agg(done=pl.len(), failed=(~pl.col("ok")).sum())
        for at, done, failed in counts.iter_rows():
            before = ended.get(at, (0, 0))
            ended[at] = before[0] + done, before[1] + failed
    check_seconds(source.files[0], {0, *ended})
    source.users = max(users_in.values(), default=None)
    users = 0
    for at in range((last - first) // 1000 + 1):
        users = users_in.get(at, users)
        done, failed = ended.get(at, (0, 0))
        source.record.seconds[at] = TimelineRow(at, 0, users, done, failed, 0, [])


def _fill_errors(
    failed: pl.DataFrame, first: int, errors: Sequence[str], source: ImportSource
) -> None:
    kinds = failed.group_by("endpoint", "error", maintain_order=True).agg(
        count=pl.len(), first=pl.col("start").min(), last=pl.col("start").max()
    )
    for number, error, count, since, until in kinds.iter_rows():
        source.record.errors.add(
            (*source.record.endpoints.entries[number], errors[error]),
            count,
            (since - first) / 1000,
            (until - first) / 1000,
        )


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value
