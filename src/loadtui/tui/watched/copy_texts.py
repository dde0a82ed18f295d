"""What of a run can be copied to the clipboard."""

from __future__ import annotations

from loadtui.report.account.formatting import clock, count, latency, percent, rate
from loadtui.wire.messages import Snapshot


def copy_texts(snapshot: Snapshot) -> list[tuple[str, str]]:
    """(what it is, the text): the run's id, its path, its figures in a line."""
    totals = snapshot.totals
    requests = "" if totals.requests is None else f"{count(totals.requests)} requests, "
    at = "" if "length" in snapshot.unknown else f" at {clock(snapshot.elapsed_s)}"
    figures = (
        f"{snapshot.run} ({snapshot.provenance}){at}: {requests}"
        f"{rate(totals.rps)}/s, p50 {latency(totals.p50_ms)}, p95 {latency(totals.p95_ms)}, "
        f"p99 {latency(totals.p99_ms)}, errors {percent(totals.error_rate)}"
    )
    return [("run id", snapshot.run), ("path", snapshot.folder), ("figures", figures)]
