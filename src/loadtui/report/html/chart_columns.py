"""Series over the time of a run and curves by percentile, as the page of a report draws them.

Lists are columns; times are seconds from the run's start.  Import this module where it is used: it
loads polars.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from loadtui.samples.table_schemas import METRIC_SUMS
from loadtui.samples.tallies import MetricTally
from loadtui.samples.trend_bins import TrendSums
from loadtui.store.manifest import Manifest
from loadtui.store.stored_run import Run
from loadtui.verdict.run_curves import SHARES, RunCurves
from loadtui.verdict.run_summary import MetricSummary

Columns = dict[str, Any]

ALL_POINTS = 600
"""Points of a series of all requests, at most about."""
EACH_POINTS = 200
"""Of a series of one endpoint."""
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_FEW = 4
_COLUMNS = ("rps", "failures", "p50_ms", "p95_ms", "p99_ms")


def step_for(seconds: float, points: int) -> int:
    """A round number of seconds, so that no more than so many steps fill the time."""
    least = seconds / points
    return next((step for step in _STEPS if step >= least), -int(-least // 3600) * 3600)


def columns_over_time(drawing: RunCurves, manifest: Manifest, endpoint: str | None) -> Columns:
    """`t` and a list for each of rps, failures, p50_ms, p95_ms, p99_ms, stage after stage.

    A drawing of other runs is laid over the stages of the manifest by their names, and ends with
    them.  A step in which nothing was timed has no latency: percentiles of a longer step are those
    of all its requests, so that nothing is averaged or left out.
    """
    columns: Columns = {"t": [], **{name: [] for name in _COLUMNS}}
    for name, span in zip(stage_names_of(manifest), manifest.stages, strict=True):
        if name not in drawing.stages:
            continue
        series = drawing.series(name, endpoint)
        within = [at for at, second in enumerate(series.seconds) if second < span.end - span.start]
        columns["t"] += [span.start + series.seconds[at] for at in within]
        for column in _COLUMNS:
            values = getattr(series, column)
            columns[column] += rounded(values[at] for at in within)
    return columns


def columns_by_percentile(
    drawing: RunCurves, manifest: Manifest, endpoint: str | None
) -> list[list[float | None]]:
    """Latencies in ms at each of SHARES, a list a stage, empty where nothing was timed."""
    return [
        rounded(drawing.percentile_curve(name, endpoint).ms) for name in stage_names_of(manifest)
    ]


def stage_names_of(manifest: Manifest) -> list[str]:
    from loadtui.verdict.estimates import stage_names

    return stage_names(manifest.stages)


def percentile_shares() -> list[float]:
    return [round(share, 6) for share in SHARES]


def timeline_columns(run: Run, step_s: int) -> Columns:
    """Users, requests in flight and the worst worker's state, the most of each step."""
    frame = run.timeline()
    worst = {
        "cpu": pl.col("cpu").list.max(),
        "wait": pl.col("wait").list.max(),
        "lag_ms": pl.col("lag_ms").list.max(),
    }
    steps = (
        frame.with_columns(t=pl.col("second").cast(pl.Int64) // step_s * step_s, **worst)
        .group_by("t")
        .agg(pl.col("users", "in_flight", *worst).max())
        .sort("t")
    )
    columns: Columns = {"t": steps["t"].to_list()}
    for name in ("users", "in_flight", *worst):
        columns[name] = rounded(steps[name].to_list())
    return columns


def metric_over_time(run: Run, metric: MetricSummary, step_s: int) -> Columns:
    """A custom metric by steps of time: of a counter `rate` a second, of a rate `share`, of a trend
    `p50`, `p95`, `p99` in its own unit."""
    rows = (
        run.metrics()
        .filter((pl.col("name") == metric.name) & (pl.col("kind") == metric.kind))
        .with_columns(t=pl.col("second").cast(pl.Int64) // step_s * step_s)
        .group_by("t", "bin")
        .agg(how.alias(name) for name, how in METRIC_SUMS.items())
        .sort("t")
    )
    tallies: dict[int, MetricTally] = {}
    for t, bin_, count, hits, *sums in rows.iter_rows():
        values = None if bin_ is None else TrendSums(*sums)
        tallies.setdefault(t, MetricTally()).add(count, hits, bin_, values)
    columns: Columns = {"t": list(tallies)}
    if metric.kind == "counter":
        columns["rate"] = rounded(tally.count / step_s for tally in tallies.values())
    elif metric.kind == "rate":
        columns["share"] = rounded(tally.rate() for tally in tallies.values())
    else:
        read = [tally.percentiles((0.50, 0.95, 0.99)) for tally in tallies.values()]
        for at, name in enumerate(("p50", "p95", "p99")):
            columns[name] = rounded(values[at] for values in read)
    return columns


def rounded(values: Iterable[float | None] | Sequence[float | None]) -> list[float | None]:
    """To four significant digits, finer than the bins are; whole numbers without a point."""
    return [None if value is None else _rounded(value) for value in values]


def _rounded(value: float) -> float:
    short = float(f"{value:.{_FEW}g}")
    return int(short) if short.is_integer() else short
