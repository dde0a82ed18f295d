"""Rows of a JMeter results file that are parts of another: redirects, embedded resources.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

import polars as pl

from loadtui.importing.jmeter.jtl_clock import FINE_MS

_NUMBERED = re.compile(r"(.+)-\d+", re.DOTALL)
_LOOKED_AT = 16
"""Rows of one name in which a part's whole is looked for, the latest first."""


class _Row(NamedTuple):
    row: int
    thread: int
    start: int
    end: int
    label: int
    bytes: int | None


def find_parts(
    calls: pl.DataFrame, labels: Sequence[str], slack: int, unsure: Set[int] | None
) -> tuple[list[int], int]:
    """The `row` of each that is part of another, and how many others lie within one by time alone.

    A part bears the name of its whole and a number; or it is one of several that lie within it and
    whose bytes add up to those of the whole.  In the threads of `unsure` several things happen at
    a time, and only names count; None: in all.  `slack` is FINE_MS, or COARSE_MS where sizes have
    to add up as well.
    """
    stems = _stems(labels)
    parts: list[int] = []
    unclear = 0
    for cluster in _clusters(calls, labels, slack, stems):
        sweep = _Sweep(cluster, stems, slack)
        sure = unsure is not None and cluster[0].thread not in unsure
        found, doubtful = sweep.parts(by_time=sure)
        parts += found
        unclear += doubtful
    return parts, unclear


def _stems(labels: Sequence[str]) -> dict[int, list[int]]:
    """Which labels the whole of a part of this name may have, the nearest first."""
    numbers = {label: number for number, label in enumerate(labels)}
    stems: dict[int, list[int]] = {}
    for number, label in enumerate(labels):
        found = []
        match = _NUMBERED.fullmatch(label)
        while match:
            stem = match[1]
            if stem in numbers:
                found.append(numbers[stem])
            match = _NUMBERED.fullmatch(stem)
        if found:
            stems[number] = found
    return stems


def _clusters(
    calls: pl.DataFrame, labels: Sequence[str], slack: int, stems: dict[int, list[int]]
) -> Iterator[list[_Row]]:
    """Rows of a thread that overlap, or touch and may be named after each other."""
    lengths = pl.Series([len(label) for label in labels], dtype=pl.Int64)
    numbered = pl.Series(list(stems), dtype=pl.UInt32)
    before = pl.col("end").cum_max().shift(1).over("thread")
    ordered = (
        calls.select("row", "thread", "start", "end", "label", "bytes")
        # The whole before its parts, also where both take the same time.
        .with_columns(length=lengths.gather(calls.get_column("label")))
        .sort(
            "thread", "start", "end", "length", "row", descending=[False, False, True, False, False]
        )
        .with_columns(before=before)
        .with_columns(
            joined=(
                (pl.col("start") < pl.col("before"))
                | (
                    pl.col("label").is_in(numbered.implode())
                    & (pl.col("start") <= pl.col("before") + slack)
                )
            ).fill_null(value=False)
        )
        # A part may begin before its whole by the clock: numbered names draw in what follows.
        .with_columns(
            joined=pl.col("joined")
            | (
                pl.col("label").is_in(numbered.implode()).shift(1, fill_value=False)
                & (pl.col("start") <= pl.col("before") + slack).fill_null(value=False)
            )
        )
        .with_columns(cluster=(~pl.col("joined")).cum_sum())
        .filter(pl.len().over("cluster") > 1)
    )
    cluster: list[_Row] = []
    last = None
    for *cells, number in ordered.select(*_Row._fields, "cluster").iter_rows():
        if number != last and cluster:
            yield cluster
            cluster = []
        last = number
        cluster.append(_Row(*cells))
    if cluster:
        yield cluster


class _Sweep:
    """One cluster, its rows by their start."""

    def __init__(self, rows: list[_Row], stems: dict[int, list[int]], slack: int) -> None:
        self._rows = rows
        self._stems = stems
        self._slack = slack
        self._of_label: dict[int, tuple[list[int], list[int]]] = {}
        for at, row in enumerate(rows):
            starts, places = self._of_label.setdefault(row.label, ([], []))
            starts.append(row.start)
            places.append(at)

    def parts(self, *, by_time: bool) -> tuple[list[int], int]:
        """The `row` of each part, and how many rows may be one."""
        named = [self._whole_by_name(row) for row in self._rows]
        timed = self._wholes_by_time() if by_time else [None] * len(named)
        sums: dict[int, int] = {}
        counts: dict[int, int] = {}
        for at, row in enumerate(self._rows):
            whole = timed[at] if named[at] is None else named[at]
            if whole is None:
                continue
            together = sums.get(whole, 0) + (row.bytes or 0)
            most = self._rows[whole].bytes
            if self._slack != FINE_MS and most is not None and together > most:
                # Within the second, and after its whole.
                named[at] = None
                continue
            sums[whole] = together
            counts[whole] = counts.get(whole, 0) + 1
        parts, unclear = [], 0
        for row, by_name, by_clock in zip(self._rows, named, timed, strict=True):
            whole = by_clock if by_name is None else by_name
            if whole is None:
                continue
            adds_up = self._rows[whole].bytes in (None, sums[whole])
            if by_name is not None:
                sure = adds_up or self._slack == FINE_MS
            else:
                # Two requests of the same size may seem to be in the same millisecond.
                sure = adds_up and counts[whole] > 1
            if sure:
                parts.append(row.row)
            else:
                unclear += 1
        return parts, unclear

    def _whole_by_name(self, part: _Row) -> int | None:
        for stem in self._stems.get(part.label, ()):
            starts, places = self._of_label.get(stem, ([], []))
            after = bisect_right(starts, part.start + self._slack)
            for at in reversed(places[max(after - _LOOKED_AT, 0) : after]):
                if self._holds(self._rows[at], part):
                    return at
        return None

    def _holds(self, whole: _Row, part: _Row) -> bool:
        """Whether a part lies within, give or take the clock; most of it without."""
        if part.start < whole.start - self._slack or part.end > whole.end + self._slack:
            return False
        shared = min(part.end, whole.end) - max(part.start, whole.start)
        return shared * 2 >= part.end - part.start or self._slack > FINE_MS

    def _wholes_by_time(self) -> list[int | None]:
        """Of each row the innermost other that it lies within."""
        wholes: list[int | None] = []
        open_: list[int] = []
        for at, row in enumerate(self._rows):
            while open_ and self._rows[open_[-1]].end < max(row.end, row.start + 1):
                open_.pop()
            # Nothing lasts no time within another that begins with it: it was done before.
            if row.start == row.end and open_ and self._rows[open_[-1]].start == row.start:
                wholes.append(None)
                continue
            wholes.append(open_[-1] if open_ and self._slack == FINE_MS else None)
            open_.append(at)
        return wholes
