"""The chart points of a run, as a viewer keeps them."""

from __future__ import annotations

from collections.abc import Iterable

from loadtui.wire.messages import Point, TrendPoint

MOST = 3600


class ChartPoints:
    """Points in order of time: fetched once, then extended by one with each snapshot.

    Over `most` points, neighbours of one length and stage are merged, so that memory stays flat
    in a run of any length.
    """

    def __init__(self, most: int = MOST) -> None:
        self._points: list[Point] = []
        self._most = most

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(self._points)

    @property
    def end(self) -> int:
        """First second not covered yet."""
        return self._points[-1].second + self._points[-1].span if self._points else 0

    def replace(self, points: Iterable[Point]) -> None:
        """Start again from what the host sent, keeping whatever is newer."""
        fetched = sorted(points, key=lambda point: point.second)
        end = fetched[-1].second if fetched else -1
        self._points = fetched + [point for point in self._points if point.second > end]
        self._thin()

    def misses_before(self, point: Point) -> bool:
        """True when seconds lie between the last known point and this one."""
        return point.second > self.end

    def extend(self, point: Point) -> None:
        """Add the newest point; one of the same second replaces what is there."""
        while self._points and self._points[-1].second >= point.second:
            self._points.pop()
        self._points.append(point)
        self._thin()

    def _thin(self) -> None:
        while len(self._points) > self._most:
            before = len(self._points)
            self._points = _halved(self._points)
            if len(self._points) == before:
                return


def _halved(points: list[Point]) -> list[Point]:
    out: list[Point] = []
    at = 0
    while at < len(points):
        first = points[at]
        second = points[at + 1] if at + 1 < len(points) else None
        if (
            second is not None
            and first.stage == second.stage
            and first.second + first.span == second.second
            and first.span <= second.span * 2
        ):
            out.append(merged_points([first, second]))
            at += 2
        else:
            out.append(first)
            at += 1
    return out


def merged_points(points: list[Point]) -> Point:
    """One point for several that follow each other.

    Rates are means over time.  p50 is the mean weighted by completions; p95 and p99 are those of
    the worst step, so that a bad second does not vanish from a long run.
    """
    if len(points) == 1:
        return points[0]
    span = sum(point.span for point in points)
    return Point(
        second=points[0].second,
        span=span,
        users=max(point.users for point in points),
        stage=points[-1].stage,
        rps=sum(point.rps * point.span for point in points) / span,
        failures=sum(point.failures * point.span for point in points) / span,
        bytes=sum(point.bytes * point.span for point in points) / span,
        p50_ms=_weighted([(point.p50_ms, point.rps * point.span) for point in points]),
        p95_ms=max((p.p95_ms for p in points if p.p95_ms is not None), default=None),
        p99_ms=max((p.p99_ms for p in points if p.p99_ms is not None), default=None),
        trends=_trends(points),
    )


def _trends(points: list[Point]) -> dict[str, TrendPoint]:
    found: dict[str, list[TrendPoint]] = {}
    for point in points:
        for name, trend in point.trends.items():
            found.setdefault(name, []).append(trend)
    return {
        name: TrendPoint(
            count=sum(one.count for one in trends),
            p50=_weighted([(one.p50, float(one.count)) for one in trends]),
            p95=max((one.p95 for one in trends if one.p95 is not None), default=None),
        )
        for name, trends in found.items()
    }


def _weighted(values: list[tuple[float | None, float]]) -> float | None:
    """Mean of values with their weights, without those that are None."""
    known = [(value, weight) for value, weight in values if value is not None]
    total = sum(weight for _, weight in known)
    if not known:
        return None
    if not total:
        return known[0][0]
    return sum(value * weight for value, weight in known) / total
