"""What a reader takes from the files of a run, before it is saved.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from loadtui.samples.source_figures import SourceFigures, SourceFigureTable
from loadtui.store.journal_contents import JournalContents
from loadtui.store.manifest import ThresholdResult


@dataclass
class ImportSource:
    """A run as another program recorded it; what is None is not in its files."""

    tool: str
    """As `locust`, `oha` or `metrics`: runs of one tool and plan are comparable."""
    format: str
    """In words."""
    files: list[Path]
    name: str
    """Plan that the name of the file suggests."""
    record: JournalContents = field(default_factory=JournalContents)
    """Endpoints, errors and exceptions; seconds and samples as far as there are any."""
    figures: SourceFigureTable | None = None
    """The figures of a source without samples, endpoints as numbered in the record."""
    started: float | None = None
    """Seconds since 1970, UTC."""
    duration_s: float | None = None
    users: int | None = None
    """The most there were."""
    resolution: float | None = None
    resolution_ms: float | None = None
    thresholds: list[ThresholdResult] = field(default_factory=list)
    """What the program judged itself by, and how that ended."""
    beside: list[Path] = field(default_factory=list)
    """Files of the same run that lie beside them and were not named."""
    simulated: bool = False
    """True: the source itself says that nobody measured its numbers."""
    held: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def note_presence(self, known: Iterable[tuple[str, bool]]) -> None:
        """Note each of these, in words, as held or absent."""
        for what, there in known:
            (self.held if there else self.absent).append(what)


def totalled(endpoints: list[SourceFigures]) -> SourceFigures:
    """What can be said of all requests where the source says nothing of them: the counts that every
    endpoint has add up, all else does not.  A single endpoint is all there is."""
    if len(endpoints) == 1:
        return endpoints[0]
    requests = _sum([figures.requests for figures in endpoints])
    failures = _sum([figures.failures for figures in endpoints])
    share = failures / requests if requests and failures is not None else None
    return SourceFigures(
        requests=requests,
        failures=failures,
        error_rate=share,
        bytes=_sum([figures.bytes for figures in endpoints]),
    )


NEITHER_TIME_NOR_KINDS = (
    ("users", False),
    ("when it began, and how long it took", False),
    ("what happened by second", False),
    ("failures by kind", False),
    ("latencies of single requests", False),
)
"""What a bare table of figures does not say, and that it does not."""


def figures_present(figures: SourceFigures) -> list[tuple[str, bool]]:
    """Figures by their names for people, and whether they are there."""
    stats = {"p50": "median", "p95": "p95", "p99": "p99"}
    return [
        ("requests", figures.requests is not None),
        ("failures", figures.failures is not None or figures.error_rate is not None),
        ("requests per second", figures.rps is not None),
        ("mean", figures.mean_ms is not None),
        *((word, stat in figures.percentiles) for stat, word in stats.items()),
        ("minimum", figures.min_ms is not None),
        ("maximum", figures.max_ms is not None),
        ("sizes", figures.bytes is not None),
    ]


def _sum(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
