"""Locust's CSV files: statistics, their history, failures and exceptions, of every version that
writes any (0.8 and later).

The columns are the same in all since 1.0, but for `First Seen` and `Last Seen` of failures, which
came with 2.44, and for the percentiles, which a locustfile may choose; those of before are brought
into the same names.  Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
    current_head,
    is_old_head,
    is_total_row,
    source_figures_of,
)
from loadtui.importing.locust.locust_distribution import LocustDistribution
from loadtui.importing.locust.locust_failures import read_failures
from loadtui.importing.locust.locust_history import LocustHistory
from loadtui.importing.reader import Reader
from loadtui.importing.source import ImportSource, figures_present
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable
from loadtui.store.journal_contents import JournalContents

CsvPart = Literal["stats", "history", "distribution", "failures", "exceptions"]

_NAME = "Locust CSV"
_COLUMNS: dict[CsvPart, frozenset[str]] = {
    "stats": frozenset({"Type", "Name", "Request Count", "Failure Count"}),
    "history": frozenset({"Timestamp", "Type", "Name", "Total Request Count"}),
    "distribution": frozenset({"Name", "Request Count", "50%", "66%", "100%"}),
    "failures": frozenset({"Method", "Name", "Error", "Occurrences"}),
    "exceptions": frozenset({"Count", "Message", "Traceback", "Nodes"}),
}
"""Columns that tell the files apart, the first that fits."""

_ORDER: tuple[CsvPart, ...] = ("stats", "distribution", "history", "failures", "exceptions")

_BESIDE: tuple[tuple[CsvPart, str, str], ...] = (
    ("failures", "failures", "_stats.csv"),
    ("exceptions", "exceptions", "_stats.csv"),
    ("distribution", "percentiles", "_requests.csv"),
)
"""Files that are no run by themselves, what they tell of, and the one that they need."""

SUFFIXES: dict[CsvPart, str] = {
    "history": "_stats_history",
    "stats": "_stats",
    "failures": "_failures",
    "exceptions": "_exceptions",
}
"""What Locust puts behind the prefix of `--csv`; the longest first."""
_OLD_SUFFIXES = ("_requests", "_distribution")
"""The same up to 0.13.0."""
_DOWNLOADED = ("_requests_full_history", *_OLD_SUFFIXES, *SUFFIXES.values())
"""What is behind the names under which its web page offers them; the longest first."""
_DOWNLOADED_WHEN = re.compile(
    r"(?:requests|distribution|stats|failures|exceptions)_\d{9,}(?:\.\d+)?"
)
"""The same of older versions, with the time of the download."""

_TEXTS = frozenset(
    {"Type", "Method", "Name", "Error", "Message", "Traceback", "Nodes", "First Seen", "Last Seen"}
)


def read_locust_csv(parts: Mapping[CsvPart, Path]) -> ImportSource:
    """The run that these files tell of.  Raises UsageError for files that are damaged or hold no
    request, and where neither statistics nor their history are among them."""
    files = [parts[part] for part in _ORDER if part in parts]
    if "stats" not in parts and "history" not in parts:
        told = [(part, words, file) for part, words, file in _BESIDE if part in parts]
        part, words, ends = told[0]
        raise UsageError(
            f"{parts[part]} holds {words} only; name the file of the statistics with it, the "
            f"one that ends in {ends}"
        )
    name = prefix(files[0]) or files[0].stem
    source = ImportSource("locust", _NAME, files, name, resolution=LOCUST_RESOLUTION)
    history = LocustHistory(_sheet(parts["history"])) if "history" in parts else None
    if "stats" in parts:
        _read_statistics(parts, source)
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
        failures = read_failures(parts["failures"], source)
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
    head = set(current_head(file.head))
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
    suffixes = (*SUFFIXES.values(), *_OLD_SUFFIXES)
    paths = [folder / f"{source.name}{suffix}.csv" for suffix in suffixes]
    return [path for path in paths if path.is_file() and path.resolve() not in named]


def _sheet(path: Path) -> CsvSheet:
    sheet = CsvSheet.open(path, lambda column: column not in _TEXTS)
    sheet.columns = {name: at for at, name in enumerate(current_head(sheet.head))}
    return sheet


def _read_statistics(parts: Mapping[CsvPart, Path], source: ImportSource) -> None:
    """Give the source its figures, those of a file of percentiles beside them included."""
    sheet = _sheet(parts["stats"])
    old = is_old_head(sheet.head)
    beside = LocustDistribution(_sheet(parts["distribution"])) if "distribution" in parts else None
    # Up to 0.8 requests are those that succeeded.
    apart = old and (_fails_beside(sheet) or (beside is not None and beside.apart))
    endpoints: list[SourceFigures] = []
    total: SourceFigures | None = None
    timed: dict[str, int] = {}
    for row in sheet.rows():
        if total is not None:
            raise row.wrong(
                f"there is a row behind that of {LOCUST_TOTAL}, so these are several runs"
            )
        figures = source_figures_of(row, sheet.columns, apart=apart)
        if is_total_row(row, old=old):
            total, entry = figures, ("", "")
        else:
            entry = row.text("Type"), row.text("Name")
            if source.record.endpoints.add(*entry) < len(endpoints):
                raise row.wrong(f"{entry[1]!r} is there twice")
            endpoints.append(figures)
        timed[" ".join(filter(None, entry))] = row.needed("Request Count")
    if total is None:
        raise UsageError(
            f"{sheet.path} has no row of {LOCUST_TOTAL}, which Locust writes last; the file "
            "is cut off"
        )
    source.figures = SourceFigureTable(total, endpoints)
    if beside is not None:
        beside.fill(source, timed, sheet.path)
    if apart:
        source.remarks.append(
            "it counts what failed beside the requests, as Locust up to 0.8: both were added up, "
            "and latencies are of what succeeded"
        )
    elif old and "Method" in sheet.head and total.failures:
        source.remarks.append(
            "'# requests' was taken for all of them, those that failed included, as since Locust "
            "0.9; name its _distribution.csv with it to make sure"
        )


def _fails_beside(sheet: CsvSheet) -> bool:
    """Whether some row has more failures than requests."""
    return any(
        (row.count("Failure Count") or 0) > row.needed("Request Count") for row in sheet.rows()
    )


def _exceptions(sheet: CsvSheet, record: JournalContents) -> None:
    for row in sheet.rows():
        key = row.text("Message"), row.text("Traceback")
        record.exceptions.add(key, row.needed("Count"), None, None)


def _tell(
    source: ImportSource, parts: Mapping[CsvPart, Path], history: LocustHistory | None
) -> None:
    assert source.figures is not None
    source.note_presence(figures_present(source.figures.total))
    users = "" if history is not None and not history.has_users else "users, "
    source.note_presence(
        [
            *([] if users else [("users", False)]),
            (f"{users}requests and failures by second", history is not None),
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
