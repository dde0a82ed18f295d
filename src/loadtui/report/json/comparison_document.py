"""A comparison as one JSON document, for machines: `loadtui compare --format json`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from loadtui.samples.estimate import NO_ENDPOINT, TOTAL, Scale
from loadtui.store.comparison import (
    Comparison,
    ComparisonRow,
    RowStatus,
    Side,
    Verdict,
    VerdictWord,
)

COMPARISON_VERSION = 1
"""Grows when a key changes its meaning or goes away."""


class SidePart(Side, frozen=True, omit_defaults=False):
    """One of the two sets of runs."""


class RowPart(msgspec.Struct, kw_only=True):
    """The verdict on one metric of one endpoint in one stage."""

    stage: str
    endpoint: Annotated[
        str | None, Meta(description="`(total)` for all requests, null for a metric without one.")
    ]
    total: bool
    metric: str
    unit: str
    scale: Scale
    better: Literal["lower", "higher"]
    word: VerdictWord
    status: RowStatus
    reason: str
    named: Annotated[bool, Meta(description="Whether the plan names the metric.")]
    base: Annotated[
        float | None,
        Meta(description="Ms, requests per second, a fraction, a count, or a Trend's own unit."),
    ]
    current: float | None
    change: Annotated[
        float | None,
        Meta(
            description="As a tolerance is written: 0.31 is +31 %, of a fraction 0.005 is half a "
            "percentage point."
        ),
    ]
    low: Annotated[float | None, Meta(description="Lower end of the change's 95 % interval.")]
    high: Annotated[float | None, Meta(description="Its upper end.")]
    p: float | None
    warn: Annotated[float | None, Meta(description="The change that warns; of a counter a count.")]
    fail: Annotated[float | None, Meta(description="The change that fails; of a counter a count.")]
    mde90: Annotated[
        float | None, Meta(description="Smallest change for the worse found nine times in ten.")
    ]
    further_runs: Annotated[int | None, Meta(description="More current runs that would decide.")]
    further_base_runs: Annotated[
        int | None, Meta(description="More baseline runs that would decide.")
    ]


class ComparisonDocument(msgspec.Struct, kw_only=True):
    """Runs judged against a base."""

    version: Annotated[
        int, Meta(description="Grows when a key changes its meaning or goes away; keys may come.")
    ]
    verdict: Verdict
    exit_code: Annotated[int | None, Meta(description="Null inside the document of a run.")]
    base: SidePart
    current: SidePart
    counts: Annotated[dict[str, int], Meta(description="Word -> rows, of all rows.")]
    tests: Annotated[int, Meta(description="Metrics that were tested together.")]
    failures: Annotated[
        list[str], Meta(description="Why the current runs fail by themselves; sentences.")
    ]
    not_compared: Annotated[
        list[str],
        Meta(description="Why nothing was compared, and in what another load differs; sentences."),
    ]
    remarks: list[str]
    differences: Annotated[
        list[str], Meta(description="What else differs and may explain a change; sentences.")
    ]
    rows: list[RowPart]


def comparison_document(comparison: Comparison, exit_code: int | None = None) -> dict[str, Any]:
    """The document of a comparison, a `ComparisonDocument` of dicts and lists.

    Values are ms, requests per second, fractions, counts, or in a Trend's own unit.  `change`, its
    95 % interval `low` to `high`, `warn`, `fail` and `mde90` are as a tolerance is written: 0.31 is
    +31 %, of a fraction 0.005 is half a percentage point.  `endpoint` is null for a metric without
    one, `(total)` for all requests.  What does not exist is null.
    """
    document: dict[str, Any] = msgspec.to_builtins(comparison_of(comparison, exit_code))
    return document


def comparison_of(comparison: Comparison, exit_code: int | None = None) -> ComparisonDocument:
    return ComparisonDocument(
        version=COMPARISON_VERSION,
        verdict=comparison.verdict,
        exit_code=exit_code,
        base=_side(comparison.base),
        current=_side(comparison.current),
        counts=comparison.counts,
        tests=comparison.tests,
        failures=comparison.failures,
        not_compared=comparison.not_compared,
        remarks=comparison.remarks,
        differences=comparison.differences,
        rows=[_row(row) for row in comparison.rows],
    )


def _side(side: Side) -> SidePart:
    return SidePart(**{name: getattr(side, name) for name in side.__struct_fields__})


def _row(row: ComparisonRow) -> RowPart:
    low, high = _written(row, row.low), _written(row, row.high)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return RowPart(
        stage=row.stage,
        endpoint=None if row.endpoint == NO_ENDPOINT else row.endpoint,
        total=row.endpoint == TOTAL,
        metric=row.metric,
        unit=row.unit,
        scale=row.scale,
        better="lower" if row.worse > 0 else "higher",
        word=row.word,
        status=row.status,
        reason=row.reason,
        named=row.named,
        base=row.base,
        current=row.current,
        change=_written(row, row.change),
        low=low,
        high=high,
        p=row.p,
        warn=_tolerance(row, row.warn),
        fail=_tolerance(row, row.fail),
        mde90=row.mde90,
        further_runs=row.further_runs,
        further_base_runs=row.further_base_runs,
    )


def _written(row: ComparisonRow, on_scale: float | None) -> float | None:
    return None if on_scale is None else row.written(on_scale)


def _tolerance(row: ComparisonRow, limit: float | None) -> float | None:
    """A counter's limit is a count, whichever way is worse."""
    return limit if row.scale == "count" else _written(row, limit)
