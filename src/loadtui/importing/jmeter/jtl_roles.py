"""What the rows of a JMeter results file are: requests, parts of them, or sums.

The rows form a tree that the file does not write down.  A thread does one thing after another, so
what lies within the time of another row of its thread is in it:

- Results within results are written as rows since JMeter 5.0, the outer one first, and named after
  it (`page`, `page-0`, `page-1`) unless `subresults.disable_renaming` is set; their bytes add up to
  its own.  Such rows are parts.
- A transaction controller writes a row that sums up others: after them, or with "generate parent
  sample" before them, or without them where results within results are not saved.  Its duration may
  leave out timers, so that only the first of its requests is sure to lie within.  JMeter's report
  leaves out those of no sample.
- `sampleresult.timestamp.start` decides whether stamps are starts or ends; no file says which.

Source: SampleResult, TransactionController, TransactionSampler and CSVSaveService of JMeter.
Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from loadtui.importing.jmeter.jtl_clock import FINE_MS
from loadtui.importing.jmeter.jtl_parts import find_parts
from loadtui.importing.jmeter.jtl_transactions import find_sums

_SURER = 4
"""How many times fewer contradictions it takes to read stamps as ends, as JMeter writes starts."""
_BATCH = 100_000
"""Rows that are sorted out at a time, those of whole threads."""


class JtlRoles(NamedTuple):
    """Rows sorted out."""

    requests: pl.DataFrame
    """What counts, in the order of the file, with `start` in milliseconds since 1970."""
    parts: int
    sums: int
    """Transactions whose requests are among the rows."""
    empty: int
    """Transactions of no sample."""
    lone: int
    """Transactions that count, since their requests are not there."""
    by_ends: bool
    """Whether time stamps were read as ends."""
    unclear: int
    """Rows that lie within another by time alone, and count."""


def sort_out(
    frame: pl.DataFrame, labels: Sequence[str], slack: int, *, threads: bool, flat: bool
) -> JtlRoles:
    """The rows of one section as what they are.

    `slack`: FINE_MS or COARSE_MS; `threads`: whether rows say in which thread they were; `flat`:
    whether parts may be rows.
    """
    frame = frame.with_row_index("row")
    best = by_start = _Reading(labels, slack, by_ends=False, threads=threads, flat=flat)
    by_start.read(frame)
    # Seconds are too coarse to tell.
    if by_start.contradictions and slack == FINE_MS:
        by_end = _Reading(labels, slack, by_ends=True, threads=threads, flat=flat)
        by_end.read(frame)
        # Transactions that neither explains say nothing: their requests are not there.
        neither = min(by_start.inexact, by_end.inexact)
        if (by_end.contradictions - neither) * _SURER < by_start.contradictions - neither:
            best = by_end
    return best.roles(frame)


class _Reading:
    """The rows as they are when their stamps are starts, or ends."""

    def __init__(
        self, labels: Sequence[str], slack: int, *, by_ends: bool, threads: bool, flat: bool
    ) -> None:
        self._labels = labels
        self._slack = slack
        self._by_ends = by_ends
        self._threads = threads
        self._flat = flat
        self._left_out: list[int] = []
        self._parts = self._sums = self._lone = self._unclear = self._empty = 0
        self.inexact = self.contradictions = 0
        stamp, elapsed = pl.col("stamp"), pl.col("elapsed")
        self._start = (stamp - elapsed if by_ends else stamp).alias("start")

    def read(self, frame: pl.DataFrame) -> None:
        needed = frame.lazy().select(
            "row",
            "thread",
            "bytes",
            self._start,
            "elapsed",
            label=pl.col("label").cast(pl.UInt32),
            inside=pl.col("inside").cast(pl.Int32),
        )
        batches = frame.height // _BATCH + 1
        for batch in range(batches):
            of_batch = needed.filter(pl.col("thread") % batches == batch)
            timed = of_batch.with_columns(end=pl.col("start") + pl.col("elapsed")).collect()
            self._read_threads(timed)

    def _read_threads(self, timed: pl.DataFrame) -> None:
        calls = timed.filter(pl.col("inside").is_null())
        crossing = _crossing(calls, self._slack)
        parts: list[int] = []
        if self._flat:
            unsure = set(crossing.get_column("thread")) if self._threads else None
            parts, unclear = find_parts(calls, self._labels, self._slack, unsure)
            self._unclear += unclear
            if self._threads:
                self.contradictions += unclear
        if self._threads:
            self.contradictions += crossing.height
        empty = timed.filter(pl.col("inside") == 0).get_column("row").to_list()
        transactions = timed.filter(pl.col("inside") > 0)
        sums: list[int] = []
        if transactions.height:
            requests = calls.filter(~pl.col("row").is_in(_numbers(parts)))
            sums, exact = find_sums(requests, transactions, self._slack)
            self.inexact += transactions.height - exact
            self.contradictions += transactions.height - exact
        self._parts += len(parts)
        self._sums += len(sums)
        self._empty += len(empty)
        self._lone += transactions.height - len(sums)
        self._left_out += [*parts, *sums, *empty]

    def roles(self, frame: pl.DataFrame) -> JtlRoles:
        requests = frame.drop("inside", "thread")
        if self._left_out:
            requests = requests.filter(~pl.col("row").is_in(_numbers(self._left_out)))
        requests = requests.with_columns(self._start).drop("row", "stamp")
        counts = self._parts, self._sums, self._empty, self._lone
        return JtlRoles(requests, *counts, self._by_ends, self._unclear)


def _numbers(rows: list[int]) -> pl.Series:
    return pl.Series("row", rows, dtype=pl.UInt32).implode()


def _crossing(calls: pl.DataFrame, slack: int) -> pl.DataFrame:
    """Rows that begin within another of their thread and end after it, as no thread does."""
    before = pl.col("end").cum_max().shift(1).over("thread")
    return (
        calls.select("thread", "start", "end")
        .sort("thread", "start", "end", descending=[False, False, True])
        .with_columns(before=before)
        .filter(
            (pl.col("start") < pl.col("before") - slack)
            & (pl.col("end") > pl.col("before") + slack)
        )
    )
