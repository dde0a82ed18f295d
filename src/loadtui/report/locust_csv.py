"""A kept run as the four CSV files that `locust --csv PREFIX` writes, for what reads those.

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
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.report.locust_stats_entries import EntrySeconds, LocustStatsEntry
from loadtui.store.stored_run import Run

PERCENTILES = (0.50, 0.66, 0.75, 0.80, 0.90, 0.95, 0.98, 0.99, 0.999, 0.9999, 1.0)
_PERCENTILE_HEADS = (
    "50%", "66%", "75%", "80%", "90%", "95%", "98%", "99%", "99.9%", "99.99%", "100%",
)  # fmt: skip
_STATS_HEAD = (
    "Type", "Name", "Request Count", "Failure Count", "Median Response Time",
    "Average Response Time", "Min Response Time", "Max Response Time", "Average Content Size",
    "Requests/s", "Failures/s", *_PERCENTILE_HEADS,
)  # fmt: skip
_HISTORY_HEAD = (
    "Timestamp", "User Count", "Type", "Name", "Requests/s", "Failures/s", *_PERCENTILE_HEADS,
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


def locust_csv(run: Run, *, full_history: bool = False) -> dict[str, bytes]:
    """What comes after the prefix -> content, for each of the four files.

    The history has a row a second for all requests, with percentiles of everything so far; with
    `full_history` a row for each endpoint as well, and percentiles of the last ten seconds.  A
    request counts in the second in which it began.  Raises UsageError when a table of the run is
    missing or damaged, and for an imported run whose source gave no samples.
    """
    manifest = run.manifest
    if manifest.imported is not None and manifest.imported.given is not None:
        raise UsageError(
            f"run {run.id} has no samples, only the figures it was imported with: "
            "they do not suffice for Locust's CSV files"
        )
    labels = [(endpoint.method, endpoint.name) for endpoint in manifest.endpoints]
    return {
        "_stats.csv": _file(_STATS_HEAD, _stats(run, labels)),
        "_stats_history.csv": _file(_HISTORY_HEAD, _history(run, labels, full_history)),
        "_failures.csv": _file(_FAILURES_HEAD, _failures(run)),
        "_exceptions.csv": _file(_EXCEPTIONS_HEAD, _exceptions(run)),
    }


def write_locust_csv(run: Run, prefix: str, *, full_history: bool = False) -> list[Path]:
    """Write the files, making the folder of the prefix where there is none, as Locust does.

    Raises UsageError as `locust_csv`, and when a file cannot be written.
    """
    written = []
    for end, content in locust_csv(run, full_history=full_history).items():
        path = Path(prefix + end)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise UsageError(f"--csv {prefix}: {path}: {error.strerror}") from error
        written.append(path)
    return written


def _file(head: CsvCells, rows: Iterable[CsvCells]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8", "backslashreplace")


def _stats(run: Run, labels: Sequence[Label]) -> Iterator[CsvCells]:
    seconds, manifest = EntrySeconds.of(run), run.manifest
    entries, total = seconds.advance(seconds.last)
    length = float(sum(span.end - span.start for span in manifest.stages)) or manifest.duration_s
    for label, entry in [*_by_name(labels, entries), (_TOTAL, total)]:
        yield [
            *label,
            *_counts(entry),
            entry.requests / length if length else 0.0,
            entry.failures / length if length else 0.0,
            *_percentiles(entry),
        ]


def _history(run: Run, labels: Sequence[Label], full_history: bool) -> Iterator[CsvCells]:
    """A row at the end of every second, and one of the moment before the first."""
    seconds = EntrySeconds.of(run)
    started = int(datetime.fromisoformat(run.manifest.started).timestamp())
    users = run.timeline().get_column("users").to_list()
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
                *_percentiles(shown, entry.requests > 0),
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


def _percentiles(entry: LocustStatsEntry, any_request: bool | None = None) -> CsvCells:
    if not (entry.requests if any_request is None else any_request):
        return ["N/A"] * len(PERCENTILES)
    return entry.percentiles(PERCENTILES)


def _failures(run: Run) -> Iterator[CsvCells]:
    rows = run.errors().select("method", "name", "message", "count", "first", "last").rows()
    for method, name, message, count, first, last in sorted(rows, key=_error_key):
        yield method, name, message, count, _moment(run, first), _moment(run, last)


def _error_key(row: tuple[str, ...]) -> str:
    """Locust sorts the kinds by a hash of what they are."""
    method, name, message, *_ = row
    return hashlib.sha256(f"{method}.{name}.{message!r}".encode(errors="replace")).hexdigest()


def _exceptions(run: Run) -> Iterator[CsvCells]:
    """Which worker raised what is known only where there was one."""
    workers = run.manifest.workers
    node = str(workers[0].index) if len(workers) == 1 else ""
    for one in sorted(run.exceptions(), key=lambda kind: kind.first or 0.0):
        yield one.count, one.message, one.traceback, node


def _moment(run: Run, second: float | None) -> str:
    if second is None:
        return ""
    started = datetime.fromisoformat(run.manifest.started).timestamp()
    return datetime.fromtimestamp(int(started + second), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _by_name(
    labels: Sequence[Label], entries: Mapping[int, LocustStatsEntry]
) -> list[tuple[Label, LocustStatsEntry]]:
    found = [(labels[number], entry) for number, entry in entries.items()]
    return sorted(found, key=lambda row: (row[0][1], row[0][0]))
