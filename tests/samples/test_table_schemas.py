from __future__ import annotations

import polars as pl
import pytest

from loadtui.samples import table_schemas


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
    assert table_schemas.fit_columns(samples(), table_schemas.SAMPLES).schema == pl.Schema(
        table_schemas.SAMPLES
    )


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
    narrow = table_schemas.fit_columns(samples(**{column: [fits]}), table_schemas.SAMPLES)
    assert narrow.schema[column] == table_schemas.SAMPLES[column]
    wide = table_schemas.fit_columns(samples(**{column: [does_not]}), table_schemas.SAMPLES)
    assert wide.schema[column] == wider
    assert wide.get_column(column).to_list() == [does_not]
    table_schemas.check_columns(wide, table_schemas.SAMPLES)


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="second"):
        table_schemas.fit_columns(samples(second=[-1]), table_schemas.SAMPLES)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="bin"):
        table_schemas.fit_columns(samples().drop("bin"), table_schemas.SAMPLES)
    with pytest.raises(ValueError, match="bin"):
        table_schemas.check_columns(
            table_schemas.fit_columns(samples(), table_schemas.SAMPLES).drop("bin"),
            table_schemas.SAMPLES,
        )


def test_a_column_of_another_type_is_named() -> None:
    frame = table_schemas.fit_columns(samples(), table_schemas.SAMPLES).with_columns(
        pl.lit("x").alias("ok")
    )
    with pytest.raises(ValueError, match="ok"):
        table_schemas.check_columns(frame, table_schemas.SAMPLES)
