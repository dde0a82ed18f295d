"""Locust's CSV files: statistics, their history, failures and exceptions, of every 2.x version.

The columns are the same in all of them, but for `First Seen` and `Last Seen` of failures, which
came with 2.44, and for the percentiles, which a locustfile may choose.  Import this module where it
is used: it loads polars.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from loadtui.errors import UsageError
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.files.sheet import CsvSheet
from loadtui.importing.locust.locust_agreement import (
    check_failed,
    check_failures,
    check_history,
    late_of,
)
from loadtui.importing.locust.locust_columns import (
    LOCUST_RESOLUTION,
    LOCUST_TOTAL,
    source_figures_of,
)
from loadtui.importing.locust.locust_history import LocustHistory
from loadtui.importing.reader import Reader
from loadtui.importing.source import ImportSource, figures_present
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable
from loadtui.store.journal_contents import JournalContents

CsvPart = Literal["stats", "history", "failures", "exceptions"]

_NAME = "Locust CSV"
_COLUMNS: dict[CsvPart, frozenset[str]] = {
    "stats": frozenset({"Type", "Name", "Request Count", "Failure Count"}),
    "history": frozenset({"Timestamp", "User Count", "Name", "Total Request Count"}),
    "failures": frozenset({"Method", "Name", "Error", "Occurrences"}),
    "exceptions": frozenset({"Count", "Message", "Traceback", "Nodes"}),
}
"""Columns that tell the four files apart."""

SUFFIXES: dict[CsvPart, str] = {
    "history": "_stats_history",
    "stats": "_stats",
    "failures": "_failures",
    "exceptions": "_exceptions",
}
"""What Locust puts behind the prefix of `--csv`; the longest first."""
_DOWNLOADED = ("_requests_full_history", "_requests", *SUFFIXES.values())
"""What is behind the names under which its web page offers them; the longest first."""
_DOWNLOADED_WHEN = re.compile(r"(?:requests|stats|failures|exceptions)_\d{9,}(?:\.\d+)?")
"""The same of older versions, with the time of the download."""

_TEXTS = frozenset(
    {"Type", "Method", "Name", "Error", "Message", "Traceback", "Nodes", "First Seen", "Last Seen"}
)


def read_locust_csv(parts: Mapping[CsvPart, Path]) -> ImportSource:
    """The run that these files tell of.  Raises UsageError for files that are damaged or hold no
    request, and where neither statistics nor their history are among them."""
    files = [
        parts[part] for part in ("stats", "history", "failures", "exceptions") if part in parts
    ]
    if "stats" not in parts and "history" not in parts:
        raise UsageError(
            f"{files[0]} tells of {'failures' if 'failures' in parts else 'exceptions'} only; name "
            "the file of the statistics with it, the one that ends in _stats.csv"
        )
    name = prefix(files[0]) or files[0].stem
    source = ImportSource("locust", _NAME, files, name, resolution=LOCUST_RESOLUTION)
    history = LocustHistory(_sheet(parts["history"])) if "history" in parts else None
    if "stats" in parts:
        source.figures = _statistics(_sheet(parts["stats"]), source.record)
    if history is not None and "stats" in parts:
        compared = parts["stats"], parts["history"]
        check_history(source, compared, *history.last_figures(), history.largest_step)
    if history is not None:
        history.fill(source)
        source.figures = source.figures or history.figures(source.record)
    assert source.figures is not None
    if not source.figures.total.requests:
        raise UsageError(f"{files[0]} holds no request; there is nothing to import")
    if "failures" in parts:
        failures = _failures(_sheet(parts["failures"]), source)
        compared = files[0], parts["failures"]
        if history is None or "stats" in parts:
            check_failures(source, compared, failures)
        else:
            check_failed(source, compared, failures, late_of(history.largest_step))
    if "exceptions" in parts:
        _exceptions(_sheet(parts["exceptions"]), source.record)
    _tell(source, parts, history)
    source.beside = _beside(source)
    return source


def prefix(path: Path) -> str:
    """What was given to `--csv`, by the name of one of the files; empty for `stats.csv` itself, and
    for what an older Locust named by the time of the download alone."""
    stem = path.stem
    if _DOWNLOADED_WHEN.fullmatch(stem):
        return ""
    for suffix in _DOWNLOADED:
        if f"_{stem}".endswith(suffix):
            return f"_{stem}".removesuffix(suffix)[1:]
    return stem


def _part_of(file: ResultFile) -> CsvPart | None:
    """Which of the four a file is, by its columns; None when it is none of them."""
    head = set(file.head)
    return next((part for part, columns in _COLUMNS.items() if columns <= head), None)


def _groups(files: Sequence[ResultFile]) -> list[list[ResultFile]]:
    """The files of each run, which are those of one prefix in one folder.

    Raises UsageError for two of the same part and prefix.
    """
    parts = {file: part for file in files if (part := _part_of(file)) is not None}
    of_prefix: dict[tuple[Path, str], dict[CsvPart, ResultFile]] = {}
    for file, part in parts.items():
        group = of_prefix.setdefault((file.path.parent, prefix(file.path)), {})
        if part in group:
            raise UsageError(
                f"{group[part].path} and {file.path} both hold {part} of Locust; import one run "
                "at a time"
            )
        group[part] = file
    return [list(group.values()) for group in of_prefix.values()]


def _read_group(files: Sequence[ResultFile]) -> ImportSource:
    return read_locust_csv(
        {part: file.path for file in files if (part := _part_of(file)) is not None}
    )


def _beside(source: ImportSource) -> list[Path]:
    """Files of the same run that lie beside those of a source and were not named."""
    named = {path.resolve() for path in source.files}
    folder = source.files[0].parent
    paths = [folder / f"{source.name}{suffix}.csv" for suffix in SUFFIXES.values()]
    return [path for path in paths if path.is_file() and path.resolve() not in named]


def _sheet(path: Path) -> CsvSheet:
    return CsvSheet.open(path, lambda column: column not in _TEXTS)


def _statistics(sheet: CsvSheet, record: JournalContents) -> SourceFigureTable:
    endpoints: list[SourceFigures] = []
    total: SourceFigures | None = None
    for row in sheet.rows():
        if total is not None:
            raise row.wrong(
                f"there is a row behind that of {LOCUST_TOTAL}, so these are several runs"
            )
        figures = source_figures_of(row, sheet.columns)
        if row.text("Name") == LOCUST_TOTAL and not row.text("Type"):
            total = figures
            continue
        if record.endpoints.add(row.text("Type"), row.text("Name")) < len(endpoints):
            raise row.wrong(f"{row.text('Name')!r} is there twice")
        endpoints.append(figures)
    if total is None:
        raise UsageError(
            f"{sheet.path} has no row of {LOCUST_TOTAL}, which Locust writes last; the file "
            "is cut off"
        )
    return SourceFigureTable(total, endpoints)


def _failures(sheet: CsvSheet, source: ImportSource) -> Counter[tuple[str, str]]:
    """How many there are of each endpoint."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in sheet.rows():
        endpoint, occurrences = (row.text("Method"), row.text("Name")), row.needed("Occurrences")
        counts[endpoint] += occurrences
        source.record.errors.add(
            (*endpoint, row.text("Error")),
            occurrences,
            _since_start(row.text("First Seen"), source),
            _since_start(row.text("Last Seen"), source),
        )
    return counts


def _since_start(text: str, source: ImportSource) -> float | None:
    """Seconds from the run's start, None where either of the two is not known."""
    if not text or source.started is None:
        return None
    try:
        return max(datetime.fromisoformat(text).timestamp() - source.started, 0.0)
    except (ValueError, OverflowError):
        return None


def _exceptions(sheet: CsvSheet, record: JournalContents) -> None:
    for row in sheet.rows():
        key = row.text("Message"), row.text("Traceback")
        record.exceptions.add(key, row.needed("Count"), None, None)


def _tell(
    source: ImportSource, parts: Mapping[CsvPart, Path], history: LocustHistory | None
) -> None:
    assert source.figures is not None
    source.note_presence(figures_present(source.figures.total))
    source.note_presence(
        [
            ("users, requests and failures by second", history is not None),
            ("when it began, and how long it took", source.started is not None),
            ("failures by kind", "failures" in parts),
            ("exceptions", "exceptions" in parts),
        ]
    )
    source.absent.append("latencies of single requests")
    if history is not None and "stats" in parts:
        source.left_out.append("percentiles by second, of ten seconds or of all up to then")
    source.remarks.append("latencies are rounded to two digits by Locust, 105 ms to 100 ms")


LOCUST_CSV_FILES = Reader(_NAME, lambda file: _part_of(file) is not None, _read_group, _groups)
