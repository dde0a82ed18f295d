"""What stands on the normal screen about a run that was left running."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loadtui.wire.messages import Snapshot


def left_running_text(folder: Path, snapshot: Snapshot | None) -> str:
    """Lines: what the run came to so far if that is known, where it is saved, how to find it."""
    run = folder.name
    return "\n".join(
        [
            *([] if snapshot is None else _so_far(snapshot)),
            f"It is saved in {folder}",
            f"{run} is still running; `loadtui attach {run}` shows it again, "
            f"`loadtui stop {run}` ends it",
        ]
    )


def so_far(snapshot: Snapshot) -> str:
    """What the run came to, in one line."""
    from loadtui.printable_text import visible_text
    from loadtui.report.account.formatting import clock, count, latency, percent

    totals = snapshot.totals
    length = "" if snapshot.duration_s is None else f" of {clock(snapshot.duration_s)}"
    return (
        f"{visible_text(snapshot.plan)} after {clock(snapshot.elapsed_s)}{length}: "
        f"{count(totals.requests)} requests, {percent(totals.error_rate)} failed, "
        f"p50 {latency(totals.p50_ms)}, p95 {latency(totals.p95_ms)}"
    )


def _so_far(snapshot: Snapshot) -> list[str]:
    from loadtui.printable_text import visible_text
    from loadtui.report.account.verdict_words import BECOMING_INVALID, THRESHOLD_STATUSES

    lines = [so_far(snapshot)]
    invalid = BECOMING_INVALID.in_list
    lines += [f"{invalid}: {visible_text(reason)}" for reason in snapshot.invalid_reasons]
    sign = THRESHOLD_STATUSES["fail"].sign
    lines += [
        f"{sign} {visible_text(result.check)} in {visible_text(result.stage or 'the run')}"
        for result in snapshot.thresholds
        if result.status == "fail"
    ]
    return [*lines, "No verdict yet: the run is not over."]
