"""Figures that another program worked out and gave without the samples behind them.

They are read like any other figures, but nothing can be added up from them that the program did not
add up itself: a percentile of all requests is not to be had from those of the endpoints.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from loadtui.percentile_names import percentile_name
from loadtui.samples.figures import Figures
from loadtui.samples.tallies import Tallies
from loadtui.samples.tally import Tally


class SourceFigures(msgspec.Struct, frozen=True, omit_defaults=True):
    """Figures of an endpoint, or of all requests; None is what the program did not say."""

    requests: int | None = None
    failures: int | None = None
    error_rate: float | None = None
    """0..1."""
    rps: float | None = None
    bytes: int | None = None
    mean_ms: float | None = None
    min_ms: float | None = None
    max_ms: float | None = None
    percentiles: dict[str, float] = {}
    """`p50`, `p99.9` -> ms; as many as were given."""

    def figures(self, percentiles: Sequence[str] = ()) -> Figures:
        return Figures(
            requests=self.requests,
            failures=self.failures,
            error_rate=self.error_rate,
            rps=self.rps,
            bytes=self.bytes,
            mean_ms=self.mean_ms,
            p50_ms=self.percentiles.get("p50"),
            p95_ms=self.percentiles.get("p95"),
            p99_ms=self.percentiles.get("p99"),
            max_ms=self.max_ms,
            percentiles={name: self.percentiles.get(name) for name in percentiles},
        )


class SourceFigureTable(msgspec.Struct, frozen=True):
    """The figures of a whole run."""

    total: SourceFigures
    endpoints: list[SourceFigures]
    """By the number of the endpoint."""


class SourceTally(Tally):
    """Answers with given figures, whatever stretch of seconds it is asked for.

    Merged into another tally it adds its counts, where they are known, and no latencies.
    """

    __slots__ = ("source",)

    def __init__(self, source: SourceFigures) -> None:
        super().__init__()
        self.source = source
        self.requests = source.requests or 0
        self.failures = source.failures or 0
        self.bytes = source.bytes or 0

    def percentiles_us(self, ps: tuple[float, ...]) -> list[float | None]:
        return [_us(self.source.percentiles.get(percentile_name(p))) for p in ps]

    def mean_us(self) -> float | None:
        return _us(self.source.mean_ms)

    def longest_us(self) -> float | None:
        return _us(self.source.max_ms)

    def shortest_us(self) -> float | None:
        return _us(self.source.min_ms)

    def rps(self, seconds: float) -> float | None:
        return self.source.rps

    def error_rate(self) -> float | None:
        return self.source.error_rate

    def figures(self, seconds: float, percentiles: Sequence[str] = ()) -> Figures:
        return self.source.figures(percentiles)


class SourceTallies(Tallies):
    """The tallies of a run with one stage whose figures were given.

    They cover all of it, so that its measured part is the whole.
    """

    def __init__(self, table: SourceFigureTable) -> None:
        super().__init__()
        self.total = SourceTally(table.total)
        self.whole.update(
            ((0, number), SourceTally(figures)) for number, figures in enumerate(table.endpoints)
        )
        self.measured = self.whole

    def merged(
        self, stage: int | None = None, endpoint: int | None = None, measured: bool = False
    ) -> Tally:
        if stage not in (None, 0):
            return Tally()
        return self.total if endpoint is None else self.whole.get((0, endpoint), Tally())


def _us(ms: float | None) -> float | None:
    return None if ms is None else ms * 1000
