"""Rows with equal keys become one, however many there are."""

from __future__ import annotations

from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.store import rows as rows_file
from loadtui.store.rows import Rows

ROW = st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(1, 5))


def counted() -> Rows:
    return Rows({"endpoint": pl.UInt32, "second": pl.UInt32}, {"count": pl.col("count").sum()})


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, max_size=60), st.integers(1, 8), st.integers(1, 5), st.booleans())
def test_pieces_hold_what_adding_gives(
    given_rows: list[tuple[int, int, int]], part: int, chunks: int, early: bool
) -> None:
    sums: Counter[tuple[int, int]] = Counter()
    rows = counted()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows_file, "_PART", part)
        patch.setattr(rows_file, "_CHUNKS", chunks)
        for at, (endpoint, second, count) in enumerate(given_rows):
            sums[endpoint, second] += count
            if at % 2:
                rows.extend((endpoint, second, count))
            else:
                rows.put(pl.DataFrame({"endpoint": [endpoint], "second": [second], "count": count}))
            if early and at % 7 == 0:
                rows.frame()
        frame = rows.frame()
        assert frame.rows() == [(*key, sums[key]) for key in sorted(sums)]
        pieces = rows.parts()
        assert pl.concat(pieces).rows() == frame.rows()
        assert rows.frame().rows() == frame.rows()
        if not early and chunks > len(given_rows):
            assert max(piece.height for piece in pieces) <= part


def test_nothing_is_left_of_what_was_cleared() -> None:
    rows = counted()
    rows.extend((1, 2, 3))
    rows.frame()
    rows.extend((1, 2, 3))
    rows.clear()
    assert rows.frame().height == 0
    assert rows.frame().columns == ["endpoint", "second", "count"]
