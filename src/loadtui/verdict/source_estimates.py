"""Estimates of a run whose figures were given without samples: values whose error is not known."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.samples.estimate import TOTAL, Estimate, Key, builtin_quantity
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable
from loadtui.store.manifest import StageSpan


def source_estimates(
    stages: Sequence[StageSpan],
    labels: Sequence[str],
    table: SourceFigureTable,
    percentiles: Sequence[str],
) -> dict[Key, Estimate]:
    """Estimates of what the source says of its one stage; `labels` are those of the endpoints, by
    number.  A percentile or rate of 0, which has no logarithm, is not among them."""
    estimates: dict[Key, Estimate] = {}
    for span in stages[:1]:
        seconds = span.measured_to - span.measured_from
        places = [*zip(labels, table.endpoints, strict=True), (TOTAL, table.total)]
        for label, figures in places:
            for metric, value in _values(figures, percentiles).items():
                quantity = builtin_quantity(metric)
                assert quantity is not None
                if value <= 0 and quantity.scale == "log":
                    continue
                estimates[Key(span.name, label, metric)] = Estimate(
                    quantity.working(value),
                    0.0,
                    figures.requests or 0,
                    quantity,
                    seconds,
                    error_known=False,
                )
    return estimates


def _values(figures: SourceFigures, percentiles: Sequence[str]) -> dict[str, float]:
    values = {"rps": figures.rps, "error_rate": figures.error_rate}
    values |= {stat: figures.percentiles.get(stat) for stat in percentiles}
    return {metric: value for metric, value in values.items() if value is not None}
