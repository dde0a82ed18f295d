from __future__ import annotations

import polars as pl
import pytest

from loadtui.samples import schema


def samples(**changes: list[int]) -> pl.DataFrame:
    columns: dict[str, list[int] | list[bool]] = {
        "count": [1],
        "stage": [0],
        "endpoint": [0],
        "ok": [True],
        "second": [0],
        "bin": [0],
    }
    return pl.DataFrame({**columns, **changes})


def test_columns_take_their_order_and_types() -> None:
    assert schema.fit(samples(), schema.SAMPLES).schema == pl.Schema(schema.SAMPLES)


@pytest.mark.parametrize(
    ("column", "fits", "does_not", "wider"),
    [
        ("stage", 255, 256, pl.UInt16),
        ("endpoint", 65_535, 65_536, pl.UInt32),
        ("count", 2**32 - 1, 2**32, pl.UInt64),
    ],
)
def test_a_number_past_its_column_widens_it(
    column: str, fits: int, does_not: int, wider: type[pl.DataType]
) -> None:
    narrow = schema.fit(samples(**{column: [fits]}), schema.SAMPLES)
    assert narrow.schema[column] == schema.SAMPLES[column]
    wide = schema.fit(samples(**{column: [does_not]}), schema.SAMPLES)
    assert wide.schema[column] == wider
    assert wide.get_column(column).to_list() == [does_not]
    schema.check(wide, schema.SAMPLES)


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="second"):
        schema.fit(samples(second=[-1]), schema.SAMPLES)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="bin"):
        schema.fit(samples().drop("bin"), schema.SAMPLES)
    with pytest.raises(ValueError, match="bin"):
        schema.check(schema.fit(samples(), schema.SAMPLES).drop("bin"), schema.SAMPLES)


def test_a_column_of_another_type_is_named() -> None:
    frame = schema.fit(samples(), schema.SAMPLES).with_columns(pl.lit("x").alias("ok"))
    with pytest.raises(ValueError, match="ok"):
        schema.check(frame, schema.SAMPLES)
