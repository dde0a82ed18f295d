"""The tallies of a saved run, read from its tables.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import polars as pl

from loadtui.samples.source_figures import SourceTallies
from loadtui.samples.table_schemas import METRIC_SUMS
from loadtui.samples.tallies import MetricInfo, MetricKey, Tallies
from loadtui.samples.trend_bins import TrendSums
from loadtui.store.manifest import StageSpan
from loadtui.store.stored_run import Run

_AT_ONCE = 250_000
"""Rows that are added up at a time: millions together take much memory."""


def load_tallies(run: Run, before: int | None = None) -> Tallies:
    """Tallies of a run that has ended, the measured part by the stages of its manifest; of an
    imported one without samples its given figures.

    With `before` only of what started before that second of the run.

    Raises UsageError when a table is missing or damaged.
    """
    imported = run.manifest.imported
    if imported is not None and imported.given is not None:
        return SourceTallies(imported.given)
    tallies = Tallies()
    spans = _spans(run.manifest.stages)
    for part in _started(run.samples(), before).iter_slices(_AT_ONCE):
        _add_cells(tallies, _measured(part, spans))
    _add_windows(tallies, _measured(_started(run.windows(), before), spans))
    _add_metrics(tallies, _measured(_started(run.metrics(), before), spans))
    return tallies


def _started(frame: pl.DataFrame, before: int | None) -> pl.DataFrame:
    return frame if before is None else frame.filter(pl.col("second") < before)


def _spans(stages: list[StageSpan]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "stage": range(len(stages)),
            "measured_from": [stage.measured_from for stage in stages],
            "measured_to": [stage.measured_to for stage in stages],
        },
        schema={"stage": pl.Int64, "measured_from": pl.Int64, "measured_to": pl.Int64},
    )


def _measured(frame: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """The frame with a column `measured`: started in the measured part of its stage."""
    inside = (pl.col("second") >= pl.col("measured_from")) & (
        pl.col("second") < pl.col("measured_to")
    )
    return (
        frame.with_columns(pl.col("stage", "second").cast(pl.Int64))
        .join(spans, on="stage", how="left")
        .with_columns(inside.fill_null(False).alias("measured"))
    )


def _add_cells(tallies: Tallies, frame: pl.DataFrame) -> None:
    folded = frame.group_by("stage", "endpoint", "measured", "bin").agg(
        pl.col("count").cast(pl.Int64).sum()
    )
    for stage, endpoint, measured, bin_, count in folded.iter_rows():
        tallies.add_cell(stage, endpoint, measured, bin_, count)


def _add_windows(tallies: Tallies, frame: pl.DataFrame) -> None:
    folded = frame.group_by("stage", "endpoint", "measured", "ok").agg(
        pl.col("count").cast(pl.Int64).sum(),
        pl.col("sum_us").sum(),
        pl.col("min_us").min().fill_null(-1),
        pl.col("max_us").max().fill_null(-1),
        pl.col("bytes").sum(),
    )
    for stage, endpoint, measured, ok, *sums in folded.iter_rows():
        tallies.add_window(stage, endpoint, measured, int(ok), *sums)


def _add_metrics(tallies: Tallies, frame: pl.DataFrame) -> None:
    folded = frame.group_by(
        "kind", "name", "unit", "better", "endpoint", "stage", "measured", "bin"
    ).agg(how.alias(name) for name, how in METRIC_SUMS.items())
    for (
        kind,
        name,
        unit,
        better,
        endpoint,
        stage,
        measured,
        bin_,
        count,
        hits,
        *sums,
    ) in folded.iter_rows():
        if kind == "trend":
            tallies.metric_infos[name] = MetricInfo(unit, better)
        values = None if bin_ is None else TrendSums(*sums)
        key = MetricKey(kind, name, endpoint, stage)
        tallies.add_metric(key, measured, count, hits, bin_, values)
