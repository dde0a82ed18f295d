from __future__ import annotations

import random
from collections import Counter

import pytest

from loadtui.samples import error_kinds
from loadtui.samples.error_kinds import MAX_KINDS, KindCounts


def test_first_and_last_of_a_kind() -> None:
    kinds = KindCounts()
    kinds.add(("a",), 2, 5.0, 6.0)
    kinds.add(("a",), 1, 4.0, 5.5)
    kinds.add(("b",), 1, None, None)
    kinds.add(("b",), 1, 3.0, 3.0)
    counted = {kind: (k.count, k.first, k.last) for kind, k in kinds.by_count()}
    assert counted == {("a",): (3, 4.0, 6.0), ("b",): (2, None, None)}
    assert kinds.total() == 5


def test_kinds_are_capped_and_counted_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_kinds, "MAX_KINDS", 2)
    kinds = KindCounts()
    for kind in "abcda":
        kinds.add((kind,), 1, 0.0, 0.0)
    kinds.add_others(5)
    assert (kinds.kinds(), kinds.others, kinds.total()) == (3, 7, 10)


def test_orders() -> None:
    kinds = KindCounts()
    for kind, count, last in (("b", 2, 1.0), ("a", 2, 9.0), ("c", 5, 4.0)):
        kinds.add((kind,), count, 0.0, last)
    assert [kind for (kind,), _ in kinds.by_count()] == ["c", "a", "b"]
    assert [kind for (kind,), _ in kinds.by_time()] == ["a", "c", "b"]


def test_a_kind_that_comes_late_takes_the_place_of_one_seen_less() -> None:
    kinds = KindCounts()
    for number in range(MAX_KINDS):
        kinds.add(("timeout", str(number)), 1, 1.0, 1.0)
    for second in range(5_000):
        kinds.add(("503",), 1, 2.0 + second, 2.0 + second)
    (kind, most), *_ = kinds.by_count()
    assert (kind, most.count, most.first, most.last) == (("503",), 5_000, 2.0, 5_001.0)
    assert (len(kinds.by_kind), kinds.others, kinds.total()) == (MAX_KINDS, 1, 6_000)


def test_no_count_is_more_than_was_seen_and_the_frequent_are_all_told() -> None:
    """A stream in which 20 kinds make up a fifth, the others come once or twice."""
    numbers = random.Random(20)
    kinds, seen = KindCounts(), Counter[tuple[str, ...]]()
    for _ in range(100_000):
        often = numbers.random() < 0.2
        kind = (
            (f"often {numbers.randrange(20)}",) if often else (f"id {numbers.randrange(60_000)}",)
        )
        seen[kind] += 1
        kinds.add(kind, 1, 0.0, 0.0)
    assert kinds.total() == 100_000
    assert len(kinds.by_kind) == MAX_KINDS
    assert all(known.count <= seen[kind] for kind, known in kinds.by_kind.items())
    told = {kind[0]: known.count for kind, known in kinds.by_count()[:20]}
    assert set(told) == {f"often {number}" for number in range(20)}
    assert all(count > 0.95 * seen[kind,] for kind, count in told.items())


def test_a_kind_that_gave_way_may_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_kinds, "MAX_KINDS", 1)
    kinds = KindCounts()
    for kind in "abbaaa":
        kinds.add((kind,), 1, 0.0, 0.0)
    assert [(kind, known.count) for kind, known in kinds.by_count()] == [(("a",), 4)]
    assert kinds.others == 2
