"""The shape of a run's JSON document; its schema is made from these types (see `schema`).

Shares are 0..1, latencies milliseconds, lengths and times seconds from the run's start; what does
not exist is null, and every key is always there.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from loadtui.report.account.run_contents import ErrorKind
from loadtui.report.json.comparison_document import ComparisonDocument
from loadtui.samples.figures import Figures
from loadtui.store.final_files import StoredException
from loadtui.store.manifest import (
    Git,
    ImportedFile,
    Mark,
    ProvenanceKind,
    Remark,
    State,
    ThresholdResult,
    WorkerRecord,
)
from loadtui.verdict.exit_codes import OutcomeWord


class FiguresPart(Figures, kw_only=True):
    """Figures of the whole stretch, and under `measured` those of its measured part."""

    measured: Figures


class TotalsPart(FiguresPart, kw_only=True):
    """Figures of the run, and what became of all that it started: `requests`, `unfinished` and
    `lost` come to `started`."""

    started: Annotated[
        int | None,
        Meta(description="Requests that began before the end; null: imported."),
    ]
    lost: Annotated[
        int | None,
        Meta(
            description="Requests that finished and could not be saved, not among the requests: "
            "their worker or the run host was killed, or the disk was full; null: imported."
        ),
    ]


class StagePart(FiguresPart, kw_only=True):
    """A stage as it was really run."""

    name: str
    users: Annotated[
        int | None, Meta(description="Users the stage was to reach; null: its source does not say.")
    ]
    users_by_class: Annotated[
        dict[str, int] | None, Meta(description="Null when they were shared out by weight.")
    ]
    spawn_rate: Annotated[float | None, Meta(description="Null: imported.")]
    start: int
    duration_s: Annotated[int | None, Meta(description="Null: its source does not say.")]
    measured_from: int
    measured_s: Annotated[
        int | None, Meta(description="Length of the measured part; null: its source does not say.")
    ]
    steered: Annotated[bool, Meta(description="Users were changed by hand in it.")]


class EndpointPart(FiguresPart, kw_only=True):
    """An endpoint in one stage."""

    method: str
    name: str
    stage: Annotated[str | None, Meta(description="Null: the whole run.")]


class CounterValues(msgspec.Struct, kw_only=True):
    count: int
    rate: Annotated[float | None, Meta(description="A second; null for a stretch of 0 s.")]


class RateValues(msgspec.Struct, kw_only=True):
    count: Annotated[int, Meta(description="Trials.")]
    hits: int | None
    rate: Annotated[float | None, Meta(description="Hits / trials; null without trials.")]


class TrendValues(msgspec.Struct, kw_only=True):
    """In the metric's own unit: mean, min and max are exact, percentiles read from bins."""

    count: int
    mean: float | None
    min: float | None
    p50: float | None
    p95: float | None
    p99: float | None
    max: float | None
    percentiles: Annotated[dict[str, float | None], Meta(description="Those shown, by name.")]


class CounterPart(CounterValues, kw_only=True):
    """A Counter in one stage (null: all) and at one endpoint (null: all)."""

    stage: str | None
    endpoint: str | None
    measured: CounterValues


class RatePart(RateValues, kw_only=True):
    """A Rate in one stage (null: all) and at one endpoint (null: all)."""

    stage: str | None
    endpoint: str | None
    measured: RateValues


class TrendPart(TrendValues, kw_only=True):
    """A Trend in one stage (null: all) and at one endpoint (null: all)."""

    stage: str | None
    endpoint: str | None
    measured: TrendValues


class CounterDocument(CounterValues, kw_only=True, tag_field="kind", tag="counter"):
    """A Counter over everything, and by stage and endpoint."""

    unit: str
    better: str
    measured: CounterValues
    parts: list[CounterPart]


class RateDocument(RateValues, kw_only=True, tag_field="kind", tag="rate"):
    """A Rate over everything, and by stage and endpoint."""

    unit: str
    better: str
    measured: RateValues
    parts: list[RatePart]


class TrendDocument(TrendValues, kw_only=True, tag_field="kind", tag="trend"):
    """A Trend over everything, and by stage and endpoint."""

    unit: str
    better: Annotated[str, Meta(description="`lower` or `higher`.")]
    measured: TrendValues
    parts: list[TrendPart]


MetricDocument = CounterDocument | RateDocument | TrendDocument


class ThresholdPart(ThresholdResult, omit_defaults=False):
    """An absolute promise and what came of it; `value` in the check's own unit: ms, a fraction,
    requests a second, a count."""


class WorkerPart(WorkerRecord, omit_defaults=False):
    """A worker process and what it sent."""


class ImportedPart(msgspec.Struct, kw_only=True):
    """Where an imported run comes from, and how much its source says."""

    format: str
    files: list[ImportedFile]
    at: Annotated[str, Meta(description="When it was imported; RFC 3339, UTC.")]
    started_known: Annotated[bool, Meta(description="False: `started` is null.")]
    held: Annotated[list[str], Meta(description="What was taken from the source, in words.")]
    absent: Annotated[list[str], Meta(description="What the source does not say, in words.")]
    left_out: Annotated[list[str], Meta(description="What it says and was not taken, in words.")]
    remarks: list[str]
    resolution: Annotated[float | None, Meta(description="Relative rounding of latencies.")]
    resolution_ms: Annotated[float | None, Meta(description="Fixed rounding of latencies.")]


class LatePart(msgspec.Struct, kw_only=True):
    """Requests of an endpoint that started after the end of the run."""

    method: str
    name: str
    requests: int
    failures: int


class RunDocument(msgspec.Struct, kw_only=True):
    """A kept run."""

    version: Annotated[
        int, Meta(description="Grows when a key changes its meaning or goes away; keys may come.")
    ]
    run: str
    plan: str
    target: Annotated[
        str, Meta(description="Base URL; `several`, or empty when only the locustfile knows.")
    ]
    state: State
    provenance: Annotated[ProvenanceKind, Meta(description="Where the numbers come from.")]
    provenance_source: str | None
    imported: Annotated[ImportedPart | None, Meta(description="Null unless it was.")]
    valid: Annotated[
        bool | None,
        Meta(description="False: the numbers cannot be trusted; null: imported, nobody knows."),
    ]
    invalid_reasons: list[str]
    bad_seconds: Annotated[
        int | None,
        Meta(
            description="Measured seconds in which the load generator was short of CPU; "
            "null: imported."
        ),
    ]
    measured_seconds: Annotated[int | None, Meta(description="Null: imported.")]
    verdict: Annotated[OutcomeWord, Meta(description="Empty for an interrupted run.")]
    exit_code: int
    process_exit_code: Annotated[int | None, Meta(description="As the locustfile set it.")]
    ended_because: str
    ended_by: Annotated[
        Literal["", "locustfile", "threshold", "person"],
        Meta(description="Who ended it before it was done; empty: nobody, or not known."),
    ]
    started: Annotated[
        str | None, Meta(description="RFC 3339, UTC; null: its source does not say.")
    ]
    duration_s: Annotated[float | None, Meta(description="Null: its source does not say.")]
    users_max: Annotated[int | None, Meta(description="Null: its source does not say.")]
    unfinished: Annotated[
        int | None,
        Meta(
            description="Requests that were killed in flight or never reported, not among the "
            "requests; null: imported."
        ),
    ]
    late: Annotated[
        int | None,
        Meta(
            description="Requests that started after the end, as by on_stop; in no other figure; "
            "null: imported."
        ),
    ]
    late_endpoints: list[LatePart]
    steered: bool
    remarks: Annotated[
        list[Remark], Meta(description="What is to be known of what was recorded, and how often.")
    ]
    time_scale: float
    fingerprint: str
    folder: str
    note: str
    tags: list[str]
    git: Git | None
    versions: dict[str, str]
    machine: dict[str, Any]
    ignored_options: list[str]
    totals: TotalsPart
    stages: list[StagePart]
    endpoints: list[EndpointPart]
    errors: Annotated[
        list[ErrorKind] | None,
        Meta(description="The most frequent first; null: its source does not say."),
    ]
    exceptions: Annotated[
        list[StoredException] | None, Meta(description="Null: its source does not say.")
    ]
    metrics: Annotated[
        dict[str, MetricDocument],
        Meta(description="By name; of two kinds under one name the second is `name (kind)`."),
    ]
    thresholds: list[ThresholdPart]
    comparison: Annotated[
        ComparisonDocument | None,
        Meta(description="With the baseline of the run; only the rows that changed."),
    ]
    comparison_error: str
    not_compared: Annotated[
        str, Meta(description="That there was no baseline, a sentence; empty when there was one.")
    ]
    workers: list[WorkerPart]
    marks: list[Mark]
