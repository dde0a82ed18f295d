"""Figures that contradict each other, whatever the format they were read from.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from loadtui.errors import UsageError
from loadtui.importing.source import ImportSource
from loadtui.samples.source_figures import SourceFigures

_ROUNDED_MS = 1.0
_ROUNDED = 0.01
"""Programs write some of their latencies as whole milliseconds, or to two or three digits."""
_TOLD = 5
"""Contradictions that are told one by one."""


def check_figures(source: ImportSource) -> None:
    """Tell, as remarks of the source, which of its given figures cannot all be true, as a p95 below
    the minimum: it is not known which of them is wrong.  UsageError for more failures than
    requests, which the verdict would be made of.  A source of samples has no given figures."""
    if source.figures is None:
        return
    names = [" ".join(filter(None, entry)) for entry in source.record.endpoints.entries]
    figures_by_name = [*zip(names, source.figures.endpoints, strict=True)]
    if source.figures.total not in source.figures.endpoints:
        figures_by_name.append(("all requests", source.figures.total))
    contradictions: list[str] = []
    for name, figures in figures_by_name:
        requests, failures = figures.requests, figures.failures
        if requests is not None and failures is not None and failures > requests:
            raise UsageError(
                f"{source.files[0]}: {name}: {failures} of {requests} requests failed, which "
                "cannot be"
            )
        contradictions += [f"{name}: {why}" for why in _unordered(source, figures)]
    more = len(contradictions) - _TOLD
    source.remarks[:0] = [
        *contradictions[:_TOLD],
        *([f"and {more} more of its figures contradict each other"] if more > 0 else []),
    ]


def _unordered(source: ImportSource, figures: SourceFigures) -> Iterator[str]:
    rounded = max(source.resolution or 0.0, _ROUNDED)
    rounded_ms = max(source.resolution_ms or 0.0, _ROUNDED_MS)
    for (below, low), (above, high) in _in_order(figures):
        if low > high * (1 + rounded) + rounded_ms:
            yield f"a {below} of {low:g} ms and a {above} of {high:g} ms contradict each other"


def _in_order(figures: SourceFigures) -> Iterator[tuple[tuple[str, float], tuple[str, float]]]:
    """Pairs of names and latencies, of which the first must not be above the second."""
    shares = sorted(figures.percentiles.items(), key=lambda item: float(item[0][1:]))
    chain = [("minimum", figures.min_ms), *shares, ("maximum", figures.max_ms)]
    known = [(name, ms) for name, ms in chain if ms is not None]
    yield from pairwise(known)
    if figures.mean_ms is not None:
        mean = ("mean", figures.mean_ms)
        if figures.min_ms is not None:
            yield ("minimum", figures.min_ms), mean
        if figures.max_ms is not None:
            yield mean, ("maximum", figures.max_ms)
