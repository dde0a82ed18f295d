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

from loadtui.importing.jtl_parts import find_parts
from loadtui.importing.jtl_transactions import find_sums

_SURER = 4
"""How many times fewer contradictions it takes to read stamps as ends, as JMeter writes starts."""


class JtlRoles(NamedTuple):
    """Rows sorted out."""

    requests: pl.DataFrame
    """What counts, with `start` and `end` in milliseconds since 1970."""
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
    by_start = _Reading(frame, labels, slack, by_ends=False, threads=threads, flat=flat)
    best = by_start
    if by_start.contradictions:
        by_end = _Reading(frame, labels, slack, by_ends=True, threads=threads, flat=flat)
        # Transactions that neither explains say nothing: their requests are not there.
        neither = min(by_start.inexact, by_end.inexact)
        if (by_end.contradictions - neither) * _SURER < by_start.contradictions - neither:
            best = by_end
    return best.roles()


class _Reading:
    """The rows as they are when their stamps are starts, or ends."""

    def __init__(
        self,
        frame: pl.DataFrame,
        labels: Sequence[str],
        slack: int,
        *,
        by_ends: bool,
        threads: bool,
        flat: bool,
    ) -> None:
        self._by_ends = by_ends
        start = pl.col("stamp") - pl.col("elapsed") if by_ends else pl.col("stamp")
        timed = frame.with_columns(start=start).with_columns(
            end=pl.col("start") + pl.col("elapsed")
        )
        calls = timed.filter(pl.col("inside").is_null())
        self._parts, self._unclear = pl.Series("row", [], dtype=pl.UInt32), 0
        crossing = _crossing(calls, slack)
        if flat:
            unsure = set(crossing.get_column("thread")) if threads else None
            parts, self._unclear = find_parts(calls, labels, slack, unsure)
            self._parts = pl.Series("row", parts, dtype=pl.UInt32)
        transactions = timed.filter(pl.col("inside") > 0)
        self._empty = timed.filter(pl.col("inside") == 0).height
        requests = calls.filter(~pl.col("row").is_in(self._parts.implode()))
        sums = find_sums(requests, transactions, slack)
        lone = transactions.filter(
            ~pl.col("row").is_in(pl.Series(sums.rows, dtype=pl.UInt32).implode())
        )
        self._sums, self._lone = len(sums.rows), lone.height
        self._requests = pl.concat([requests, lone])
        self.inexact = transactions.height - sums.exact
        self.contradictions = self.inexact
        if threads:
            self.contradictions += crossing.height + self._unclear

    def roles(self) -> JtlRoles:
        return JtlRoles(
            self._requests,
            len(self._parts),
            self._sums,
            self._empty,
            self._lone,
            self._by_ends,
            self._unclear,
        )


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
