"""Builds the snapshot that viewers show, from the collector, the timeline and the run's facts."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from loadtui.engine.host.collector import Collector
from loadtui.engine.host.recent_metrics import metric_rows
from loadtui.engine.host.timeline import Timeline
from loadtui.plan.model import Plan
from loadtui.samples.figures import Figures
from loadtui.store.manifest import Endpoint, Mark, ThresholdResult, Validity
from loadtui.verdict.thresholds import judge_thresholds
from loadtui.verdict.validity import BadSeconds, validity
from loadtui.wire.messages import (
    EndpointRow,
    ErrorRow,
    ExceptionRow,
    MetricRow,
    Snapshot,
    StageRow,
    WorkerRow,
)

if TYPE_CHECKING:
    from loadtui.engine.host.director import StageStep

SHOWN_ERRORS = 50
SHOWN_EXCEPTIONS = 10
ALARM_FROM_S = 5
"""Seconds before their share of bad ones is worth an alarm."""


@dataclass
class LiveRun:
    """The run's facts that change while it goes on."""

    run: str
    folder: str
    plan: Plan
    target: str
    stages: list[StageStep]
    state: str = "starting"
    t0: float | None = None
    """Second 0 on the monotonic clock."""
    ended_at: float | None = None
    marks: list[Mark] = field(default_factory=list)
    steered: bool = False
    pids: dict[int, int] = field(default_factory=dict)
    lost: dict[int, str] = field(default_factory=dict)
    """Worker index -> what became of it."""
    users_target: int = 0
    ended_because: str = ""
    baseline: str = ""
    """Absolute path of the baseline the run is held against, empty for none."""

    @property
    def elapsed_s(self) -> float:
        if self.t0 is None:
            return 0.0
        return (self.ended_at or time.monotonic()) - self.t0


class SnapshotBuilder:
    """Keeps the figures of endpoints that did not change between two snapshots."""

    def __init__(self, live: LiveRun, collector: Collector, timeline: Timeline) -> None:
        self._live = live
        self._collector = collector
        self._timeline = timeline
        self._figures: dict[int, Figures] = {}
        self._stage_figures: dict[int, tuple[int, Figures]] = {}
        """Endpoint number -> (stage, figures of its measured part)."""

    def build(self) -> Snapshot:
        live, collector, timeline = self._live, self._collector, self._timeline
        elapsed = live.elapsed_s
        now, seconds = timeline.now()
        verdict = self._validity()
        lengths = [stage.duration_s for stage in live.stages]
        return Snapshot(
            run=live.run,
            plan=live.plan.name,
            target=live.target,
            provenance="measured",
            state=live.state,
            folder=live.folder,
            elapsed_s=elapsed,
            duration_s=None if None in lengths else float(sum(n or 0.0 for n in lengths)),
            stage=len(collector.stages) - 1,
            stages=self._stages(),
            users=self._users(),
            users_target=live.users_target,
            now=now.figures(seconds),
            totals=collector.total.figures(elapsed),
            endpoints=self._endpoints(elapsed),
            errors=self._errors(),
            error_kinds=len(collector.errors),
            exceptions=collector.exception_count,
            last_exception=self._last_exception(),
            workers=self._workers(),
            in_flight=sum(w.health.in_flight for w in collector.workers.values() if w.health),
            unfinished=collector.unfinished,
            bad_seconds=verdict.bad_seconds,
            measured_seconds=verdict.measured_seconds,
            invalid_reasons=[] if live.state == "starting" else verdict.reasons,
            thresholds=self._thresholds(),
            steered=live.steered,
            marks=list(live.marks),
            point=timeline.point,
            ended_because=live.ended_because,
            measured=self._measured_total(),
            metrics=self._metrics(),
            exception_rows=self._exceptions(),
            baseline=live.baseline,
        )

    def _validity(self) -> Validity:
        """So far: a run is not yet invalid for having sent nothing, or for a second or two."""
        measured, overall = self._timeline.bad, self._timeline.bad_overall
        bad = measured if measured.seconds else overall
        started = self._collector.total.requests + self._collector.unfinished
        return validity(
            bad if bad.seconds >= ALARM_FROM_S else BadSeconds(),
            kind="measured" if bad is measured else "unmeasured",
            lost_deltas=self._collector.lost_deltas,
            lost_requests=self._collector.lost_requests,
            lost_workers=list(self._live.lost.values()),
            started=started if self._live.ended_at is not None else 1,
        )

    def _stages(self) -> list[StageRow]:
        began = self._collector.stages
        return [
            StageRow(
                stage.name,
                stage.total,
                stage.duration_s,
                float(began[index].start) if index < len(began) else None,
            )
            for index, stage in enumerate(self._live.stages)
        ]

    def _users(self) -> int:
        return sum(w.health.users for w in self._collector.workers.values() if w.health)

    def _endpoints(self, elapsed: float) -> list[EndpointRow]:
        rps_now = self._timeline.rps_now()
        rows = []
        for number, tally in self._collector.by_endpoint.items():
            figures = self._figures.get(number)
            if figures is None or figures.requests != tally.requests:
                figures = self._figures[number] = tally.figures(elapsed)
            elif elapsed > 0:
                figures.rps = figures.requests / elapsed
            method, name = self._collector.table.entries[number]
            now = rps_now.get(number, 0.0)
            rows.append(EndpointRow(method, name, figures, now, self._measured(number)))
        return rows

    def _measured_s(self) -> float:
        """Seconds of the current stage's measured part so far; 0 before it, and in a run without
        a baseline, where nobody asks for it."""
        if not self._collector.stages or not self._live.baseline:
            return 0.0
        span = self._collector.stages[-1]
        return max(0.0, min(self._live.elapsed_s, span.measured_to) - span.measured_from)

    def _measured_total(self) -> Figures | None:
        seconds = self._measured_s()
        if not seconds:
            return None
        stage = len(self._collector.stages) - 1
        return self._collector.tallies.merged(stage=stage, measured=True).figures(seconds)

    def _measured(self, number: int) -> Figures | None:
        """Of one endpoint; those whose count stands still are not read again."""
        stage, seconds = len(self._collector.stages) - 1, self._measured_s()
        tally = self._collector.tallies.measured.get((stage, number))
        if tally is None or not seconds:
            return None
        known = self._stage_figures.get(number)
        if known is None or known[0] != stage or known[1].requests != tally.requests:
            known = self._stage_figures[number] = stage, tally.figures(seconds)
        known[1].rps = tally.requests / seconds
        return known[1]

    def _metrics(self) -> list[MetricRow]:
        collector = self._collector
        if not collector.metrics.tallies:
            return []
        return metric_rows(
            collector.metrics,
            self._timeline.metrics_now(),
            collector.tallies,
            len(collector.stages) - 1,
            measuring=self._measured_s() > 0,
        )

    def _errors(self) -> list[ErrorRow]:
        newest = sorted(self._collector.errors.items(), key=lambda item: -item[1].last)
        return [
            ErrorRow(*key, kind.count, kind.first, kind.last) for key, kind in newest[:SHOWN_ERRORS]
        ]

    def _exceptions(self) -> list[ExceptionRow]:
        newest = sorted(self._collector.exceptions.items(), key=lambda item: -item[1].last)
        return [
            ExceptionRow(*key, kind.count, kind.first, kind.last)
            for key, kind in newest[:SHOWN_EXCEPTIONS]
        ]

    def _last_exception(self) -> str:
        kinds = self._collector.exceptions
        if not kinds:
            return ""
        return max(kinds, key=lambda key: kinds[key].last)[0]

    def _workers(self) -> list[WorkerRow]:
        rows = []
        for index, pid in sorted(self._live.pids.items()):
            state = self._collector.workers.get(index)
            health = state.health if state else None
            row = WorkerRow(index, pid, "ready" if health is None else "running")
            if state is not None and state.final:
                row.state = "stopped"
            if index in self._live.lost:
                row.state = "lost"
            elif health is not None:
                row.cpu, row.wait, row.lag_ms = health.cpu, health.wait, health.lag_ms
                row.users, row.in_flight = health.users, health.in_flight
            rows.append(row)
        return rows

    def _thresholds(self) -> list[ThresholdResult]:
        endpoints = [Endpoint(*entry) for entry in self._collector.table.entries]
        spans = [s for s in self._collector.stages if s.start <= math.ceil(self._live.elapsed_s)]
        return judge_thresholds(
            self._live.plan, spans, endpoints, self._collector.tallies, final=False
        )
