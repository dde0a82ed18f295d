"""Builds what a screen shows of a run at one moment, from tallies: live and in replay alike.

The host calls it once a second with what it holds; a replay calls it with what the tables of a
stored run say up to a second.  Plain Python, and percentiles are read only where counts changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from loadtui.plan.model import Plan
from loadtui.samples.endpoint_table import MAX_NAME
from loadtui.samples.error_kinds import OTHER_KINDS, KindCounts
from loadtui.samples.figures import Figures
from loadtui.samples.tallies import Tallies
from loadtui.samples.tally import Tally
from loadtui.store.manifest import Endpoint, Mark, StageSpan, ThresholdResult, Validity
from loadtui.verdict.thresholds import threshold_results
from loadtui.wire.messages import (
    EndpointRow,
    ErrorRow,
    ExceptionRow,
    MetricRow,
    Point,
    Snapshot,
    StageRow,
    Unknown,
    WorkerRow,
)
from loadtui.wire.metric_observations import Observations
from loadtui.wire.metric_rows import metric_rows

NOW_S = 10
"""Length of the window that the screen calls now."""
SHOWN_ERRORS = 50
SHOWN_EXCEPTIONS = 10


@dataclass(frozen=True)
class RecentSeconds:
    """What the screen calls now: the last seconds before the moment."""

    seconds: int
    """How many these are, at least 1."""
    total: Tally
    requests: Mapping[int, int]
    """Endpoint number -> requests in them."""
    metrics: Observations


@dataclass(frozen=True)
class RunAtMoment:
    """All that is known of a run at one moment.  The numbers are only read."""

    run: str
    plan: Plan
    target: str
    provenance: str
    state: str
    folder: str
    elapsed_s: float
    duration_s: float | None
    """Length of the whole run, None when open-ended."""
    stages: Sequence[StageRow]
    """All of them, those to come included."""
    spans: Sequence[StageSpan]
    """Those that have begun."""
    endpoints: Sequence[tuple[str, str]]
    """(method, name) by endpoint number."""
    tallies: Tallies
    total: Tally
    by_endpoint: Mapping[int, Tally]
    """The same requests, all stages together."""
    metrics: Observations
    recent: RecentSeconds
    errors: KindCounts
    """Failures by (method, name, message)."""
    exceptions: KindCounts
    """Exceptions by (message, traceback)."""
    workers: Sequence[WorkerRow]
    users: int
    users_target: int
    in_flight: int
    unfinished: int
    validity: Validity
    marks: Sequence[Mark]
    steered: bool
    measuring: bool
    """Whether the current stage's measured part is asked for."""
    point: Point | None = None
    ended_because: str = ""
    thresholds: Sequence[ThresholdResult] | None = None
    """As judged at the run's end; None: they are judged as they stand now."""
    exit_code: int | None = None
    verdict: str = ""
    baseline: str = ""
    percentiles: Sequence[str] = ()
    """Names of those that are asked for beside p50, p95 and p99."""
    not_compared: str = ""
    unknown: frozenset[Unknown] = frozenset()


MAX_NAMES = 4_000_000
"""Characters of all methods and names of endpoints that a snapshot holds: one goes to each viewer
every second.  Where there are more, each is cut to its share."""


@dataclass
class MomentBuilder:
    """Builds snapshots; keeps the figures of endpoints that did not change between two of them.

    A snapshot shares those figures with the next: build with a new builder what is shown for long.
    """

    _figures: dict[int, Figures] = field(default_factory=dict)
    _stage_figures: dict[int, tuple[int, Figures]] = field(default_factory=dict)
    """Endpoint number -> (stage, figures of its measured part)."""

    def build(self, at: RunAtMoment) -> Snapshot:
        seconds = at.recent.seconds
        measured_s = _measured_s(at)
        return Snapshot(
            run=at.run,
            plan=at.plan.name,
            target=at.target,
            provenance=at.provenance,
            state=at.state,
            folder=at.folder,
            elapsed_s=at.elapsed_s,
            duration_s=at.duration_s,
            stage=len(at.spans) - 1,
            stages=list(at.stages),
            users=at.users,
            users_target=at.users_target,
            now=at.recent.total.figures(seconds, at.percentiles),
            totals=at.total.figures(at.elapsed_s, at.percentiles),
            endpoints=self._endpoints(at, measured_s),
            errors=_newest_errors(at.errors),
            error_kinds=at.errors.kinds(),
            exceptions=at.exceptions.total(),
            last_exception=_last_exception(at.exceptions),
            workers=list(at.workers),
            in_flight=at.in_flight,
            unfinished=at.unfinished,
            bad_seconds=at.validity.bad_seconds,
            measured_seconds=at.validity.measured_seconds,
            invalid_reasons=list(at.validity.reasons),
            thresholds=_thresholds(at),
            steered=at.steered,
            marks=list(at.marks),
            point=at.point,
            ended_because=at.ended_because,
            exit_code=at.exit_code,
            verdict=at.verdict,
            measured=_measured_total(at, measured_s),
            metrics=_metrics(at, measured_s),
            exception_rows=_newest_exceptions(at.exceptions),
            baseline=at.baseline,
            not_compared=at.not_compared,
            unknown=at.unknown,
        )

    def _endpoints(self, at: RunAtMoment, measured_s: float) -> list[EndpointRow]:
        rows = []
        longest = _longest_shown(at.endpoints)
        for number in sorted(at.by_endpoint):
            tally = at.by_endpoint[number]
            figures = self._figures.get(number)
            if figures is None or figures.requests != tally.requests:
                figures = self._figures[number] = tally.figures(at.elapsed_s, at.percentiles)
            elif at.elapsed_s > 0:
                figures.rps = tally.rps(at.elapsed_s)
            method, name = at.endpoints[number]
            now = at.recent.requests.get(number, 0) / at.recent.seconds
            measured = self._measured(at, number, measured_s)
            shortest = tally.shortest_us()
            min_ms = None if shortest is None else shortest / 1000
            if len(name) > longest:
                name = f"{name[: longest - 1]}…"
            rows.append(EndpointRow(method[:longest], name, figures, now, measured, min_ms))
        return rows

    def _measured(self, at: RunAtMoment, number: int, measured_s: float) -> Figures | None:
        """Of one endpoint; those whose count stands still are not read again."""
        stage = len(at.spans) - 1
        tally = at.tallies.measured.get((stage, number))
        if tally is None or not measured_s:
            return None
        known = self._stage_figures.get(number)
        if known is None or known[0] != stage or known[1].requests != tally.requests:
            known = self._stage_figures[number] = stage, tally.figures(measured_s, at.percentiles)
        known[1].rps = tally.rps(measured_s)
        return known[1]


def _longest_shown(endpoints: Sequence[tuple[str, str]]) -> int:
    """Characters of a name that viewers get."""
    if len(endpoints) * 2 * MAX_NAME <= MAX_NAMES or not endpoints:
        return MAX_NAME
    whole = sum(len(method) + len(name) for method, name in endpoints) <= MAX_NAMES
    return MAX_NAME if whole else MAX_NAMES // len(endpoints) // 2


def _measured_s(at: RunAtMoment) -> float:
    """Seconds of the current stage's measured part so far; 0 before it, and where nobody asks."""
    if not at.spans or not at.measuring:
        return 0.0
    span = at.spans[-1]
    return max(0.0, min(at.elapsed_s, span.measured_to) - span.measured_from)


def _measured_total(at: RunAtMoment, measured_s: float) -> Figures | None:
    if not measured_s:
        return None
    return at.tallies.merged(stage=len(at.spans) - 1, measured=True).figures(
        measured_s, at.percentiles
    )


def _metrics(at: RunAtMoment, measured_s: float) -> list[MetricRow]:
    if not at.metrics.tallies:
        return []
    return metric_rows(
        at.metrics, at.recent.metrics, at.tallies, len(at.spans) - 1, measuring=measured_s > 0
    )


def _newest_errors(errors: KindCounts) -> list[ErrorRow]:
    rows = [
        ErrorRow(method, name, message, kind.count, kind.first, kind.last)
        for (method, name, message), kind in errors.by_time()[:SHOWN_ERRORS]
    ]
    if errors.others:
        rows.append(ErrorRow("", "", OTHER_KINDS, errors.others, None, None))
    return rows[:SHOWN_ERRORS]


def _newest_exceptions(exceptions: KindCounts) -> list[ExceptionRow]:
    rows = [
        ExceptionRow(message, traceback, kind.count, kind.first, kind.last)
        for (message, traceback), kind in exceptions.by_time()[:SHOWN_EXCEPTIONS]
    ]
    if exceptions.others:
        rows.append(ExceptionRow(OTHER_KINDS, "", exceptions.others, None, None))
    return rows[:SHOWN_EXCEPTIONS]


def _last_exception(exceptions: KindCounts) -> str:
    newest = exceptions.by_time()
    return newest[0][0][0] if newest else ""


def _thresholds(at: RunAtMoment) -> list[ThresholdResult]:
    if at.thresholds is not None:
        return list(at.thresholds)
    endpoints = [Endpoint(*entry) for entry in at.endpoints]
    return threshold_results(at.plan, at.spans, endpoints, at.tallies, final=False)
