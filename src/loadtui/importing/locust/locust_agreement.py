"""Whether Locust's CSV files that were named together can be of one run.

Locust writes all of them in the same pass over its statistics, so that the failures of an endpoint
are as many in one as in the other, and a history ends where the statistics do.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.importing.source import ImportSource
from loadtui.samples.source_figures import SourceFigures

EntryName = tuple[str, str]
"""Method and name."""
_LATE_STEPS = 5
"""What ends after the last row of a history is no more than so many of its largest steps."""


def check_failures(
    source: ImportSource, files: tuple[Path, Path], failures: Mapping[EntryName, int]
) -> None:
    """UsageError when failures, counted by endpoint, are not those of the source's figures, and a
    remark where there are fewer.  `files` are those of the statistics and of the failures."""
    assert source.figures is not None
    known = dict(
        zip(map(tuple, source.record.endpoints.entries), source.figures.endpoints, strict=True)
    )
    for entry, count in failures.items():
        name = " ".join(filter(None, entry))
        if entry not in known:
            raise _different(files, f"the second has failures of {name!r}, the first no such row")
        failed = known[entry].failures
        if failed is not None and count > failed:
            raise _different(files, f"{name!r} failed {failed} times in one, {count} in the other")
    check_failed(source, files, failures, 0)
    total, told = source.figures.total.failures, sum(failures.values())
    if total is not None and told < total:
        source.remarks.append(f"{files[1].name} lists {told} of the {total} failures")


def check_failed(
    source: ImportSource, files: tuple[Path, Path], failures: Mapping[EntryName, int], late: int
) -> None:
    """UsageError when there are more failures than the source's figures have in all, and `late`
    that its last row may lack."""
    assert source.figures is not None
    total, told = source.figures.total.failures, sum(failures.values())
    if total is not None and told > total + late:
        raise _different(files, f"{total} requests failed in one, {told} in the other")


def check_history(
    source: ImportSource,
    files: tuple[Path, Path],
    last: Mapping[EntryName, SourceFigures],
    last_of_all: SourceFigures,
    largest_step: int,
) -> None:
    """UsageError when the last rows of a history are not those of a run that ended with the
    source's figures.  `last` has them by entry, `last_of_all` is that of all requests; `files` are
    those of the statistics and of the history."""
    assert source.figures is not None
    figures = dict(
        zip(map(tuple, source.record.endpoints.entries), source.figures.endpoints, strict=True)
    )
    for entry, row in last.items():
        name = " ".join(filter(None, entry))
        if entry not in figures:
            raise _different(files, f"the second has rows of {name!r}, the first none")
        if why := _contradiction(figures[entry], row):
            raise _different(files, f"{name}: {why}")
    if why := _contradiction(source.figures.total, last_of_all):
        raise _different(files, f"all requests: {why}")
    ended, total = last_of_all.requests or 0, source.figures.total.requests or 0
    # A run that hung ends many requests at once, so that half of them may be after the last row.
    if ended and total - ended > max(_LATE_STEPS * largest_step, ended):
        raise _different(files, f"{total} requests in one, {ended} in the other")


def late_of(largest_step: int) -> int:
    """How many requests may have ended after the last row of a history."""
    return _LATE_STEPS * largest_step


def _contradiction(end: SourceFigures, row: SourceFigures) -> str:
    """Why a row of the history cannot be of before the end; empty when it can."""
    for what, at_end, before in (
        ("requests", end.requests, row.requests),
        ("failures", end.failures, row.failures),
        ("ms at most", _uncut(end.max_ms), row.max_ms),
        ("ms of all", _most_ms(end), _sum_ms(row)),
    ):
        if at_end is not None and before is not None and before > at_end:
            return f"{at_end:g} {what} in one, {before:g} before its end in the other"
    # Locust writes 0 where it has no shortest.
    if end.min_ms is not None and 0 < (row.min_ms or 0) < end.min_ms:
        return f"{end.min_ms:g} ms at least in one, {row.min_ms:g} in the other"
    return ""


def _sum_ms(figures: SourceFigures) -> float | None:
    """Of all latencies, to the whole millisecond: the mean has rounding in it."""
    if figures.mean_ms is None or figures.requests is None:
        return None
    return float(math.floor(figures.mean_ms * figures.requests))


def _most_ms(figures: SourceFigures) -> float | None:
    """Of all latencies the largest sum that there may be."""
    mean = _uncut(figures.mean_ms)
    if mean is None or figures.requests is None:
        return None
    return float(math.floor(mean * figures.requests))


def _uncut(ms: float | None) -> float | None:
    """What a latency may be at most: before 1.1 statistics are cut to whole milliseconds, and
    their history is not."""
    return ms if ms is None or ms != int(ms) else ms + 1


def _different(files: tuple[Path, Path], why: str) -> UsageError:
    return UsageError(
        f"{files[0]} and {files[1]} are of different runs: {why}; import each run with its own "
        "files"
    )
