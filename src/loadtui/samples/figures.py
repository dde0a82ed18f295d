"""The numbers people read of a set of requests."""

from __future__ import annotations

import msgspec


class Figures(msgspec.Struct):
    """Counts, rates and latencies of a set of requests; latencies in milliseconds.

    `rps` is requests started divided by the length of the stretch in seconds; percentiles are
    read from bins (samples.percentile) over all finished requests, failed ones included; mean and
    max are exact.
    A latency is None when no request had one.  Of an imported run anything may be None: what its
    source does not say.
    """

    requests: int | None = 0
    failures: int | None = 0
    error_rate: float | None = 0.0
    """Failures / requests, 0..1."""
    rps: float | None = 0.0
    bytes: int | None = 0
    mean_ms: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    max_ms: float | None = None
    percentiles: dict[str, float | None] = {}
    """Name -> ms of the percentiles that were asked for by name, `p99.9` and others."""

    def percentile_ms(self, name: str) -> float | None:
        """A percentile by its name: one of the three above, or one that was asked for."""
        if name in self.percentiles:
            return self.percentiles[name]
        known: float | None = getattr(self, f"{name}_ms", None)
        return known
