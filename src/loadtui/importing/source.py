"""What one reader found in the files of one run, before it is kept.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from loadtui.samples.source_figures import SourceFigures, SourceFigureTable
from loadtui.store.journal_contents import JournalContents


@dataclass
class ImportSource:
    """A run as another program told it; what is None is not in its files."""

    tool: str
    """`locust`, `jmeter`, `k6` or `metrics`: runs of one tool and plan are comparable."""
    format: str
    """In words."""
    files: list[Path]
    name: str
    """Plan that the name of the file suggests."""
    record: JournalContents = field(default_factory=JournalContents)
    """Endpoints, errors and exceptions; seconds and samples as far as there are any."""
    given: SourceFigureTable | None = None
    """The figures of a source without samples, endpoints as numbered in the record."""
    started: float | None = None
    """Seconds since 1970, UTC."""
    duration_s: float | None = None
    users: int | None = None
    """The most there were."""
    resolution: float | None = None
    resolution_ms: float | None = None
    simulated: bool = False
    """True: the source itself says that nobody measured its numbers."""
    held: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def tell(self, known: Iterable[tuple[str, bool]]) -> None:
        """Note each of these, in words, as held or absent."""
        for what, there in known:
            (self.held if there else self.absent).append(what)


def totalled(endpoints: list[SourceFigures]) -> SourceFigures:
    """What can be said of all requests where the source says nothing of them: the counts that every
    endpoint has add up, all else does not.  A single endpoint is all there is."""
    if len(endpoints) == 1:
        return endpoints[0]
    requests = _sum([one.requests for one in endpoints])
    failures = _sum([one.failures for one in endpoints])
    share = failures / requests if requests and failures is not None else None
    return SourceFigures(
        requests=requests,
        failures=failures,
        error_rate=share,
        bytes=_sum([one.bytes for one in endpoints]),
    )


def told(given: SourceFigures) -> list[tuple[str, bool]]:
    """Figures by their names for people, and whether they are there."""
    stats = {"p50": "median", "p95": "p95", "p99": "p99"}
    return [
        ("requests", given.requests is not None),
        ("failures", given.failures is not None or given.error_rate is not None),
        ("requests a second", given.rps is not None),
        ("mean", given.mean_ms is not None),
        *((word, stat in given.percentiles) for stat, word in stats.items()),
        ("minimum", given.min_ms is not None),
        ("maximum", given.max_ms is not None),
        ("sizes", given.bytes is not None),
    ]


def _sum(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
