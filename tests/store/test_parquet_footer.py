"""The size of a parquet file, from its footer."""

from __future__ import annotations

import io
import random

import polars as pl
import pytest

from loadtui.store.parquet_footer import parquet_size

SMALL = pl.DataFrame(
    {"a": [1, 2, 3], "b": ["x", "y", None], "c": [[1, 2], [], [3]], "d": [True, False, None]}
)


def written(frame: pl.DataFrame, **options: int) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file, **options)  # type: ignore[arg-type]
    return file.getvalue()


def test_values_of_all_columns_and_lists() -> None:
    size = parquet_size(written(SMALL))
    assert size.values == 3 + 3 + 4 + 3  # an empty list counts as one
    assert 0 < size.unpacked < 2000


def test_row_groups_add_up() -> None:
    frame = pl.DataFrame({"a": range(1000)})
    assert parquet_size(written(frame, row_group_size=100)).values == 1000


def test_many_values_in_a_few_bytes() -> None:
    data = written(pl.select(a=pl.repeat(7, 10_000_000)))
    assert len(data) < 100_000
    assert parquet_size(data).values == 10_000_000


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1PAR1", b"{" * 100, b"PAR1" + b"\xff" * 50])
def test_what_is_none(data: bytes) -> None:
    with pytest.raises(ValueError, match="no parquet file"):
        parquet_size(data)


def test_whatever_the_footer_holds_it_is_a_size_or_a_value_error() -> None:
    whole, draw, refused = written(SMALL), random.Random(5), 0
    length = int.from_bytes(whole[-8:-4], "little") + 8
    for _ in range(800):
        damaged = bytearray(whole)
        for _ in range(draw.randrange(1, 4)):
            damaged[-draw.randrange(1, length + 1)] = draw.randrange(256)
        try:
            parquet_size(bytes(damaged))
        except ValueError:
            refused += 1
    assert 30 < refused < 800
