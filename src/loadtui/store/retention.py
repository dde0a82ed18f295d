"""Which runs may go: by their number, their age and the room they take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from loadtui.store.stored_run import Run
from loadtui.store.timestamps import parse_timestamp


class Retention(msgspec.Struct, frozen=True):
    """What to keep; None sets no limit."""

    keep: int | None = None
    """So many runs of each plan, the newest."""
    older_s: float | None = None
    """Runs that began longer ago go."""
    size: int | None = None
    """Bytes that all runs together may take."""


def expendable(runs: Iterable[Run], retention: Retention, now: datetime) -> list[Run]:
    """The runs that go, oldest first; `runs` are newest first, as listed.

    A run goes when one of the limits says so.  Never a pinned one, one that is still running, or
    one that does not say when it began.
    """
    runs = list(runs)
    chosen: dict[str, Run] = {}
    seen: Counter[str] = Counter()
    for run in runs:
        seen[run.manifest.plan.name] += 1
        if not _may_go(run):
            continue
        many = retention.keep is not None and seen[run.manifest.plan.name] > retention.keep
        old = retention.older_s is not None and _age_s(run, now) > retention.older_s
        if many or old:
            chosen[run.id] = run
    if retention.size is not None:
        sizes = {run.id: size_of(run.folder) for run in runs}
        taken = sum(size for id_, size in sizes.items() if id_ not in chosen)
        for run in reversed(runs):
            if taken <= retention.size:
                break
            if _may_go(run) and run.id not in chosen:
                chosen[run.id] = run
                taken -= sizes[run.id]
    return [run for run in reversed(runs) if run.id in chosen]


def size_of(folder: Path) -> int:
    """Bytes of the files in a folder; what cannot be looked at counts nothing."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.lstat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total


def _may_go(run: Run) -> bool:
    return (
        not run.active
        and not run.manifest.pinned
        and parse_timestamp(run.manifest.started) is not None
    )


def _age_s(run: Run, now: datetime) -> float:
    started = parse_timestamp(run.manifest.started)
    return 0.0 if started is None else (now - started).total_seconds()
