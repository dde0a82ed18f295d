"""The drawing of a baseline, `baselines/<name>.parquet`: coarse bins, to be drawn behind charts.

No verdict needs it, so a drawing that is missing or damaged costs the picture and nothing else.
Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

from loadtui.samples.table_schemas import Schema, check_columns, fit_columns
from loadtui.store.baseline import Baseline
from loadtui.store.baseline_file import DRAWING_SUFFIX
from loadtui.store.run_files import write_bytes
from loadtui.store.stored_run import Run
from loadtui.store.table_file import DamagedTableError, read_table

STEP_S = 10
"""Seconds that a kept drawing has as one."""
BINS_EACH = 8
"""Neighbouring bins that it has as one, the middle of them: an error of 3 %."""

DRAWING: Schema = {
    "run": pl.String,
    "stage": pl.UInt8,
    "endpoint": pl.UInt16,
    "label": pl.String,
    "second": pl.UInt32,
    "bin": pl.UInt16,
    "count": pl.UInt32,
    "failures": pl.UInt32,
}
"""Requests that began in the step of seconds from `second` on, counted from the start of their
stage; `bin` is null in the rows that count all of them and the failed ones."""

_EXTREMES: Schema = {"min_us": pl.Int64, "max_us": pl.Int64}
"""Of those rows; a drawing of an earlier version has none."""


def drawing_of(run: Run) -> pl.DataFrame:
    """The drawing of a single run; UsageError when a table of the run is damaged."""
    return curve_rows(run, STEP_S, BINS_EACH)


def curve_rows(run: Run, step_s: int, bins_each: int = 1) -> pl.DataFrame:
    """The rows of a drawing, in steps of seconds and bins as coarse as asked for, and the exact
    extremes `min_us` and `max_us`, which are null in the rows of a bin.

    Raises UsageError when a table of the run is damaged.
    """
    labels = [endpoint.label for endpoint in run.manifest.endpoints]
    starts = [span.start for span in run.manifest.stages]
    windows = _stepped(run.windows(), starts, step_s)
    counts = windows.group_by("stage", "endpoint", "second").agg(
        pl.col("count").cast(pl.Int64).sum(),
        pl.col("min_us").min(),
        pl.col("max_us").max(),
        failures=pl.col("count").cast(pl.Int64).filter(~pl.col("ok")).sum(),
    )
    cells = _stepped(run.samples(), starts, step_s).with_columns(
        pl.col("bin") // bins_each * bins_each + bins_each // 2
    )
    bins = cells.group_by("stage", "endpoint", "second", "bin").agg(
        pl.col("count").cast(pl.Int64).sum()
    )
    rows = pl.concat([counts.collect(), bins.collect()], how="diagonal_relaxed")
    label = pl.lit(pl.Series(labels, dtype=pl.String)).gather(pl.col("endpoint"))
    drawn = rows.filter(pl.col("endpoint") < len(labels)).with_columns(
        run=pl.lit(run.id), label=label, failures=pl.col("failures").fill_null(0)
    )
    return fit_columns(drawn, {**DRAWING, **_EXTREMES}).sort(
        "run", "stage", "endpoint", "second", "bin", nulls_last=False
    )


def read_drawing(path: Path, baseline: Baseline | None = None) -> pl.DataFrame | None:
    """The drawing beside a baseline's file, its extremes null where it does not say them; None when
    it is missing, cannot be read, or is not the one that the baseline was written with."""
    expected = baseline.drawing if baseline is not None else ""
    try:
        frame = read_table(path.with_suffix(DRAWING_SUFFIX), expected or None)
        missing = _EXTREMES.keys() - {*frame.columns}
        frame = frame.with_columns(
            pl.lit(None, dtype=_EXTREMES[name]).alias(name) for name in sorted(missing)
        )
        check_columns(frame, {**DRAWING, **_EXTREMES})
    except (OSError, ValueError, pl.exceptions.PolarsError, DamagedTableError):
        return None
    return frame.select(*DRAWING, *_EXTREMES)


def drawing_file(frames: list[pl.DataFrame]) -> bytes:
    """The file of the drawings of a baseline's runs."""
    whole = pl.concat(frames, how="vertical_relaxed")  # One may have wider columns.
    file = io.BytesIO()
    whole.write_parquet(file, compression="zstd")
    return file.getvalue()


def write_drawing(baseline: Path, data: bytes) -> None:
    """Put the file of the drawings beside a baseline's; OSError when that fails."""
    write_bytes(baseline.with_suffix(DRAWING_SUFFIX), data)


def _stepped(frame: pl.DataFrame, starts: list[int], step_s: int) -> pl.LazyFrame:
    """The frame with `second` counted from its stage's start, in whole steps."""
    start = pl.lit(pl.Series(starts, dtype=pl.Int64)).gather(pl.col("stage"))
    since = (pl.col("second").cast(pl.Int64) - start).clip(lower_bound=0)
    return (
        frame.lazy()
        .filter(pl.col("stage") < len(starts))
        .with_columns(second=since // step_s * step_s)
    )
