"""A saved run as the four CSV files that `locust --csv PREFIX` writes, for what reads those.

Columns, order, rounding and percentile rule are Locust's (locust.stats.StatsCSVFileWriter), so that
a reader sees what Locust would have written for the same requests.  The files have no place for
provenance and validity.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.printable_text import visible_text
from loadtui.report.locust_csv.locust_stats_entries import (
    EntrySeconds,
    LocustStatsEntry,
    reported_shares,
)
from loadtui.report.locust_csv.locust_tables import percentile_heads
from loadtui.report.locust_csv.reset_second import (
    ErrorKind,
    counted_seconds,
    errors_since,
)
from loadtui.samples.exception_message import message_of
from loadtui.store.output_file import write_output
from loadtui.store.stored_run import Run

_STATS_HEAD = (
    "Type", "Name", "Request Count", "Failure Count", "Median Response Time",
    "Average Response Time", "Min Response Time", "Max Response Time", "Average Content Size",
    "Requests/s", "Failures/s",
)  # fmt: skip
_HISTORY_HEAD = ("Timestamp", "User Count", "Type", "Name", "Requests/s", "Failures/s")
_HISTORY_TOTALS = (
    "Total Request Count", "Total Failure Count", "Total Median Response Time",
    "Total Average Response Time", "Total Min Response Time", "Total Max Response Time",
    "Total Average Content Size",
)  # fmt: skip
_FAILURES_HEAD = ("Method", "Name", "Error", "Occurrences", "First Seen", "Last Seen")
_EXCEPTIONS_HEAD = ("Count", "Message", "Traceback", "Nodes")
_TOTAL = ("", "Aggregated")

Label = tuple[str, str]
"""Method and name of an endpoint."""
CsvCells = Iterable[object]
_FORMULA = frozenset("=+-@\t\r")
"""How a text begins that spreadsheets take for a formula."""


def locust_csv(run: Run, *, full_history: bool = False, since: int = 0) -> dict[str, bytes]:
    """What comes after the prefix -> content, for each of the four files.

    The history has a row a second for all requests, with percentiles of everything so far; with
    `full_history` a row for each endpoint as well, and percentiles of the last ten seconds.  A
    request counts in the second in which it began, and one that began before the second `since`
    nowhere.  Raises UsageError when a table of the run is missing or damaged, and for an imported
    run whose source gave no samples.
    """
    manifest = run.manifest
    if manifest.imported is not None and manifest.imported.given is not None:
        raise UsageError(
            f"run {run.id} has no samples, only the figures it was imported with: "
            "they do not suffice for Locust's CSV files"
        )
    labels = [(endpoint.method, endpoint.name) for endpoint in manifest.endpoints]
    heads = percentile_heads(reported_shares(run))
    history = _HISTORY_HEAD, heads, _HISTORY_TOTALS
    return {
        "_stats.csv": _file((*_STATS_HEAD, *heads), _stats(run, labels, since)),
        "_stats_history.csv": _file(chain(*history), _history(run, labels, full_history, since)),
        "_failures.csv": _file(_FAILURES_HEAD, _failures(run, since)),
        "_exceptions.csv": _file(_EXCEPTIONS_HEAD, _exceptions(run)),
    }


def write_locust_csv(
    run: Run, prefix: str, *, full_history: bool = False, since: int = 0
) -> list[Path]:
    """Write the files, making the folder of the prefix where there is none, as Locust does.

    Raises UsageError as `locust_csv`, and when a file cannot be written.
    """
    written = []
    for end, content in locust_csv(run, full_history=full_history, since=since).items():
        path = Path(prefix + end)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_output(path, content)
        except OSError as error:
            raise UsageError(f"--csv {prefix}: {path}: {error.strerror}") from error
        written.append(path)
    return written


def _file(head: CsvCells, rows: Iterable[CsvCells]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows(map(_harmless, rows))
    return text.getvalue().encode("utf-8", "backslashreplace")


def _harmless(cells: CsvCells) -> CsvCells:
    """The cells, lines of texts as they are printed elsewhere, and texts that a spreadsheet would
    compute behind a quotation mark, as is the custom:
    https://owasp.org/www-community/attacks/CSV_Injection."""
    return [_harmless_text(cell) if type(cell) is str else cell for cell in cells]


def _harmless_text(text: str) -> str:
    mark = "'" if text[:1] in _FORMULA else ""
    return mark + "\n".join(visible_text(line) for line in text.split("\n"))


def _stats(run: Run, labels: Sequence[Label], since: int) -> Iterator[CsvCells]:
    seconds = EntrySeconds.of(run, since)
    entries, total = seconds.advance(seconds.last)
    length, shares = counted_seconds(run, since), reported_shares(run)
    for label, entry in [*_by_name(labels, entries), (_TOTAL, total)]:
        yield [
            *label,
            *_counts(entry),
            entry.requests / length if length else 0.0,
            entry.failures / length if length else 0.0,
            *_percentiles(entry, shares),
        ]


def _history(
    run: Run, labels: Sequence[Label], full_history: bool, since: int
) -> Iterator[CsvCells]:
    """A row at the end of every second, and one of the moment before the first."""
    seconds = EntrySeconds.of(run, since)
    started = int(datetime.fromisoformat(run.manifest.started).timestamp())
    users, shares = run.timeline().get_column("users").to_list(), reported_shares(run)
    for at in range(max(seconds.last, len(users)) + 1):
        entries, total = seconds.advance(at)
        now = users[min(at, len(users) - 1)] if users else 0
        rows = [*_by_name(labels, entries), (_TOTAL, total)] if full_history else [(_TOTAL, total)]
        for label, entry in rows:
            rps, failures = entry.current_rates(at)
            shown = entry.recent(at) if full_history else entry
            yield [
                started + at,
                now,
                *label,
                f"{rps:2f}",
                f"{failures:2f}",
                *_percentiles(shown, shares, entry.requests > 0),
                *_counts(entry),
            ]


def _counts(entry: LocustStatsEntry) -> CsvCells:
    return (
        entry.requests,
        entry.failures,
        entry.median_ms(),
        entry.mean_ms(),
        entry.min_ms(),
        entry.max_ms(),
        entry.bytes / entry.requests if entry.requests else 0,
    )


def _percentiles(
    entry: LocustStatsEntry, shares: Sequence[float], any_request: bool | None = None
) -> CsvCells:
    if not (entry.requests if any_request is None else any_request):
        return ["N/A"] * len(shares)
    return entry.percentiles(shares)


def _failures(run: Run, since: int) -> Iterator[CsvCells]:
    rows = errors_since(run, since)
    for method, name, message, count, first, last in sorted(rows, key=_error_key):
        yield method, name, message, count, _moment(run, first), _moment(run, last)


def _error_key(row: ErrorKind) -> str:
    """Locust sorts the kinds by a hash of what they are."""
    method, name, message, *_ = row
    return hashlib.sha256(f"{method}.{name}.{message!r}".encode(errors="replace")).hexdigest()


def _exceptions(run: Run) -> Iterator[CsvCells]:
    """Which worker raised what is known only where there was one."""
    workers = run.manifest.workers
    node = str(workers[0].index) if len(workers) == 1 else ""
    for kind in sorted(run.exceptions(), key=lambda kind: kind.first or 0.0):
        yield kind.count, message_of(kind.message), kind.traceback, node


def _moment(run: Run, second: float | None) -> str:
    if second is None:
        return ""
    started = datetime.fromisoformat(run.manifest.started).timestamp()
    return datetime.fromtimestamp(int(started + second), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _by_name(
    labels: Sequence[Label], entries: Mapping[int, LocustStatsEntry]
) -> list[tuple[Label, LocustStatsEntry]]:
    rows = [(labels[number], entry) for number, entry in entries.items()]
    return sorted(rows, key=lambda row: (row[0][1], row[0][0]))
