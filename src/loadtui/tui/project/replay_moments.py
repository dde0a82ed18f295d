"""A kept run as a live screen would have shown it, at any second of it.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from loadtui.errors import UsageError
from loadtui.samples.bins import bin_midpoint
from loadtui.samples.figures import Figures
from loadtui.samples.tallies import MetricInfo, MetricTally, Tallies
from loadtui.samples.tally import Tally
from loadtui.store.load_tallies import load_tallies
from loadtui.store.manifest import Manifest, ThresholdResult
from loadtui.store.run_folder import baselines_root
from loadtui.store.stored_run import Run
from loadtui.tui.watched.log_tail import LogTail
from loadtui.tui.watched.moment import Moment
from loadtui.tui.watched.reference import Reference, read_reference
from loadtui.verdict.run_summary import metric_values, total_users
from loadtui.verdict.sides import manifest_with_verdict, target_of
from loadtui.verdict.thresholds import judge_thresholds
from loadtui.wire.messages import (
    EndpointRow,
    ErrorRow,
    MetricRow,
    Point,
    Snapshot,
    StageRow,
    WorkerRow,
)

MOST_POINTS = 3600
NOW_S = 10
"""Length of the window that the screen calls now."""
SHOWN_ERRORS = 50
_RANK_SLACK = 1e-6


class ReplayMoments:
    """Reads the run's tables once; `moment` blocks, for a thread."""

    def __init__(self, run: Run, project: Path) -> None:
        """Raises UsageError for a run that goes on, or whose files are damaged."""
        self.manifest: Manifest = manifest_with_verdict(run)
        self._run = Run(run.folder, self.manifest)
        ends = [stage.end for stage in self.manifest.stages]
        self.length = max(1, *ends) if ends else max(1, math.ceil(self.manifest.duration_s))
        self._timeline = {row["second"]: row for row in self._run.timeline().iter_rows(named=True)}
        self._errors = self._run.errors().rows()
        self._step = math.ceil(self.length / MOST_POINTS)
        self._points = self._all_points()
        self._reference = self._read_reference(project)
        self._log = LogTail(run.folder).read()

    @property
    def stages(self) -> tuple[int, ...]:
        """Seconds at which stages began."""
        return tuple(span.start for span in self.manifest.stages)

    def moment(self, second: int) -> Moment:
        """What there was to show when so many seconds had passed; at `length` how it ended."""
        second = max(0, min(second, self.length))
        return Moment(
            self._snapshot(second),
            self._points,
            reference=self._reference,
            log=self._log,
            cursor=float(second),
        )

    def _snapshot(self, second: int) -> Snapshot:
        manifest, over = self.manifest, second >= self.length
        tallies = load_tallies(self._run, None if over else second)
        stage = self._stage_at(second)
        row = self._timeline.get(min(second, max(self._timeline, default=0)) - 1, {})
        measured = self._measured(tallies, stage, second)
        recent = self._recent(second)
        errors = self._errors_before(second)
        users = int(row.get("users") or 0)
        return Snapshot(
            run=manifest.run,
            plan=manifest.plan.name,
            target=target_of(manifest.plan),
            provenance=manifest.provenance.kind,
            state=manifest.state if over else "replay",
            folder=str(self._run.folder),
            elapsed_s=float(second),
            duration_s=float(self.length),
            stage=stage,
            stages=[
                StageRow(
                    span.name,
                    total_users(span.users),
                    float(span.end - span.start),
                    float(span.start) if span.start <= second else None,
                )
                for span in manifest.stages
            ],
            users=users,
            users_target=total_users(manifest.stages[stage].users) if stage >= 0 else users,
            now=recent.merged().figures(min(NOW_S, max(1, second))),
            totals=tallies.merged().figures(max(1, second)),
            endpoints=self._endpoints(tallies, recent, stage, second),
            errors=errors[:SHOWN_ERRORS],
            error_kinds=len(errors),
            exceptions=manifest.totals.exceptions if over else 0,
            last_exception="",
            workers=self._workers(row),
            in_flight=int(row.get("in_flight") or 0),
            unfinished=manifest.totals.unfinished if over else 0,
            bad_seconds=manifest.validity.bad_seconds,
            measured_seconds=manifest.validity.measured_seconds,
            invalid_reasons=manifest.validity.reasons,
            thresholds=manifest.thresholds if over else self._thresholds(tallies, second),
            steered=manifest.steered,
            marks=[mark for mark in manifest.marks if mark.second <= second],
            point=None,
            ended_because=manifest.ended_because if over else "",
            exit_code=manifest.exit_code if over else None,
            verdict=manifest.verdict if over else "",
            measured=measured,
            metrics=_metric_rows(tallies, recent, stage),
        )

    def _stage_at(self, second: int) -> int:
        begun = [at for at, span in enumerate(self.manifest.stages) if span.start <= second]
        return begun[-1] if begun else -1

    def _measured_s(self, stage: int, second: int) -> int:
        if stage < 0:
            return 0
        span = self.manifest.stages[stage]
        return max(0, min(second, span.measured_to) - span.measured_from)

    def _measured(self, tallies: Tallies, stage: int, second: int) -> Figures | None:
        seconds = self._measured_s(stage, second)
        return tallies.merged(stage=stage, measured=True).figures(seconds) if seconds else None

    def _recent(self, second: int) -> Tallies:
        """What started in the last seconds."""
        tallies = Tallies()
        inside = (pl.col("second") >= second - NOW_S) & (pl.col("second") < second)
        for stage, endpoint, bin_, count in (
            self._run.samples()
            .filter(inside)
            .select("stage", "endpoint", "bin", "count")
            .iter_rows()
        ):
            tallies.add_cell(stage, endpoint, False, bin_, count)
        for stage, endpoint, ok, *sums in (
            self._run.windows()
            .filter(inside)
            .select(
                "stage", "endpoint", "ok", "count", "sum_us",
                pl.col("min_us", "max_us").fill_null(-1), "bytes",
            )
            .iter_rows()
        ):  # fmt: skip
            tallies.add_window(stage, endpoint, False, int(ok), *sums)
        return tallies

    def _endpoints(
        self, tallies: Tallies, recent: Tallies, stage: int, second: int
    ) -> list[EndpointRow]:
        """Each endpoint's tallies are merged in one pass: there may be thousands."""
        whole, now = _by_endpoint(tallies), _by_endpoint(recent)
        seconds = self._measured_s(stage, second)
        rows = []
        for number, endpoint in enumerate(self.manifest.endpoints):
            if number not in whole:
                continue
            in_stage = tallies.measured.get((stage, number)) if seconds else None
            rows.append(
                EndpointRow(
                    endpoint.method,
                    endpoint.name,
                    whole[number].figures(max(1, second)),
                    now[number].requests / min(NOW_S, max(1, second)) if number in now else 0.0,
                    in_stage.figures(seconds) if in_stage is not None else None,
                )
            )
        return rows

    def _errors_before(self, second: int) -> list[ErrorRow]:
        """Kinds seen by then, the newest first, counted over the whole run: when each of them came
        is not kept."""
        seen = [
            ErrorRow(method, name, message, count, first or 0.0, last or 0.0)
            for method, name, message, count, first, last in self._errors
            if (first or 0.0) <= second
        ]
        return sorted(seen, key=lambda error: -min(error.last, second))

    def _workers(self, row: dict[str, object]) -> list[WorkerRow]:
        def of(name: str, index: int) -> float:
            values = row.get(name)
            value = values[index] if isinstance(values, list) and index < len(values) else None
            return float(value or 0.0)

        return [
            WorkerRow(
                worker.index,
                worker.pid,
                "lost" if worker.lost else "running",
                cpu=of("cpu", worker.index),
                wait=of("wait", worker.index),
                lag_ms=of("lag_ms", worker.index),
            )
            for worker in self.manifest.workers
        ]

    def _thresholds(self, tallies: Tallies, second: int) -> list[ThresholdResult]:
        manifest = self.manifest
        begun = [span for span in manifest.stages if span.start <= second]
        return judge_thresholds(manifest.plan, begun, manifest.endpoints, tallies, final=False)

    def _all_points(self) -> tuple[Point, ...]:
        step = self._step
        percentiles = _percentiles(self._run.samples(), step)
        size = dict(
            self._run.windows()
            .group_by((pl.col("second") // step * step).alias("second"))
            .agg(pl.col("bytes").sum())
            .iter_rows()
        )
        points = []
        for second in range(0, self.length, step):
            rows = [row for at in range(second, second + step) if (row := self._timeline.get(at))]
            if not rows:
                continue
            p50, p95, p99 = percentiles.get(second, (None, None, None))
            points.append(
                Point(
                    second=second,
                    span=step,
                    users=max(int(row["users"]) for row in rows),
                    stage=int(rows[-1]["stage"]),
                    rps=sum(int(row["completed"]) for row in rows) / len(rows),
                    failures=sum(int(row["failures"]) for row in rows) / len(rows),
                    bytes=size.get(second, 0) / step,
                    p50_ms=p50,
                    p95_ms=p95,
                    p99_ms=p99,
                )
            )
        return tuple(points)

    def _read_reference(self, project: Path) -> Reference | None:
        kept = self.manifest.comparison
        if kept is None or kept.base.kind != "baseline":
            return None
        try:
            path = baselines_root(project) / f"{kept.base.name}.json"
        except UsageError:
            return None
        return read_reference(path, self.manifest) if path.is_file() else None


def _by_endpoint(tallies: Tallies) -> dict[int, Tally]:
    found: dict[int, Tally] = {}
    for (_, endpoint), tally in tallies.whole.items():
        found.setdefault(endpoint, Tally()).merge(tally)
    return found


def _percentiles(samples: pl.DataFrame, step: int) -> dict[int, tuple[float | None, ...]]:
    """Step -> p50, p95, p99 in milliseconds of what started in it."""
    cells = (
        samples.group_by((pl.col("second") // step * step).alias("second"), "bin")
        .agg(pl.col("count").cast(pl.Int64).sum())
        .sort("second", "bin")
        .with_columns(
            running=pl.col("count").cum_sum().over("second"),
            total=pl.col("count").sum().over("second"),
        )
    )
    found: dict[int, list[float | None]] = {}
    for share in (0.50, 0.95, 0.99):
        firsts = (
            cells.filter(pl.col("running") >= pl.col("total") * share - _RANK_SLACK)
            .group_by("second")
            .agg(pl.col("bin").min())
        )
        for second, bin_ in firsts.iter_rows():
            found.setdefault(second, []).append(bin_midpoint(bin_) / 1000)
    return {second: tuple(values) for second, values in found.items()}


def _metric_rows(tallies: Tallies, recent: Tallies, stage: int) -> list[MetricRow]:
    """A row for all endpoints of a metric together, then one for each endpoint."""
    rows = []
    for kind, name in dict.fromkeys((key.kind, key.name) for key in tallies.metrics):
        info = tallies.metric_infos.get(name, MetricInfo())
        endpoints = dict.fromkeys(
            key.endpoint for key in tallies.metrics if (key.kind, key.name) == (kind, name)
        )
        places: Sequence[str | None] = (None, *(one for one in endpoints if one))
        for endpoint in places:
            whole = tallies.merged_metric(kind, name, endpoint=endpoint)
            now = recent.merged_metric(kind, name, endpoint=endpoint)
            part = tallies.merged_metric(
                kind, name, stage=stage, endpoint=endpoint, measured=kind != "counter"
            )
            rows.append(
                MetricRow(
                    kind, name, info.unit, info.better, endpoint,
                    metric_values(kind, whole or MetricTally()),
                    metric_values(kind, now or MetricTally()),
                    metric_values(kind, part) if part is not None else None,
                )
            )  # fmt: skip
    return rows
