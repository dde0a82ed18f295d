"""How many custom metrics a run holds, and how far they count; beyond it a remark says so."""

from __future__ import annotations

from loadtui.plurals import thousands
from loadtui.samples.remark_counts import RemarkCounts

MAX_METRICS = 1_000
"""Names that are told apart, over all kinds."""
MAX_PLACES = 2_000
"""Metrics at an endpoint that are told apart."""
COUNTER_LIMIT = 2**63 - 1
"""What the amounts of a Counter may come to, each taken without its sign: so that no sum of some of
them is further from 0 than the tables can hold."""


class MetricBounds:
    """Admits metrics and amounts; used by a worker for what it sends and by the run for what all of
    them sent."""

    def __init__(self, remarks: RemarkCounts) -> None:
        self._remarks = remarks
        self._metrics: set[tuple[str, str]] = set()
        self._places: set[tuple[str, str, str]] = set()
        self._counted: dict[str, int] = {}

    def admitted(self, kind: str, name: str, endpoint: str, count: int = 1) -> str | None:
        """The endpoint under which observations, `count` of them, are recorded: empty past
        MAX_PLACES; None when they are not recorded, since there are MAX_METRICS others."""
        metric = kind, name
        if metric not in self._metrics:
            if len(self._metrics) >= MAX_METRICS:
                self._remarks.add(
                    f"there were more than {thousands(MAX_METRICS)} custom metrics: what further "
                    "ones recorded was left out",
                    count,
                )
                return None
            self._metrics.add(metric)
        place = kind, name, endpoint
        if endpoint and place not in self._places:
            if len(self._places) >= MAX_PLACES:
                self._remarks.add(
                    f"custom metrics were recorded at more than {thousands(MAX_PLACES)} endpoints: "
                    "what came at further ones counts without an endpoint",
                    count,
                )
                return ""
            self._places.add(place)
        return endpoint

    def amount(self, name: str, amount: int) -> int:
        """The part of an amount that a Counter can still take."""
        size, room = abs(amount), COUNTER_LIMIT - self._counted.get(name, 0)
        if size > room:
            self._remarks.add(
                f"Counter {name!r} was to count further than {thousands(COUNTER_LIMIT)}: left out"
            )
            size = room
        self._counted[name] = self._counted.get(name, 0) + size
        return size if amount >= 0 else -size
