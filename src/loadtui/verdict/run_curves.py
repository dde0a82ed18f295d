"""What a comparison looks like: latency by percentile, and series over the time of a stage.

Screens and reports draw these values and compute nothing.  Import this module where it is used: it
loads polars.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import polars as pl

from loadtui.errors import UsageError
from loadtui.samples.percentile import NOT_KNOWN, percentiles_of_bins
from loadtui.store.baseline_drawing import STEP_S, curve_rows, read_drawing
from loadtui.store.baseline_file import read_baseline
from loadtui.store.stored_run import Run
from loadtui.verdict.sides import StageFacts, stage_facts

SHARES: tuple[float, ...] = (
    *(at / 20 for at in range(18)),
    *(at / 100 for at in range(90, 99)),
    *(at / 1000 for at in range(990, 1000)),
    0.9995,
    0.9999,
    1.0,
)
"""Shares of the requests at which a curve by percentile is drawn, denser where it is slow."""


class PercentileCurve(msgspec.Struct, frozen=True):
    """Latency by percentile over the measured part of a stage."""

    shares: tuple[float, ...]
    ms: list[float]
    """At each share, never falling; empty where no request had a response time."""


class CurveSeries(msgspec.Struct, frozen=True):
    """Steps of time in one stage, counted from the stage's start, so that runs lie over each other.

    All lists are as long as `seconds`; a request belongs to the step in which it began.
    """

    step_s: int
    lead_s: int
    """Where the measured part begins."""
    seconds: list[int]
    """Where each step begins; the last may be shorter."""
    rps: list[float]
    failures: list[float]
    """A second."""
    p50_ms: list[float | None]
    p95_ms: list[float | None]
    p99_ms: list[float | None]
    """None in a step in which no request had a response time."""


class RunCurves:
    """Runs to be drawn as one line: a saved run, or those of a baseline, which are averaged."""

    def __init__(
        self, frame: pl.DataFrame, stages: dict[str, StageFacts], runs: int, step_s: int
    ) -> None:
        self._frame = frame
        self._stages = stages
        self._runs = runs
        self._step_s = step_s

    @classmethod
    def of_run(cls, run: Run, step_s: int = STEP_S) -> RunCurves:
        """A run that has ended; UsageError when a table of it is damaged."""
        stages = stage_facts(run.manifest)
        if not run.manifest.by_second:
            # Of figures alone there is no course, however long the run was.
            stages = {name: StageFacts(facts.users, 0, 0) for name, facts in stages.items()}
        return cls(curve_rows(run, step_s), stages, 1, step_s)

    @classmethod
    def of_baseline(cls, path: Path) -> RunCurves | None:
        """The baseline in a file, in steps of STEP_S; None when it, or its drawing, cannot be
        used."""
        try:
            baseline = read_baseline(path)
        except UsageError:
            return None
        frame = read_drawing(path, baseline)
        ids = [run.run for run in baseline.runs]
        drawn = [] if frame is None else [run for run in ids if run in set(frame["run"].unique())]
        if frame is None or not drawn:
            return None
        stages = {
            stage.name: StageFacts(stage.users, stage.lead, stage.seconds)
            for stage in baseline.runs[-1].stages
        }
        rows = frame.filter(pl.col("run").is_in(drawn))
        return cls(rows, stages, len(drawn), STEP_S)

    @property
    def stages(self) -> list[str]:
        return list(self._stages)

    def percentile_curve(self, stage: str, endpoint: str | None = None) -> PercentileCurve:
        """Latency by percentile of a stage and endpoint (None: all requests)."""
        facts = self._stages.get(stage)
        if facts is None:
            return PercentileCurve(SHARES, [])
        measured = self._rows(stage, endpoint).filter(pl.col("second") >= facts.lead)
        return PercentileCurve(SHARES, _percentiles_ms(measured, SHARES))

    def series(self, stage: str, endpoint: str | None = None) -> CurveSeries:
        """What happened in a stage, of an endpoint (None: of all requests)."""
        facts = self._stages.get(stage, StageFacts(0, 0, 0))
        step, length = self._step_s, facts.lead + facts.seconds
        rows = self._rows(stage, endpoint)
        counted = {
            second: (count, failures)
            for second, count, failures in rows.filter(pl.col("bin").is_null())
            .group_by("second")
            .agg(pl.col("count", "failures").cast(pl.Int64).sum())
            .iter_rows()
        }
        latencies = {
            group["second"][0]: _percentiles_ms(group, (0.50, 0.95, 0.99)) or (None, None, None)
            for group in rows.partition_by("second")
        }
        seconds = list(range(0, length, step))
        spans = [(min(step, length - second) * self._runs) for second in seconds]
        counts = [counted.get(second, (0, 0)) for second in seconds]
        return CurveSeries(
            step_s=step,
            lead_s=facts.lead,
            seconds=seconds,
            rps=[count / span for (count, _), span in zip(counts, spans, strict=True)],
            failures=[failed / span for (_, failed), span in zip(counts, spans, strict=True)],
            p50_ms=[latencies[at][0] if at in latencies else None for at in seconds],
            p95_ms=[latencies[at][1] if at in latencies else None for at in seconds],
            p99_ms=[latencies[at][2] if at in latencies else None for at in seconds],
        )

    def _rows(self, stage: str, endpoint: str | None) -> pl.DataFrame:
        index = self.stages.index(stage) if stage in self._stages else -1
        rows = self._frame.filter(pl.col("stage").cast(pl.Int64) == index)
        return rows if endpoint is None else rows.filter(pl.col("label") == endpoint)


def _percentiles_ms(rows: pl.DataFrame, shares: Sequence[float]) -> list[float]:
    """Milliseconds at each share; empty where no request had a response time."""
    counts = rows.group_by("bin").agg(pl.col("count").cast(pl.Int64).sum())
    extremes = rows.select(pl.col("min_us").min(), pl.col("max_us").max()).row(0)
    shortest, longest = (NOT_KNOWN if us is None else us for us in extremes)
    by_bin = dict(counts.filter(pl.col("bin").is_not_null()).iter_rows())
    return [us / 1000 for us in percentiles_of_bins(by_bin, shares, shortest, longest)]
