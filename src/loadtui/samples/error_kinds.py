"""Failures or exceptions counted by kind, with a bound on how many kinds are told apart."""

from __future__ import annotations

import heapq

MAX_KINDS = 1_000
OTHER_KINDS = "(other kinds)"
"""Message of the row that counts those whose kind was not told apart."""


class KindCount:
    """How often a kind was seen, and its first and last time in seconds from the run's start, None
    where that is not known, as of imported runs."""

    __slots__ = ("count", "first", "last", "rank", "sent")

    def __init__(self) -> None:
        self.count = 0
        """Never more than what was seen; less where the kind had been forgotten."""
        self.first: float | None = None
        self.last: float | None = None
        """Since it was last sent."""
        self.rank = 0
        """At most how often it was seen: the one of the lowest rank gives way."""
        self.sent = 0
        """Of a worker: as how many the host knows it."""

    def add(self, count: int, first: float | None, last: float | None) -> None:
        if self.count == self.sent:
            self.first, self.last = first, last
        self.count += count
        self.rank += count
        if self.first is not None and first is not None:
            self.first = min(self.first, first)
        if self.last is not None and last is not None:
            self.last = max(self.last, last)


class _RankedKinds:
    """Kinds, of which the one of the lowest rank is found without looking at them all."""

    def __init__(self) -> None:
        self.by_kind: dict[tuple[str, ...], KindCount] = {}
        self._heap: list[tuple[int, int, tuple[str, ...]]] = []
        """(rank, -order, kind); ranks may have grown since, and kinds may have gone."""
        self._order = 0

    def put(self, kind: tuple[str, ...], known: KindCount) -> None:
        self.by_kind[kind] = known
        self._order += 1
        heapq.heappush(self._heap, (known.rank, -self._order, kind))
        if len(self._heap) > 4 * len(self.by_kind) + 16:
            self._heap = [(known.rank, 0, kind) for kind, known in self.by_kind.items()]
            heapq.heapify(self._heap)

    def least(self) -> tuple[tuple[str, ...], KindCount]:
        """The kind of the lowest rank, of several the one that came last; there must be one."""
        while True:
            rank, order, kind = self._heap[0]
            known = self.by_kind.get(kind)
            if known is None:
                heapq.heappop(self._heap)
            elif known.rank == rank:
                return kind, known
            else:
                heapq.heapreplace(self._heap, (known.rank, order, kind))


class KindCounts:
    """Counts by kind.  Of more than MAX_KINDS kinds the most frequent are told apart, of equally
    frequent ones those seen first.  The total is exact.

    As many further kinds are candidates, kept by Space-Saving (Metwally, Agrawal, El Abbadi:
    Efficient computation of frequent and top-k elements in data streams, ICDT 2005), so that every
    kind is known that makes up more than a share 1 / MAX_KINDS of the further ones.  A candidate
    seen more often than one of those told apart takes its place.  Space-Saving's overestimates
    only decide which candidate is forgotten; a count holds what was seen.
    """

    def __init__(self) -> None:
        self._told = _RankedKinds()
        self._candidates = _RankedKinds()
        self.by_kind = self._told.by_kind
        """The kinds told apart."""
        self.others = 0
        """How many were of further kinds, candidates included; when they came is not known."""

    def add(
        self, kind: tuple[str, ...], count: int, first: float | None, last: float | None
    ) -> None:
        known = self.by_kind.get(kind)
        if known is not None:
            known.add(count, first, last)
        elif len(self.by_kind) < MAX_KINDS:
            known = KindCount()
            known.add(count, first, last)
            self._told.put(kind, known)
        else:
            self._add_candidate(kind, count, first, last)

    def _add_candidate(
        self, kind: tuple[str, ...], count: int, first: float | None, last: float | None
    ) -> None:
        known = self._candidates.by_kind.get(kind)
        if known is None:
            known = KindCount()
            if len(self._candidates.by_kind) >= MAX_KINDS:
                forgotten, its = self._candidates.least()
                del self._candidates.by_kind[forgotten]
                known.rank = its.rank
            known.add(count, first, last)
            self._candidates.put(kind, known)
        else:
            known.add(count, first, last)
        self.others += count
        rarest, its = self._told.least()
        if known.count > its.count:
            self._exchange(kind, known, rarest, its)

    def _exchange(
        self,
        kind: tuple[str, ...],
        known: KindCount,
        rarest: tuple[str, ...],
        its: KindCount,
    ) -> None:
        """A candidate is told apart from now on, in the place of another kind."""
        del self._candidates.by_kind[kind]
        del self.by_kind[rarest]
        self.others += (its.count - its.sent) - (known.count - known.sent)
        known.rank = known.count
        self._told.put(kind, known)
        self._candidates.put(rarest, its)

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
