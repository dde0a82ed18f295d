"""What a JMeter results file comes to, whichever way it is written: one run, or several.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import polars as pl

from loadtui.errors import UsageError
from loadtui.importing.files.text_file import plan_of
from loadtui.importing.jmeter.jtl_clock import COARSE_MS, FINE_MS, in_milliseconds
from loadtui.importing.jmeter.jtl_columns import JtlColumns
from loadtui.importing.jmeter.jtl_record import fill_record
from loadtui.importing.jmeter.jtl_roles import JtlRoles, sort_out
from loadtui.importing.jmeter.jtl_samples import JtlSample, JtlSamples
from loadtui.importing.source import ImportSource
from loadtui.plurals import counted

GAP_S = 3600
"""A run in which nothing happens for longer is taken for two, put into one file."""
_AT_ONCE = 100_000
_PREFIX = "Number of samples in transaction"
_TRANSACTION = re.compile(_PREFIX + r"\D*(\d{1,9})?")


class JtlResults:
    def __init__(self, path: Path, format_name: str, *, flat: bool) -> None:
        """`flat`: whether parts of samples may be samples of their own here, as in CSV."""
        self.remarks: list[str] = []
        """Of the file."""
        self.coarse = False
        """Whether times are written out without fractions of a second."""
        self._path = path
        self._format = format_name
        self._flat = flat
        self._samples = JtlSamples()
        self._parts = 0
        self._sums = 0
        self._heads = 0

    def add(self, sample: JtlSample) -> None:
        """Take in a sample, in the order of the file."""
        self._samples.add(sample)

    def add_all(self, samples: JtlColumns) -> None:
        """Take in many samples at once."""
        self._samples.add_all(samples)

    def leave_out(self, *, parts: int = 0, sums: int = 0) -> None:
        """Note samples that the file itself shows to be parts of others, or sums of them."""
        self._parts += parts
        self._sums += sums

    def next_head(self) -> None:
        """What follows comes under a head of its own, so another run wrote it."""
        self._heads += 1
        self._samples.next_section()

    def sources(self) -> list[ImportSource]:
        """The runs in the file.  Raises UsageError when there is none, and for times that no run
        has."""
        runs = [run for frame in self._samples.sections() for run in self._runs(frame)]
        if not runs:
            raise UsageError(f"{self._path} holds no sample; there is nothing to import")
        sources = []
        for number, (requests, roles) in enumerate(runs, 1):
            source = ImportSource("jmeter", self._format, [self._path], plan_of(self._path))
            fill_record(self._path, requests, self._samples.labels, self._samples.errors, source)
            self._tell(source, requests, roles)
            if len(runs) > 1:
                source.remarks.insert(0, self._place(number, len(runs), requests))
            sources.append(source)
        return sources

    def _runs(self, frame: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, JtlRoles]]:
        frame, seconds = in_milliseconds(self._path, frame)
        coarse = seconds or self.coarse
        remark = "its time stamps are whole seconds, and a request is in the one that they name"
        if coarse and remark not in self.remarks:
            self.remarks.append(remark)
        roles = sort_out(
            frame,
            self._samples.labels,
            COARSE_MS if coarse else FINE_MS,
            threads=self._samples.has_threads,
            flat=self._flat,
        )
        if roles.requests.is_empty():
            return
        for requests in _split(roles.requests):
            yield requests, roles

    def _place(self, number: int, count: int, requests: pl.DataFrame) -> str:
        began = requests.get_column("start").min()
        assert isinstance(began, int)
        when = datetime.fromtimestamp(began / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
        why = "a head each" if self._heads else f"nothing for {GAP_S // 60} minutes between them"
        return f"run {number} of {count} in the file, from {when} UTC: they have {why}"

    def _tell(self, source: ImportSource, requests: pl.DataFrame, roles: JtlRoles) -> None:
        """Say what was taken for what, of all of the file."""
        source.note_presence(
            [
                ("every sample with its latency", True),
                ("failures by kind", True),
                ("when it began, and how long it took", True),
                ("users by second", source.users is not None),
                ("sizes", requests.get_column("bytes").count() > 0),
                ("exceptions", False),
            ]
        )
        parts, sums = roles.parts + self._parts, roles.sums + self._sums
        left_out = (
            (parts, "part", " of samples, such as redirects and embedded resources"),
            (sums, "transaction", ", which sum up samples of the file"),
            (roles.empty, "transaction", " of no sample"),
        )
        source.left_out += [f"{counted(n, noun)}{what}" for n, noun, what in left_out if n]
        source.left_out.append("of each sample the time to its first byte, of connecting and idle")
        if roles.lone:
            source.remarks.append(
                f"{counted(roles.lone, 'transaction')} counted, whose requests are not in the file"
            )
        if roles.unclear:
            source.remarks.append(
                f"{counted(roles.unclear, 'sample')} counted that lie within the time of another "
                f"of their thread, and are no parts of it by name and size"
            )
        if roles.by_ends:
            source.remarks.append("its time stamps were read as ends, by what lies within what")
        source.remarks += self.remarks
        source.remarks.append("latencies are whole milliseconds")


def _split(requests: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The requests of each run, where nothing happened for long between them."""
    end = (pl.col("start") + pl.col("elapsed")).max()
    before = pl.col("end").cum_max().shift(1)
    begins = (
        # Within a minute there is no such gap, and minutes are few.
        pl.concat(
            part.group_by(minute=pl.col("start") // 60_000).agg(pl.col("start").min(), end=end)
            for part in requests.iter_slices(_AT_ONCE)
        )
        .sort("start")
        .filter((pl.col("start") - before > GAP_S * 1000) | before.is_null())
        .get_column("start")
        .to_list()
    )
    if len(begins) == 1:
        yield requests
        return
    for begin, next_begin in pairwise([*begins, None]):
        later = pl.col("start") >= begin
        yield requests.filter(
            later if next_begin is None else later & (pl.col("start") < next_begin)
        )


def transaction_size(message: str) -> int | None:
    """Of a sample with this response message how many others it sums up, None when it is one of its
    own; 1 where the message is cut."""
    if not message.startswith(_PREFIX):
        return None
    match = _TRANSACTION.match(message)
    return None if match is None else int(match[1] or 1)


def error_of(code: str, message: str, failed: str) -> str:
    """What is said of a failed sample: its response, and why an assertion did not hold."""
    response = " ".join(part for part in (code, message) if part and part != "null")
    return ": ".join(part for part in (response, failed.strip()) if part) or "failed"
