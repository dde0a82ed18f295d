"""Users who come and go, as programs note it that start and end each by itself.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import polars as pl

from loadtui.importing.seconds import US_PER_SECOND


class UserMoves:
    """Takes them in any order; those of one moment count in the order of the file."""

    def __init__(self) -> None:
        self._at_us = array("q")
        self._step = array("b")

    def add(self, at_us: int, *, came: bool) -> None:
        self._at_us.append(at_us)
        self._step.append(1 if came else -1)

    def seconds(self, first_us: int) -> set[int]:
        """The seconds from `first_us` on in which somebody came or went."""
        return {(at - first_us) // US_PER_SECOND for at in self._at_us}

    def by_second(self, first_us: int, seconds: int) -> Iterator[int]:
        """The most users in each of so many seconds from `first_us` on.

        Users who go without having come were there from the beginning.
        """
        second = ((pl.col("at") - first_us) // US_PER_SECOND).alias("second")
        moves = (
            pl.DataFrame(
                [
                    pl.Series("at", self._at_us, dtype=pl.Int64),
                    pl.Series("step", self._step, dtype=pl.Int64),
                ]
            )
            .sort("at", maintain_order=True)
            .select(second, users=pl.col("step").cum_sum())
        )
        least = moves.get_column("users").min()
        users = -min(least, 0) if isinstance(least, int) else 0
        there = users
        known = {
            at: (most, left)
            for at, most, left in moves.group_by("second", maintain_order=True)
            .agg(most=pl.col("users").max(), left=pl.col("users").last())
            .iter_rows()
        }
        for at in range(seconds):
            most, left = known.get(at, (users - there, users - there))
            yield max(users, most + there)
            users = left + there

    def __bool__(self) -> bool:
        return bool(self._at_us)
