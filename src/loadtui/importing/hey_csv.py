"""What `hey -o csv` writes: a row for each request that was answered, all to one URL.

The columns are seconds with four decimals: `response-time`, what it is made of, and `offset`, the
start since that of the run; and `status-code`, as in requester/print.go of hey 0.1.2 and later.
Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from pathlib import Path

from loadtui.errors import UsageError
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.files.sheet import CsvRow, CsvSheet
from loadtui.importing.files.text_file import plan_of
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.request_record import UNNAMED, RequestRecord, TimedRequest
from loadtui.importing.seconds import LONGEST_RUN_S, US_PER_SECOND
from loadtui.importing.source import ImportSource

_NAME = "hey (CSV)"
_TIME, _STATUS, _OFFSET = "response-time", "status-code", "offset"
_PART = "DNS+dialup"
_GOOD = range(200, 400)
_RESOLUTION_MS = 0.1
_MOST_ROWS = 1_000_000
"""hey keeps no more."""


def _is_hey_csv(file: ResultFile) -> bool:
    return _TIME in file.head and _PART in file.head


def read_hey_csv(path: Path) -> ImportSource:
    """The run that the rows tell of.

    Raises UsageError for rows that are not whole, but for the last, which is told, for numbers that
    cannot be, and for files of versions that say neither status nor time.
    """
    sheet = CsvSheet.open(path, lambda _: True)
    missing = [name for name in (_STATUS, _OFFSET) if name not in sheet.columns]
    if missing:
        raise UsageError(
            f"{path} has no column {missing[0]!r}, without which a request says too little; hey "
            "0.1.2 and later write it"
        )
    requests = RequestRecord(path)
    source = ImportSource("hey", _NAME, [path], plan_of(path), resolution_ms=_RESOLUTION_MS)
    for row in sheet.rows():
        try:
            requests.add(_request(row))
        except ValueError as error:
            raise row.wrong(str(error)) from None
    requests.fill(source)
    _tell(source, requests.requests)
    return source


def _request(row: CsvRow) -> TimedRequest:
    """Raises ValueError for a row without its numbers, and UsageError for what is no number."""
    took, began, code = row.number(_TIME), row.number(_OFFSET), row.count(_STATUS)
    if took is None or began is None or code is None:
        raise ValueError("a number is missing")
    if began > LONGEST_RUN_S:
        raise ValueError(f"it began {began:g} s after the run, which is no single run")
    good = code in _GOOD
    return TimedRequest(
        round(began * US_PER_SECOND),
        round(took * US_PER_SECOND),
        UNNAMED,
        good,
        "" if good else f"status {code}",
    )


def _tell(source: ImportSource, rows: int) -> None:
    source.note_presence(
        [
            ("every sample with its latency", True),
            ("failures by status", True),
            ("how long it took", True),
            ("requests that got no answer", False),
            ("when it began", False),
            ("which URL it was", False),
            ("users", False),
            ("sizes", False),
        ]
    )
    source.left_out.append("of each request the time of connecting, writing, waiting and reading")
    source.remarks.append(
        "hey writes only requests that were answered: those that failed to connect "
        "or timed out are not in the file"
    )
    source.remarks.append("latencies are rounded to 0.1 ms")
    if rows >= _MOST_ROWS:
        source.remarks.append("hey writes no more than the first million requests")


HEY_CSV = Reader(_NAME, _is_hey_csv, of_one(lambda file: read_hey_csv(file.path)))
