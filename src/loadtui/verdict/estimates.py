"""What a saved run says: an estimate of every metric of every stage.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import polars as pl

from loadtui.samples.bins import bin_midpoint, unbounded_bin_of
from loadtui.samples.estimate import (
    BLOCKS,
    COUNTER,
    ERROR_RATE,
    RATE,
    RPS,
    TOTAL,
    Estimate,
    Key,
    builtin_quantity,
    subject,
    trend_quantity,
    trend_steps,
)
from loadtui.samples.percentile import NOT_KNOWN, read_bin
from loadtui.samples.trend_bins import value_of_bin
from loadtui.store.manifest import Endpoint, StageSpan
from loadtui.store.stored_run import Run
from loadtui.verdict.blocks import rate_estimate, rps_estimate
from loadtui.verdict.compared_percentiles import compared_percentiles
from loadtui.verdict.percentile_estimates import Rounding, by_block, percentiles
from loadtui.verdict.source_estimates import source_estimates

_US_PER_MS = 1000
_BINS = 1 << 16
"""More than there are bins."""


def run_estimates(run: Run, percentiles: Sequence[str] | None = None) -> dict[Key, Estimate]:
    """Estimates of a run that has ended, of the measured part of each stage; of Counters over the
    whole stage.

    `percentiles` are names; None: those that are compared of the run by itself.  An endpoint has
    those metrics of a stage that it has numbers for; the total of requests has the endpoint TOTAL.
    Raises UsageError when a table is missing or damaged.
    """
    if percentiles is None:
        percentiles = compared_percentiles([run.manifest])
    imported = run.manifest.imported
    if imported is not None and imported.given is not None:
        labels = [endpoint_label(endpoint) for endpoint in run.manifest.endpoints]
        return source_estimates(run.manifest.stages, labels, imported.given, percentiles)
    return _Reader(run, percentiles).read() if run.manifest.stages else {}


def stage_names(stages: Sequence[StageSpan]) -> list[str]:
    """Name of each stage, those that were there before with their number."""
    return _unique([span.name for span in stages])


def endpoint_label(endpoint: Endpoint) -> str:
    """How an endpoint is called in a comparison; never what all requests together are called."""
    return f"{TOTAL} (endpoint)" if endpoint.label == TOTAL else endpoint.label


def _packed(group: pl.Expr, block: pl.Expr, bin_: pl.Expr) -> pl.Expr:
    """One number of the three: summing by it is more than twice as fast as by three columns."""
    return (group * BLOCKS + block) * _BINS + bin_


class _Reader:
    """Reads one run, group by group: a stage and one of its endpoints or custom metrics."""

    def __init__(self, run: Run, percentiles: Sequence[str]) -> None:
        self._run = run
        self._percentiles = percentiles
        self._stages = run.manifest.stages
        self._names = stage_names(self._stages)
        labels = [endpoint_label(endpoint) for endpoint in run.manifest.endpoints]
        self._labels = list(dict.fromkeys([*labels, TOTAL]))
        """The last one is the total."""
        number = {label: at for at, label in enumerate(self._labels)}
        self._numbers = pl.Series([number[label] for label in labels], dtype=pl.UInt32)
        """By endpoint number; endpoints that read the same are one."""
        self._found: dict[Key, Estimate] = {}

    def read(self) -> dict[Key, Estimate]:
        self._requests()
        self._latencies()
        self._rates_and_counters()
        self._trends()
        return self._found

    def _requests(self) -> None:
        ok = pl.col("ok")
        counted = self._grouped(
            self._run.windows(),
            pl.lit(0),
            pl.col("count").sum(),
            failed=pl.col("count").filter(~ok).sum(),
        )
        for group, (started, failed) in by_block(counted, ["count", "failed"]).items():
            stage, endpoint = self._stage_and_endpoint(group)
            name, seconds = self._names[stage], self._seconds(stage)
            self._found[Key(name, endpoint, "rps")] = rps_estimate(started, seconds, RPS)
            self._found[Key(name, endpoint, "error_rate")] = rate_estimate(
                failed, started, seconds, ERROR_RATE
            )

    def _latencies(self) -> None:
        provenance = self._run.manifest.provenance
        relative, fixed_ms = provenance.resolution or 0.0, provenance.resolution_ms or 0.0
        folded = self._grouped(self._run.samples(), pl.col("bin"), pl.col("count").sum())
        extremes = self._extremes()

        def read(group: int, bin_: int) -> float:
            us = read_bin(bin_, *extremes.get(group, (NOT_KNOWN, NOT_KNOWN)))
            return us or bin_midpoint(0)  # A latency of 0 has no logarithm.

        rounding = Rounding(relative, fixed_ms * _US_PER_MS)
        for group, stat, y, sigma, values in percentiles(
            folded, self._percentiles, read, rounding=rounding
        ):
            stage, endpoint = self._stage_and_endpoint(group)
            quantity = builtin_quantity(stat)
            assert quantity is not None
            # What rounding adds to the deviation is known apart.
            self._found[Key(self._names[stage], endpoint, stat)] = Estimate(
                y,
                math.hypot(sigma, values.rounding(y)),
                values.total,
                quantity,
                self._seconds(stage),
                distribution=values,
            )

    def _extremes(self) -> dict[int, tuple[int, int]]:
        """Group -> shortest and longest latency of its measured part, in microseconds."""
        windows = self._run.windows().lazy().filter(pl.col("endpoint") < len(self._numbers))
        extremes = (
            _measured(windows, self._stages)
            .group_by(group=self._group())
            .agg(pl.col("min_us").min(), pl.col("max_us").max())
            .drop_nulls()
            .collect()
        )
        width = len(self._labels)
        limits: dict[int, tuple[int, int]] = {}
        for group, shortest, longest in extremes.iter_rows():
            for place in (group, group // width * width + width - 1):  # the endpoint, the total
                low, high = limits.get(place, (shortest, longest))
                limits[place] = min(low, shortest), max(high, longest)
        return limits

    def _group(self) -> pl.Expr:
        """The group that a row of an endpoint belongs to."""
        label = pl.lit(self._numbers).gather(pl.col("endpoint"))
        return pl.col("stage").cast(pl.UInt64) * len(self._labels) + label

    def _grouped(
        self, frame: pl.DataFrame, bins: pl.Expr, count: pl.Expr, **more: pl.Expr
    ) -> pl.DataFrame:
        """The measured part, summed by `group, block, bin`, for each endpoint and for the total."""
        width = len(self._labels)
        known = frame.lazy().filter(pl.col("endpoint") < len(self._numbers))
        group = self._group()
        block, bin_ = pl.col("block").cast(pl.UInt64), bins.cast(pl.UInt64)
        sums = [pl.col("count"), *(pl.col(name) for name in more)]
        summed = (
            _measured(known, self._stages)
            .with_columns(pl.col("count").cast(pl.Int64), packed=_packed(group, block, bin_))
            .group_by("packed")
            .agg(count, **more)
            .with_columns(group=pl.col("packed") // (BLOCKS * _BINS))
            .collect()
        )
        total = pl.col("group") // width * width + width - 1
        place = pl.col("packed") % (BLOCKS * _BINS)
        pooled = (
            summed.lazy()
            .with_columns(packed=total * (BLOCKS * _BINS) + place)
            .group_by("packed")
            .agg(column.sum() for column in sums)
            .collect()
        )
        return pl.concat([summed.drop("group"), pooled]).select(
            (pl.col("packed") // (BLOCKS * _BINS)).cast(pl.UInt32).alias("group"),
            (pl.col("packed") // _BINS % BLOCKS).cast(pl.UInt8).alias("block"),
            (pl.col("packed") % _BINS).cast(pl.UInt16).alias("bin"),
            *sums,
        )

    def _stage_and_endpoint(self, group: int) -> tuple[int, str]:
        stage, label = divmod(group, len(self._labels))
        return stage, self._labels[label]

    def _seconds(self, stage: int) -> int:
        return self._stages[stage].measured_to - self._stages[stage].measured_from

    # ---------------------------------------------------------------------------- custom metrics
    def _rates_and_counters(self) -> None:
        metrics = self._run.metrics().lazy()
        counters = (
            metrics.filter(pl.col("kind") == "counter", pl.col("stage") < len(self._stages))
            .group_by("stage", "endpoint", "name")
            .agg(pl.col("count").sum())
            .collect()
        )
        for stage, endpoint, name, count in counters.iter_rows():
            estimate = Estimate(float(count), 0.0, abs(count), COUNTER, self._seconds(stage))
            self._add(stage, endpoint, name, estimate)
        rates = _measured(metrics.filter(pl.col("kind") == "rate"), self._stages).collect()
        places, numbered = _numbered(rates)
        folded = numbered.group_by("group", "block").agg(pl.col("count", "hits").sum())
        for group, (trials, hits) in by_block(folded, ["count", "hits"]).items():
            stage, endpoint, name, _, _ = places[group]
            if sum(trials):
                estimate = rate_estimate(hits, trials, self._seconds(stage), RATE)
                self._add(stage, endpoint, name, estimate)

    def _trends(self) -> None:
        trends = self._run.metrics().lazy().filter(pl.col("kind") == "trend")
        places, numbered = _numbered(_measured(trends, self._stages).collect())
        folded = numbered.group_by("group", "block", "bin").agg(pl.col("count").sum())
        extremes = numbered.group_by("group", "bin").agg(pl.col("min").min(), pl.col("max").max())
        value_of = {
            (group, bin_): value_of_bin(least, most)
            for group, bin_, least, most in extremes.iter_rows()
        }

        def read(group: int, bin_: int) -> float:
            return trend_steps(value_of[group, bin_])

        def wide(group: int, bin_: int) -> int:
            return unbounded_bin_of(round(read(group, bin_)))

        for group, stat, y, sigma, values in percentiles(
            folded, self._percentiles, read, distribution_bin=wide
        ):
            stage, endpoint, name, unit, better = places[group]
            quantity = trend_quantity(stat, unit, better)
            estimate = Estimate(
                y, sigma, values.total, quantity, self._seconds(stage), distribution=values
            )
            self._add(stage, endpoint, f"{name}.{stat}", estimate)

    def _add(self, stage: int, endpoint: str, metric: str, estimate: Estimate) -> None:
        """A custom metric that is called like another one of its endpoint gets its kind beside its
        name."""
        key = Key(self._names[stage], endpoint, metric)
        if key in self._found or builtin_quantity(metric) is not None:
            name = subject(metric)
            stat = metric.removeprefix(name)
            key = key._replace(metric=f"{name} ({estimate.quantity.custom}){stat}")
        self._found[key] = estimate


def _measured(frame: pl.LazyFrame, stages: Sequence[StageSpan]) -> pl.LazyFrame:
    """The rows that began in the measured part of their stage, with their `block`."""
    begins = pl.Series([span.measured_from for span in stages], dtype=pl.Int32)
    ends = pl.Series([span.measured_to for span in stages], dtype=pl.Int32)
    second, begin, end = pl.col("second"), pl.col("begin"), pl.col("end")
    return (
        frame.filter(pl.col("stage") < len(stages))
        .with_columns(
            second.cast(pl.Int32),
            begin=pl.lit(begins).gather(pl.col("stage")),
            end=pl.lit(ends).gather(pl.col("stage")),
        )
        .filter(second >= begin, second < end)
        .with_columns(block=((second - begin) * BLOCKS // (end - begin)).cast(pl.UInt8))
    )


def _numbered(
    metrics: pl.DataFrame,
) -> tuple[list[tuple[int, str, str, str, str]], pl.DataFrame]:
    """Stage, endpoint, name, unit and better of each group, and the frame with its `group`."""
    by = ["stage", "endpoint", "name"]
    places = metrics.group_by(by).agg(pl.col("unit", "better").first()).sort(by)
    numbered = places.with_row_index("group").select("group", *by)
    return places.rows(), metrics.join(numbered, on=by)


def _unique(names: Sequence[str]) -> list[str]:
    unique: list[str] = []
    for name in names:
        again = sum(earlier == name for earlier in names[: len(unique)])
        unique.append(f"{name} #{again + 1}" if again else name)
    return unique
