from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from loadtui.samples.packed_tally import PackedTally
from loadtui.samples.tally import Tally

COUNTS = st.integers(1, 1 << 40)


@given(st.dictionaries(st.integers(0, 3327), COUNTS), st.lists(COUNTS, max_size=5))
def test_nothing_is_lost(cells: dict[int, int], windows: list[int]) -> None:
    tally = Tally()
    for bin_, count in cells.items():
        tally.add_cell(bin_, count)
    for number, count in enumerate(windows):
        tally.add_window(number % 2, count, 5 * count, number, 9 + number, 7 * count)
    back = PackedTally.of(tally).unpacked()
    assert {name: getattr(back, name) for name in Tally.__slots__} == {
        name: getattr(tally, name) for name in Tally.__slots__
    }


def test_what_is_unpacked_can_be_added_to_and_the_packed_one_stays() -> None:
    tally = Tally()
    tally.add_cell(7, 3)
    packed = PackedTally.of(tally)
    packed.unpacked().add_cell(7, 1)
    assert packed.unpacked().bins == {7: 3}
