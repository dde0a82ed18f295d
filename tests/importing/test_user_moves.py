"""Users by second, of those who come and go."""

from __future__ import annotations

import pytest

from loadtui.importing.user_moves import UserMoves

SECOND = 1_000_000


@pytest.mark.parametrize(
    ("moves", "users"),
    [
        ([], [0, 0, 0]),
        ([(0, True), (0.5, True), (1.2, False), (1.4, True), (2.9, False)], [2, 2, 2]),
        ([(0, True), (0.1, False), (2.5, True)], [1, 0, 1]),
        ([(2.5, True), (0.1, True), (1.5, False)], [1, 1, 1]),
        ([(1, False), (1, True)], [1, 1, 1]),
        ([(1, True), (1, False)], [0, 1, 0]),
        ([(0.5, False), (1.5, False)], [2, 1, 0]),
    ],
    ids=["none", "in order", "gone for a second", "out of order", "one for another",
         "for a moment", "there from the beginning"],
)  # fmt: skip
def test_the_most_of_each_second(moves: list[tuple[float, bool]], users: list[int]) -> None:
    taken = UserMoves()
    for at, came in moves:
        taken.add(7_300_000 + round(at * SECOND), came=came)
    assert list(taken.by_second(7_300_000, 3)) == users
    assert bool(taken) is bool(moves)
