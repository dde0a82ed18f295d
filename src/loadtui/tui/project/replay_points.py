"""The chart points of a stored run, from its tables.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections import defaultdict

import polars as pl

from loadtui.samples.table_schemas import METRIC_SUMS
from loadtui.samples.tally import Tally
from loadtui.samples.trend_bins import TrendSums
from loadtui.store.stored_run import Run
from loadtui.wire.chart_steps import ChartStep, step_span
from loadtui.wire.messages import Point
from loadtui.wire.metric_observations import MetricId, Observations

MOST_POINTS = 3600


def replay_points(run: Run) -> tuple[Point, ...]:
    """A point for each second of the run, or for each two, four ... of a long one.

    Requests/s are completions as in a live run.  What the tables know by the second of the start
    alone, latencies, failures and bytes, stands in the second in which its request started.
    What completed after the end of the last stage is in no point, as in a live run.
    """
    timeline = run.timeline()
    if ends := [stage.end for stage in run.manifest.stages]:
        timeline = timeline.filter(pl.col("second") < max(ends))
    seconds = 1 + max((row[0] for row in timeline.select("second").iter_rows()), default=-1)
    span = step_span(seconds, MOST_POINTS)
    tallies = _tallies(run, span)
    observations = _observations(run.metrics(), span)
    points = []
    for at, length, users, stage, completed in (
        timeline.sort("second")
        .group_by(_step(span), maintain_order=True)
        .agg(
            pl.len().alias("length"),
            pl.col("users", "stage").last(),
            pl.col("completed").cast(pl.Int64).sum(),
        )
        .iter_rows()
    ):
        trends = observations[at].trends() if at in observations else {}
        tally = tallies.get(at, Tally())
        step = ChartStep(at, users, stage, tally, trends, completed=completed, span=length)
        points.append(step.point())
    return tuple(points)


def _step(span: int) -> pl.Expr:
    """First second of the step that a row belongs to."""
    return (pl.col("second").cast(pl.Int64) // span * span).alias("step")


def _tallies(run: Run, span: int) -> dict[int, Tally]:
    """First second of a step -> the requests that started in it."""
    tallies: defaultdict[int, Tally] = defaultdict(Tally)
    cells = run.samples().group_by(_step(span), "bin").agg(pl.col("count").cast(pl.Int64).sum())
    for at, bins, counts in cells.group_by("step").agg("bin", "count").iter_rows():
        add_cell = tallies[at].add_cell
        for bin_, count in zip(bins, counts, strict=True):
            add_cell(bin_, count)
    sums = (
        run.windows()
        .group_by(_step(span), "ok")
        .agg(
            pl.col("count").cast(pl.Int64).sum(),
            pl.col("sum_us").sum(),
            pl.col("min_us").min().fill_null(-1),
            pl.col("max_us").max().fill_null(-1),
            pl.col("bytes").sum(),
        )
    )
    for at, ok, *row in sums.iter_rows():
        tallies[at].add_window(int(ok), *row)
    return tallies


def _observations(metrics: pl.DataFrame, span: int) -> dict[int, Observations]:
    """First second of a step -> what was observed of Trends in it."""
    rows = (
        metrics.filter(pl.col("kind") == "trend")
        .group_by(_step(span), "name", "bin")
        .agg(how.alias(name) for name, how in METRIC_SUMS.items())
    )
    observations: defaultdict[int, Observations] = defaultdict(Observations)
    for at, name, bin_, count, hits, *sums in rows.iter_rows():
        observations[at].add(MetricId("trend", name, ""), count, hits, bin_, TrendSums(*sums))
    return observations
