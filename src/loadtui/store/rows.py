"""Folding many flat integer rows in little memory.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import polars as pl

_CHUNK = 1_000_000
"""Integers gathered before they become a frame."""
_CHUNKS = 16
"""Frames gathered before they are folded together."""
_PART = 250_000
"""Rows that are folded at a time: grouping takes many times the memory of what it groups."""


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
        self._parts: list[pl.DataFrame] = []
        """Folded and sorted, and so in this order."""
        self._frames: list[pl.DataFrame] = []
        """What came since."""

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
        return pl.concat(self.parts(), rechunk=False)

    def parts(self) -> list[pl.DataFrame]:
        """The same in pieces, one or more, that follow each other."""
        if self._flat or not (self._frames or self._parts):
            self._pack()
        self._merge()
        return list(self._parts)

    def clear(self) -> None:
        """Forget all rows."""
        self._flat, self._parts, self._frames = [], [], []

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
        if self._frames:
            frames = [*self._parts, *self._frames]
            self._parts, self._frames = [], []
            self._parts = list(self._folded_parts(frames, list(self._keys)))

    def _folded_parts(
        self, frames: Sequence[pl.DataFrame], keys: Sequence[str]
    ) -> Iterator[pl.DataFrame]:
        """Rows with equal keys in all but `keys`, folded and sorted, so many at a time that it is
        done in little memory."""
        if sum(frame.height for frame in frames) <= _PART or not keys:
            yield self._folded(pl.concat(frames)).sort(*self._keys)
            return
        key, *others = keys
        for first, last in _spans(pl.concat([frame.select(key) for frame in frames])):
            there = [frame.filter(pl.col(key).is_between(first, last)) for frame in frames]
            yield from self._folded_parts(there, others if first == last else ())

    def _folded(self, frame: pl.DataFrame) -> pl.DataFrame:
        combined = [how.alias(name) for name, how in self._fold.items()]
        return frame.group_by(*self._keys).agg(combined)


def _spans(column: pl.DataFrame) -> list[tuple[int, int]]:
    """Spans of the numbers in a column that hold no more than _PART rows each, or one number."""
    spans: list[tuple[int, int]] = []
    room = 0
    for number, count in column.group_by(pl.first()).len().sort(pl.first()).iter_rows():
        if spans and count <= room:
            spans[-1] = spans[-1][0], number
        else:
            spans.append((number, number))
            room = _PART
        room -= count
    return spans
