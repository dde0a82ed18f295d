from __future__ import annotations

import pytest

from loadtui.samples import error_kinds
from loadtui.samples.error_kinds import KindCounts


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
