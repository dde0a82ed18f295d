"""Tables that may be damaged, or made to do harm."""

from __future__ import annotations

import hashlib
import os
import random
from pathlib import Path

import polars as pl
import pytest

from loadtui.store.table_file import DamagedTableError, read_table

FRAME = pl.DataFrame({"second": range(500), "count": [3] * 500, "name": ["a", "b"] * 250})


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.parquet"
    FRAME.write_parquet(path)
    return path


def test_a_table(table: Path) -> None:
    assert read_table(table).equals(FRAME)
    assert read_table(table, hashlib.sha256(table.read_bytes()).hexdigest()).equals(FRAME)


def test_another_one_than_was_written(table: Path) -> None:
    noted = hashlib.sha256(table.read_bytes()).hexdigest()
    FRAME.head(499).write_parquet(table)
    with pytest.raises(DamagedTableError, match="its checksum differs"):
        read_table(table, noted)


def test_one_that_would_unpack_to_far_more(tmp_path: Path) -> None:
    path = tmp_path / "bomb.parquet"
    pl.select(a=pl.repeat(7, 100_000_000, dtype=pl.Int8)).write_parquet(path)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(DamagedTableError, match="would unpack to 100000000 values"):
        read_table(path)


def test_damage_is_told_wherever_it_is(table: Path) -> None:
    """Without a checksum: some of it cannot be seen, and none of it goes further than here."""
    whole, draw, told = table.read_bytes(), random.Random(3), 0
    for _ in range(100):
        damaged = bytearray(whole)
        damaged[draw.randrange(len(damaged))] ^= 1 << draw.randrange(8)
        table.write_bytes(damaged)
        try:
            read_table(table)
        except DamagedTableError:
            told += 1
    assert told > 15


def test_what_is_no_plain_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="no plain file"):
        read_table(tmp_path / "pipe")
