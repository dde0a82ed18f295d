"""Reading a table of a run: a parquet file that may be damaged, or made to do harm."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from loadtui.store.parquet_footer import parquet_size
from loadtui.store.run_files import read_noted

if TYPE_CHECKING:
    import polars as pl

LARGEST = 2_000_000_000
"""Bytes of a file, and of its pages once they are unpacked."""
MOST_VALUES = 400_000_000
VALUES_A_BYTE = 16
"""Values that a byte of the file may stand for, beyond the first million of them: the tables of
long runs have two or three."""


class DamagedTableError(Exception):
    """A table that cannot be read; the message is the reason, a part of a sentence."""


def read_table(path: Path, sha256: str | None = None) -> pl.DataFrame:
    """The table of a file, whose hex digest must be `sha256` where that is known.

    Raises DamagedTableError, whatever is in the file; OSError when it cannot be read, is larger
    than `LARGEST`, or is no plain file.
    """
    import polars as pl

    try:
        data = read_noted(path, LARGEST, sha256)
    except ValueError as error:
        raise DamagedTableError(str(error)) from None
    try:
        _check_size(data)
        return pl.read_parquet(io.BytesIO(data))
    except (ValueError, OSError, pl.exceptions.PolarsError) as error:
        raise DamagedTableError(" ".join(str(error).split())[:200]) from error
    except MemoryError:
        raise DamagedTableError("there is too little memory for it") from None
    except BaseException as error:
        if not _is_panic(error):
            raise
        raise DamagedTableError("what is in it is no such table") from None


def _check_size(data: bytes) -> None:
    """Raises ValueError for a file that would not fit into memory once it is unpacked."""
    size = parquet_size(data)
    if size.unpacked > LARGEST or size.values > min(
        MOST_VALUES, 1_000_000 + VALUES_A_BYTE * len(data)
    ):
        raise ValueError(
            f"its {len(data)} bytes would unpack to {size.values} values, more than any run has"
        )


def _is_panic(error: BaseException) -> bool:
    """Whether the library itself broke off; that is no Exception, and has no class to be named."""
    return type(error).__name__ == "PanicException"
