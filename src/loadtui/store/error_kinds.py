"""Failures or exceptions counted by kind, with a bound on how many kinds are told apart."""

from __future__ import annotations

MAX_KINDS = 1_000


class KindCount:
    """How often a kind was seen, and its first and last time in seconds from the run's start, None
    where that is not known, as of imported runs."""

    __slots__ = ("count", "first", "last")

    def __init__(self, first: float | None, last: float | None) -> None:
        self.count = 0
        self.first = first
        self.last = last


class KindCounts:
    """Counts by kind; the kinds first seen are kept, those past MAX_KINDS only counted together."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, ...], KindCount] = {}
        self.dropped = 0

    def add(
        self, kind: tuple[str, ...], count: int, first: float | None, last: float | None
    ) -> None:
        found = self.kept.get(kind)
        if found is None:
            if len(self.kept) >= MAX_KINDS:
                self.dropped += count
                return
            found = self.kept[kind] = KindCount(first, last)
        found.count += count
        if found.first is not None and first is not None:
            found.first = min(found.first, first)
        if found.last is not None and last is not None:
            found.last = max(found.last, last)

    def drop(self, count: int) -> None:
        """Count some whose kind is not known."""
        self.dropped += count

    def total(self) -> int:
        return self.dropped + sum(found.count for found in self.kept.values())

    def by_count(self) -> list[tuple[tuple[str, ...], KindCount]]:
        """Kept kinds, the most frequent first, ties in order of the kind."""
        return sorted(self.kept.items(), key=lambda item: (-item[1].count, item[0]))
