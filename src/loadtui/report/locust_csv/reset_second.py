"""What counts of a run under Locust's --reset-stats: all that began once the users were spawned.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import polars as pl

from loadtui.store.stored_run import Run

ErrorKind = tuple[str, str, str, int, float | None, float | None]
"""Method, name, message, count, and the seconds of the run at which it was seen first and last."""


def spawned_second(run: Run) -> int:
    """The second in which users were last added; 0 for a run without users."""
    added = run.timeline().filter(pl.col("users").diff().fill_null(pl.col("users")) > 0)
    return int(added.get_column("second").max() or 0)  # type: ignore[arg-type]


def counted_seconds(run: Run, since: int) -> float:
    """How long was counted."""
    manifest = run.manifest
    whole = float(sum(span.end - span.start for span in manifest.stages)) or manifest.duration_s
    return max(whole - since, 0.0)


def errors_since(run: Run, since: int) -> list[ErrorKind]:
    """The kinds of failures that were seen in or after a second, most frequent first.

    Of a kind that was seen before, too, no more can be told than that it came at most as often as
    its endpoint failed since then.
    """
    columns = ("method", "name", "message", "count", "first", "last")
    rows: list[ErrorKind] = run.errors().select(columns).rows()
    if not since:
        return rows
    failed = _failures_since(run, since)
    kinds = []
    for method, name, message, count, first, last in rows:
        most = count if first is not None and first >= since else failed.get((method, name), 0)
        if min(count, most) and (last is None or last >= since):
            kinds.append((method, name, message, min(count, most), first, last))
    return kinds


def _failures_since(run: Run, since: int) -> dict[tuple[str, str], int]:
    failed = run.windows().filter(~pl.col("ok") & (pl.col("second") >= since))
    sums = failed.group_by("endpoint").agg(pl.col("count").cast(pl.Int64).sum())
    endpoints = run.manifest.endpoints
    return {(endpoints[at].method, endpoints[at].name): count for at, count in sums.rows()}
