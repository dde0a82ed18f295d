"""Transactions of a JMeter results file that sum up rows of it.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

import polars as pl

from loadtui.importing.jmeter.jtl_clock import FINE_MS


class JtlSums(NamedTuple):
    """What was found."""

    rows: list[int]
    """The `row` of each transaction that sums up others."""
    exact: int
    """How many of them have the bytes or the number of those that lie within them."""


class _Transaction(NamedTuple):
    row: int
    start: int
    end: int
    inside: int
    bytes: int | None


def find_sums(requests: pl.DataFrame, transactions: pl.DataFrame, slack: int) -> JtlSums:
    """Which of the transactions have requests of their thread within their time, or other
    transactions that stand for requests which are not there."""
    rows: list[int] = []
    exact = 0
    of_thread = _by_thread(requests.filter(_in_any(transactions)))
    for thread, own in _by_thread(transactions).items():
        within = _Within(of_thread.get(thread, requests.clear()), slack)
        # The inner before the outer, of equal ones the one that was written first.
        ordered = own.with_columns(length=pl.col("end") - pl.col("start")).sort("length", "row")
        for cells in ordered.select(*_Transaction._fields).iter_rows():
            transaction = _Transaction(*cells)
            if within.holds_any(transaction):
                rows.append(transaction.row)
                exact += within.adds_up(transaction)
            else:
                within.add(transaction)
    return JtlSums(rows, exact)


def _in_any(transactions: pl.DataFrame) -> pl.Expr:
    return pl.col("thread").is_in(transactions.get_column("thread").unique().implode())


def _by_thread(frame: pl.DataFrame) -> dict[int, pl.DataFrame]:
    parts = frame.partition_by("thread", as_dict=True)
    return {thread: part for (thread,), part in parts.items()}


class _Within:
    """What a thread did, by its start."""

    def __init__(self, requests: pl.DataFrame, slack: int) -> None:
        self._slack = slack
        ordered = requests.sort("start", "end")
        self._starts: list[int] = ordered.get_column("start").to_list()
        self._ends: list[int] = ordered.get_column("end").to_list()
        bytes_ = ordered.get_column("bytes").fill_null(0)
        self._bytes = list(accumulate(bytes_, initial=0))
        self._others: list[tuple[int, int, int]] = []
        """Start, end and bytes of transactions that stand for their requests."""

    def add(self, transaction: _Transaction) -> None:
        insort(self._others, (transaction.start, transaction.end, transaction.bytes or 0))

    def holds_any(self, transaction: _Transaction) -> bool:
        return any(self._holds(transaction, *span) for span in self._spans(transaction))

    def adds_up(self, transaction: _Transaction) -> bool:
        """Whether what begins within has the bytes of a transaction, or where there are none its
        number."""
        last = bisect_right(self._starts, transaction.end)
        others = [one for one in self._others_in(transaction) if self._holds(transaction, *one[:2])]
        extra = sum(size for *_, size in others)
        for since in (transaction.start, transaction.start - self._slack):
            first = bisect_left(self._starts, since)
            if transaction.bytes is None:
                fits = last - first + len(others) == transaction.inside
            else:
                fits = self._bytes[last] - self._bytes[first] + extra == transaction.bytes
            if fits:
                return True
        return False

    def _spans(self, transaction: _Transaction) -> Iterator[tuple[int, int]]:
        at = bisect_left(self._starts, transaction.start - self._slack)
        while at < len(self._starts) and self._starts[at] <= transaction.end:
            yield self._starts[at], self._ends[at]
            at += 1
        yield from ((start, end) for start, end, _ in self._others_in(transaction))

    def _others_in(self, transaction: _Transaction) -> Iterator[tuple[int, int, int]]:
        at = bisect_left(self._others, (transaction.start - self._slack, -1, -1))
        while at < len(self._others) and self._others[at][0] <= transaction.end:
            yield self._others[at]
            at += 1

    def _holds(self, transaction: _Transaction, start: int, end: int) -> bool:
        """Whether a span lies within, give or take the clock; most of it without."""
        if start < transaction.start - self._slack or end > transaction.end + self._slack:
            return False
        shared = min(end, transaction.end) - max(start, transaction.start)
        return shared * 2 >= end - start or self._slack > FINE_MS
