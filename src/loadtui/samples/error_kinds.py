"""Failures or exceptions counted by kind, with a bound on how many kinds are told apart."""

from __future__ import annotations

MAX_KINDS = 1_000
OTHER_KINDS = "(other kinds)"
"""Message of the row that counts those whose kind was not told apart."""


class KindCount:
    """How often a kind was seen, and its first and last time in seconds from the run's start, None
    where that is not known, as of imported runs."""

    __slots__ = ("count", "first", "last")

    def __init__(self, first: float | None, last: float | None) -> None:
        self.count = 0
        self.first = first
        self.last = last


class KindCounts:
    """Counts by kind; the kinds seen first are told apart, those past MAX_KINDS only counted."""

    def __init__(self) -> None:
        self.by_kind: dict[tuple[str, ...], KindCount] = {}
        self.others = 0
        """How many were of further kinds; when they came is not known."""

    def add(
        self, kind: tuple[str, ...], count: int, first: float | None, last: float | None
    ) -> None:
        known = self.by_kind.get(kind)
        if known is None:
            if len(self.by_kind) >= MAX_KINDS:
                self.others += count
                return
            known = self.by_kind[kind] = KindCount(first, last)
        known.count += count
        if known.first is not None and first is not None:
            known.first = min(known.first, first)
        if known.last is not None and last is not None:
            known.last = max(known.last, last)

    def add_others(self, count: int) -> None:
        """Count some whose kind is not known."""
        self.others += count

    def total(self) -> int:
        return self.others + sum(known.count for known in self.by_kind.values())

    def kinds(self) -> int:
        """How many kinds there are, all the others counting as one."""
        return len(self.by_kind) + bool(self.others)

    def by_count(self) -> list[tuple[tuple[str, ...], KindCount]]:
        """The kinds told apart, the most frequent first, ties in order of the kind."""
        return sorted(self.by_kind.items(), key=lambda item: (-item[1].count, item[0]))

    def by_time(self) -> list[tuple[tuple[str, ...], KindCount]]:
        """The kinds told apart, those seen last first, ties in order of the kind."""
        return sorted(self.by_kind.items(), key=lambda item: (-(item[1].last or 0.0), item[0]))
