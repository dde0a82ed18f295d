"""Turns chart points into one value a column."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.tui.axis import span_of
from loadtui.tui.history import merged
from loadtui.tui.widgets.chart import Boundary, ChartData, Series
from loadtui.wire.messages import Point, Snapshot, StageRow


def by_column(points: Sequence[Point], span_s: int, columns: int) -> list[Point | None]:
    """The points of 0..span_s seconds, merged by column; None where a column has none."""
    buckets: list[list[Point]] = [[] for _ in range(columns)]
    for point in points:
        if 0 <= point.second <= span_s:
            buckets[min(columns - 1, round(point.second / span_s * (columns - 1)))].append(point)
    return [merged(bucket) if bucket else None for bucket in buckets]


def boundaries(stages: Sequence[StageRow]) -> tuple[Boundary, ...]:
    """Where stages began, and where those to come are planned to begin."""
    out: list[Boundary] = []
    at: float | None = 0.0
    for stage in stages:
        begin = stage.start if stage.start is not None else at
        if begin is None:
            break
        out.append(Boundary(begin, stage.name))
        at = begin + stage.duration_s if stage.duration_s is not None else None
    return tuple(out)


def load_chart(snapshot: Snapshot, points: Sequence[Point], columns: int) -> ChartData:
    """Completions a second and users."""
    span = span_of(snapshot.elapsed_s, snapshot.duration_s)
    merged_points = by_column(points, span, columns)
    return ChartData(
        span,
        (
            Series("completed/s", "rps", [p.rps if p else None for p in merged_points]),
            Series("users", "users", [p.users if p else None for p in merged_points], right=True),
        ),
        boundaries(snapshot.stages),
    )


def latency_chart(snapshot: Snapshot, points: Sequence[Point], columns: int) -> ChartData:
    """Percentiles of what completed, in milliseconds."""
    span = span_of(snapshot.elapsed_s, snapshot.duration_s)
    merged_points = by_column(points, span, columns)
    return ChartData(
        span,
        (
            Series("p50", "p50", [p.p50_ms if p else None for p in merged_points]),
            Series("p95", "p95", [p.p95_ms if p else None for p in merged_points]),
            Series("p99", "p99", [p.p99_ms if p else None for p in merged_points]),
        ),
        boundaries(snapshot.stages),
    )
