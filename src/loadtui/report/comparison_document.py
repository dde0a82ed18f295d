"""A comparison as one JSON document, for machines: `loadtui compare --format json`."""

from __future__ import annotations

from typing import Any

from loadtui.report.document import Document
from loadtui.samples.estimate import NO_ENDPOINT, TOTAL
from loadtui.store.comparison import Comparison, Row, Side

VERSION = 1
"""Grows when a key changes its meaning or goes away."""


def comparison_document(comparison: Comparison, exit_code: int | None = None) -> Document:
    """The document of a comparison.

    Values are ms, requests a second, fractions, counts, or in a Trend's own unit.  `change`, its
    95 % interval `low` to `high`, `warn`, `fail` and `mde90` are as a tolerance is written: 0.31 is
    +31 %, of a fraction 0.005 is half a percentage point.  `endpoint` is null for a metric without
    one, `(total)` for all requests.  What does not exist is null.
    """
    return {
        "version": VERSION,
        "verdict": comparison.verdict,
        "exit_code": exit_code,
        "base": _side(comparison.base),
        "current": _side(comparison.current),
        "counts": comparison.counts,
        "tests": comparison.tests,
        "failures": comparison.failures,
        "remarks": comparison.remarks,
        "differences": comparison.differences,
        "rows": [_row(row) for row in comparison.rows],
    }


def _side(side: Side) -> Document:
    return {name: getattr(side, name) for name in side.__struct_fields__}


def _row(row: Row) -> Document:
    low, high = _written(row, row.low), _written(row, row.high)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return {
        "stage": row.stage,
        "endpoint": None if row.endpoint == NO_ENDPOINT else row.endpoint,
        "total": row.endpoint == TOTAL,
        "metric": row.metric,
        "unit": row.unit,
        "scale": row.scale,
        "better": "lower" if row.worse > 0 else "higher",
        "word": row.word,
        "status": row.status,
        "reason": row.reason,
        "base": row.base,
        "current": row.current,
        "change": _written(row, row.change),
        "low": low,
        "high": high,
        "p": row.p,
        "warn": _tolerance(row, row.warn),
        "fail": _tolerance(row, row.fail),
        "mde90": row.mde90,
        "further_runs": row.further_runs,
        "further_base_runs": row.further_base_runs,
    }


def _written(row: Row, on_scale: float | None) -> float | None:
    return None if on_scale is None else row.written(on_scale)


def _tolerance(row: Row, limit: float | None) -> Any:
    """A counter's limit is a count, whichever way is worse."""
    return limit if row.scale == "count" else _written(row, limit)
