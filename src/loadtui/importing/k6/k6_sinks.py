"""What the points of a k6 metric come to, for the thresholds of the script: k6 writes these into
`--out json`, and not how they ended.

The rules are those of k6's metrics/sink.go and metrics/thresholds.go: a counter has `count` and
`rate` (over the length of the run), a gauge its last `value`, a rate its `rate`, a trend `avg`,
`min`, `max`, `med` and `p(N)`, which lies on the line between the two values around it.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from loadtui.importing.k6.k6_thresholds import (
    K6Expression,
    parse_expression,
    threshold_outcome,
    unjudged_outcome,
)
from loadtui.store.manifest import ThresholdResult


class K6Sink:
    """Adds up the points of one metric that has thresholds."""

    def __init__(self, metric: str, kind: str, thresholds: Sequence[str]) -> None:
        self._metric = metric
        self._kind = kind
        self._thresholds = [(source, parse_expression(source)) for source in thresholds]
        self._all: array[float] | None = None
        """Every value, where a percentile is asked for."""
        if any(one and (one.share is not None or one.stat == "med") for _, one in self._thresholds):
            self._all = array("d")
        self._count = 0
        self._hits = 0
        self._sum = self._least = self._most = self._last = 0.0

    def add(self, value: float) -> None:
        self._least = min(value, self._least) if self._count else value
        self._most = max(value, self._most) if self._count else value
        self._count += 1
        self._hits += value != 0
        self._sum += value
        self._last = value
        if self._all is not None:
            self._all.append(value)

    def outcomes(self, seconds: float) -> list[ThresholdResult]:
        """How the thresholds ended in a run of this length."""
        results = []
        for source, expression in self._thresholds:
            value = None if expression is None else self._value(expression, seconds)
            if expression is None or value is None:
                why = f"the points of this {self._kind} do not say what it is about"
                results.append(unjudged_outcome(self._metric, source, why))
            else:
                met = expression.holds(value)
                results.append(threshold_outcome(self._metric, source, met, value))
        return results

    def _value(self, expression: K6Expression, seconds: float) -> float | None:
        if not self._count:
            return None
        if self._kind == "counter":
            per_second = self._sum / seconds if seconds else None
            return {"count": self._sum, "rate": per_second}.get(expression.stat)
        if self._kind == "gauge":
            return self._last if expression.stat == "value" else None
        if self._kind == "rate":
            return self._hits / self._count if expression.stat == "rate" else None
        if expression.share is not None:
            return percentile_between(self._all or (), expression.share / 100)
        if expression.stat == "med":
            return percentile_between(self._all or (), 0.5)
        known = {"avg": self._sum / self._count, "min": self._least, "max": self._most}
        return known.get(expression.stat)


def percentile_between(values: Sequence[float], share: float) -> float:
    """The value at this share of the way from the smallest to the largest, 0..1."""
    ordered = sorted(values)
    at = min(share, 1.0) * (len(ordered) - 1)
    below, above = ordered[int(at)], ordered[min(int(at) + 1, len(ordered) - 1)]
    return below + (above - below) * (at - int(at))
