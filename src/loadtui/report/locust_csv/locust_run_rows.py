"""A saved run as rows of Locust's tables, and as the JSON that `locust --json` prints.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from loadtui.report.locust_csv.locust_stats_entries import (
    EntrySeconds,
    LocustStatsEntry,
    reported_shares,
)
from loadtui.report.locust_csv.locust_tables import (
    LocustError,
    LocustRow,
    error_table,
    percentile_table,
    request_table,
)
from loadtui.report.locust_csv.reset_second import counted_seconds, errors_since
from loadtui.store.stored_run import Run


class LocustRows(NamedTuple):
    """What is counted of a run, from some second on."""

    rows: list[LocustRow]
    total: LocustRow
    errors: list[LocustError]
    shares: Sequence[float]
    """Of the percentiles that the rows have."""

    def tables(self, width: int) -> list[str]:
        """The lines of all three tables; `width` is that of `name_width`."""
        return [
            *request_table(self.rows, self.total, width),
            *percentile_table(self.rows, self.total, width, self.shares),
            *error_table(self.errors, width),
        ]


def locust_rows(run: Run, since: int = 0) -> LocustRows:
    """Raises UsageError when a table of the run is missing or damaged."""
    seconds = EntrySeconds.of(run, since)
    entries, total = seconds.advance(seconds.last)
    length = counted_seconds(run, since)
    endpoints, shares = run.manifest.endpoints, reported_shares(run)
    return LocustRows(
        [
            _row(endpoints[number].method, endpoints[number].name, entry, length, shares)
            for number, entry in entries.items()
        ],
        _row("", "Aggregated", total, length, shares),
        [LocustError(*kind[:4]) for kind in errors_since(run, since)],
        shares,
    )


def locust_stats_json(run: Run, since: int = 0) -> str:
    """The list that Locust's --json prints; UsageError as `locust_rows`."""
    seconds = EntrySeconds.of(run, since)
    entries, _ = seconds.advance(seconds.last)
    endpoints = run.manifest.endpoints
    started = datetime.fromisoformat(run.manifest.started).timestamp()
    stats = [
        {"name": endpoints[number].name, "method": endpoints[number].method}
        | _stats(entry, started, started + since)
        for number, entry in entries.items()
        if entry.requests
    ]
    return json.dumps(stats, indent=4)


def _row(
    method: str, name: str, entry: LocustStatsEntry, length: float, shares: Sequence[float]
) -> LocustRow:
    return LocustRow(
        method,
        name,
        entry.requests,
        entry.failures,
        entry.mean_ms(),
        entry.min_ms(),
        entry.max_ms(),
        entry.median_ms(),
        entry.requests / length if length else 0.0,
        entry.failures / length if length else 0.0,
        entry.percentiles(shares) if entry.times else (),
    )


def _stats(entry: LocustStatsEntry, started: float, first: float) -> dict[str, Any]:
    requests, failures = entry.by_second()
    return {
        "last_request_timestamp": started + max(requests) if requests else None,
        "start_time": first,
        "num_requests": entry.requests,
        "num_none_requests": entry.requests - entry.timed,
        "num_failures": entry.failures,
        "total_response_time": entry.sum_us / 1000,
        "max_response_time": entry.max_ms(),
        "min_response_time": entry.min_ms() if entry.timed else None,
        "total_content_length": entry.bytes,
        "response_times": dict(sorted(entry.times.items())),
        "num_reqs_per_sec": _dated(requests.items(), started),
        "num_fail_per_sec": _dated(failures.items(), started),
    }


def _dated(counts: Iterable[tuple[int, int]], started: float) -> dict[str, int]:
    return {str(int(started) + second): count for second, count in sorted(counts)}
