"""Columns of the tables of a run, as they lie in its parquet files.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from loadtui.samples.trend_bins import sums_of_old_bin

Schema = Mapping[str, "pl.DataType | type[pl.DataType]"]

SAMPLE_COLUMNS: Schema = {
    "stage": pl.UInt8,
    "endpoint": pl.UInt16,
    "ok": pl.Boolean,
    "second": pl.UInt32,
    "bin": pl.UInt16,
    "count": pl.UInt32,
}
"""Requests per latency bin; `second` is that of their start.  Requests without a response time
are in no row here, only in the windows."""

WINDOW_COLUMNS: Schema = {
    "stage": pl.UInt8,
    "endpoint": pl.UInt16,
    "ok": pl.Boolean,
    "second": pl.UInt32,
    "count": pl.UInt32,
    "sum_us": pl.Int64,
    "min_us": pl.Int64,
    "max_us": pl.Int64,
    "bytes": pl.Int64,
}
"""Exact sums of all requests; `min_us` and `max_us` are null when none had a response time."""

TIMELINE_COLUMNS: Schema = {
    "second": pl.UInt32,
    "stage": pl.UInt8,
    "users": pl.UInt32,
    "requests": pl.UInt32,
    "failures": pl.UInt32,
    "completed": pl.UInt32,
    "in_flight": pl.UInt32,
    "cpu": pl.List(pl.Float32),
    "wait": pl.List(pl.Float32),
    "lag_ms": pl.List(pl.Float32),
    "mark": pl.String,
}
"""One row a second.  `requests` and `failures` are of requests that started in the second,
`completed` of those that ended in it.  The lists hold one entry per worker, by its index, null
where the worker said nothing; `mark` joins the texts of the second's marks with "; "."""

METRIC_COLUMNS: Schema = {
    "kind": pl.String,
    "name": pl.String,
    "unit": pl.String,
    "better": pl.String,
    "endpoint": pl.String,
    "stage": pl.UInt8,
    "second": pl.UInt32,
    "bin": pl.UInt32,
    "count": pl.Int64,
    "hits": pl.Int64,
    "sum": pl.Float64,
    "min": pl.Float64,
    "max": pl.Float64,
}
"""Custom metrics.  `count` is a counter's amount, a rate's trials or how many values of a trend lie
in `bin` (see samples.trend_bins), `sum`, `min` and `max` what these values come to; `hits` is 0 for
all but rates, and what only trends have is null for others."""

METRIC_SUMS: dict[str, pl.Expr] = {
    "count": pl.col("count").sum(),
    "hits": pl.col("hits").sum(),
    # In one order, so that the same fractions add up to the same sum on any number of cores.
    "sum": pl.when(pl.col("sum").count() > 0).then(pl.col("sum").sort().sum()),
    "min": pl.col("min").min(),
    "max": pl.col("max").max(),
}
"""How rows of METRIC_COLUMNS that belong together are added up."""

ERROR_COLUMNS: Schema = {
    "method": pl.String,
    "name": pl.String,
    "message": pl.String,
    "count": pl.UInt32,
    "first": pl.Float64,
    "last": pl.Float64,
}
"""Failures by kind, the most frequent first; times in seconds from the run's start, null for the
row that counts the kinds that were not kept."""

_UNSIGNED = (pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64)


def fit_columns(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """The schema's columns in its order and types.

    An unsigned column whose numbers do not fit (more than 65 535 endpoints, 255 stages) takes the
    next wider type that holds them.  Raises ValueError for a column that is missing or holds what
    its type cannot hold, such as a negative number in an unsigned one.
    """
    columns = []
    for name, dtype in schema.items():
        if name not in frame.columns:
            raise ValueError(f"column {name} is missing")
        column = frame.get_column(name)
        try:
            columns.append(column.cast(_wide_enough(column, dtype), strict=True))
        except pl.exceptions.PolarsError as error:
            raise ValueError(f"column {name} holds what {dtype} cannot: {error}") from error
    return pl.DataFrame(columns)


def with_trend_sums(frame: pl.DataFrame) -> pl.DataFrame:
    """A table of custom metrics with all of METRIC_COLUMNS, of an earlier version's which has only
    the bins of its trends: their values are what these bins stand for."""
    if "sum" in frame.columns or not {"bin", "count"} <= {*frame.columns}:
        return frame
    bins = frame.get_column("bin").unique().drop_nulls().to_list()
    of_bin = {bin_: sums_of_old_bin(bin_, 1).least for bin_ in bins}
    value = pl.col("bin").replace_strict(of_bin, default=None, return_dtype=pl.Float64)
    return frame.with_columns(
        sum=value * pl.col("count"), min=value.alias("min"), max=value.alias("max")
    )


def check_columns(frame: pl.DataFrame, schema: Schema) -> None:
    """ValueError unless the frame has the schema's columns, unsigned ones of any width."""
    for name, dtype in schema.items():
        actual = frame.schema.get(name)
        if actual is None:
            raise ValueError(f"column {name} is missing")
        if actual != dtype and not (dtype in _UNSIGNED and actual in _UNSIGNED):
            raise ValueError(f"column {name} holds {actual}, not {dtype}")


def _wide_enough(
    column: pl.Series, dtype: pl.DataType | type[pl.DataType]
) -> pl.DataType | type[pl.DataType]:
    if dtype not in _UNSIGNED or not column.dtype.is_integer():
        return dtype
    largest = column.max()
    if not isinstance(largest, int):
        return dtype
    needed = largest.bit_length()
    wider = _UNSIGNED[_UNSIGNED.index(dtype) :]
    return next((kind for kind in wider if needed <= _BITS[kind]), dtype)


_BITS = {pl.UInt8: 8, pl.UInt16: 16, pl.UInt32: 32, pl.UInt64: 64}
