"""JMeter's tables of figures by label as CSV: Aggregate Report, Summary Report and the like.

Numbers are written as the table shows them, so that 0.05 of all that failed is `5.00%` and a
throughput may be one of a minute (`RateRenderer` of JMeter); what JMeter 2 writes raw is a share.
Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import re
from itertools import chain, pairwise

from loadtui.errors import UsageError
from loadtui.importing.files import numerals
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.files.sheet import CsvRow, CsvSheet
from loadtui.importing.files.text_file import clean_text, plan_of
from loadtui.importing.jmeter.aggregate_columns import (
    FAILED,
    JMETER_TOTAL,
    LABEL,
    MAX,
    MEAN,
    MIN,
    RATE,
    REQUESTS,
    SIZE,
    aggregate_columns,
    sums_up,
)
from loadtui.importing.outcomes import sums_that_differ
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.source import NEITHER_TIME_NOR_KINDS, ImportSource, figures_present, totalled
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable

_NAME = "JMeter aggregate report (CSV)"
_NEEDED = frozenset({LABEL, REQUESTS, MEAN, FAILED})
_WHOLE_MS = 1.0
_RATE = re.compile(r"(?P<number>[^/]*?)\s*/\s*(?P<unit>\w+)")
_SECONDS = {"s": 1, "sec": 1, "min": 60, "h": 3600, "hour": 3600}


def _is_aggregate(file: ResultFile) -> bool:
    return set(aggregate_columns(file.head)) >= _NEEDED


def read_aggregate_csv(file: ResultFile) -> ImportSource:
    """The run that a table tells of.  Raises UsageError for a damaged file, for numbers that cannot
    be, and when there is no request."""
    sheet = CsvSheet.open(file.path, lambda name: aggregate_columns([name]) != [LABEL])
    names = aggregate_columns(sheet.head)
    for name in names:
        if name and names.count(name) > 1:
            raise sheet.wrong(1, f"there are two columns of {name!r}")
    sheet.columns = {name: at for at, name in enumerate(names) if name}
    source = ImportSource("jmeter", _NAME, [file.path], plan_of(file.path))
    source.resolution_ms = _WHOLE_MS
    table = _Table(sheet)
    endpoints: list[SourceFigures] = []
    total: SourceFigures | None = None
    for row, after in pairwise(chain(sheet.rows(), [None])):
        assert row is not None
        label, last = row.text(LABEL), after is None
        if label == JMETER_TOTAL and not last:
            raise row.wrong(f"there are rows behind that of {label}, so these are several runs")
        if last and endpoints and sums_up(label):
            total = table.figures(row)
            continue
        if source.record.endpoints.add("", label) < len(endpoints):
            raise row.wrong(f"{label!r} is there twice")
        endpoints.append(table.figures(row))
    everything = total or totalled(endpoints)
    if not everything.requests:
        raise UsageError(f"{file.path} holds no request; there is nothing to import")
    source.figures = SourceFigureTable(everything, endpoints)
    source.left_out = [clean_text(name) for name, known in zip(sheet.head, names, strict=True)
                       if not known]  # fmt: skip
    _tell(source, table, has_total=total is not None)
    return source


class _Table:
    """Makes figures of rows, and notes what had to be taken for something."""

    def __init__(self, sheet: CsvSheet) -> None:
        self._sheet = sheet
        self._percentiles = [name for name in sheet.columns if re.fullmatch(r"p[\d.]+", name)]
        self.bare_shares = False
        """Whether a share that failed is written without a percent sign."""

    def figures(self, row: CsvRow) -> SourceFigures:
        """Raises UsageError for what is no number or cannot be."""
        requests = row.needed(REQUESTS)
        if not requests:
            # JMeter writes the largest and the smallest number there are.
            return SourceFigures(requests=0)
        size = row.number(SIZE)
        percentiles = {name: row.number(name) for name in self._percentiles}
        return SourceFigures(
            requests=requests,
            error_rate=self._failed(row),
            rps=self._per_second(row),
            bytes=None if size is None else round(size * requests),
            mean_ms=row.number(MEAN),
            min_ms=row.number(MIN),
            max_ms=row.number(MAX),
            percentiles={name: ms for name, ms in percentiles.items() if ms is not None},
        )

    def _failed(self, row: CsvRow) -> float | None:
        text = row.text(FAILED).strip()
        number = self._number(row, FAILED, text.removesuffix("%"))
        if number is None:
            return None
        signed = text.endswith("%")
        self.bare_shares |= not signed and number > 0
        share = number / 100 if signed else number
        if share > 1:
            raise row.wrong(
                f"column of errors: {text} is more than all"
                + ("" if signed else "; without a percent sign it is a share from 0 to 1")
            )
        return share

    def _per_second(self, row: CsvRow) -> float | None:
        text = row.text(RATE)
        match = _RATE.fullmatch(text.strip())
        seconds = _SECONDS.get(match["unit"].casefold()) if match else 1
        if seconds is None:
            raise row.wrong(f"column of the throughput: {text[:40]!r} is in an unknown unit")
        number = self._number(row, RATE, match["number"] if match else text)
        return None if number is None else number / seconds

    def _number(self, row: CsvRow, column: str, text: str) -> float | None:
        try:
            return numerals.parse_number(text, self._sheet.sign)
        except ValueError as error:
            raise row.wrong(f"column {column!r}: {error}") from None


def _tell(source: ImportSource, table: _Table, *, has_total: bool) -> None:
    assert source.figures is not None
    total, endpoints = source.figures.total, source.figures.endpoints
    source.note_presence(figures_present(total))
    source.note_presence(NEITHER_TIME_NOR_KINDS)
    if has_total:
        parts = sum(one.requests or 0 for one in endpoints)
        source.remarks += sums_that_differ({"requests": (total.requests, parts)})
    else:
        source.remarks.append("it has no row of all requests: there is only what counts add up to")
    if table.bare_shares:
        source.remarks.append(
            "its error rates have no percent sign, and were read as shares from 0 to 1, as JMeter "
            "2 writes them"
        )


AGGREGATE_CSV = Reader(_NAME, _is_aggregate, of_one(read_aggregate_csv))
