"""Folding many flat integer rows in little memory.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import polars as pl

_CHUNK = 1_000_000
"""Integers gathered before they become a frame."""
_CHUNKS = 16
"""Frames gathered before they are folded into one."""


class Rows:
    """Rows with equal keys become one; `fold` says how each of the other columns is combined.

    Rows come flat, one integer a column: first the keys in order, then the rest in order.  Columns
    named in `floats` take any number, and None for none.
    """

    def __init__(
        self,
        keys: Mapping[str, type[pl.DataType]],
        fold: Mapping[str, pl.Expr],
        floats: Collection[str] = (),
    ) -> None:
        self._keys = dict(keys)
        self._fold = dict(fold)
        self._types = {name: pl.Float64 if name in floats else pl.Int64 for name in (*keys, *fold)}
        self._flat: list[float | None] = []
        self._frames: list[pl.DataFrame] = []

    @property
    def width(self) -> int:
        return len(self._keys) + len(self._fold)

    def extend(self, flat: Sequence[float | None]) -> None:
        """Take in rows; ValueError when they are not whole or a number does not fit its column."""
        if len(flat) % self.width:
            raise ValueError(f"{len(flat)} integers are no whole rows of {self.width}")
        self._flat.extend(flat)
        if len(self._flat) >= _CHUNK:
            self._pack()

    def put(self, frame: pl.DataFrame) -> None:
        """Take in rows that are a frame already, with numbers in all of the columns."""
        keys = [pl.col(name).cast(dtype, strict=True) for name, dtype in self._keys.items()]
        self._frames.append(
            frame.select(*keys, *(pl.col(one).cast(self._types[one]) for one in self._fold))
        )
        if len(self._frames) >= _CHUNKS:
            self._merge()

    def frame(self) -> pl.DataFrame:
        """All rows so far, folded and sorted by their keys; ValueError as from `extend`."""
        self._pack()
        self._merge()
        return self._frames[0].sort(*self._keys)

    def _pack(self) -> None:
        names = list(self._types)
        try:
            columns = [
                # A list of ints is by far the quickest way in, much quicker than an array.
                pl.Series(name, self._flat[at :: self.width], dtype=self._types[name])
                for at, name in enumerate(names)
            ]
            frame = pl.DataFrame(columns).with_columns(
                pl.col(name).cast(dtype, strict=True) for name, dtype in self._keys.items()
            )
        except (pl.exceptions.PolarsError, OverflowError, TypeError) as error:
            raise ValueError(f"a row of {', '.join(names)} does not fit: {error}") from error
        self._flat = []
        self._frames.append(self._folded(frame))
        if len(self._frames) >= _CHUNKS:
            self._merge()

    def _merge(self) -> None:
        if len(self._frames) > 1:
            self._frames = [self._folded(pl.concat(self._frames))]

    def _folded(self, frame: pl.DataFrame) -> pl.DataFrame:
        combined = [how.alias(name) for name, how in self._fold.items()]
        return frame.group_by(*self._keys).agg(combined)
