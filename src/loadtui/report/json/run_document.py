"""A run as one JSON document, for machines: `--json` and `loadtui runs show --json`."""

from __future__ import annotations

import math
from typing import Any, cast

import msgspec

from loadtui.report.account.run_contents import RunContents, read_run_contents
from loadtui.report.json import run_document_shape as shape
from loadtui.report.json.comparison_document import comparison_of
from loadtui.report.json.json_bytes import JsonDocument
from loadtui.samples.figures import Figures
from loadtui.store.manifest import Manifest
from loadtui.store.stored_run import Run
from loadtui.verdict.exit_codes import OutcomeWord, stored_exit_code
from loadtui.verdict.run_summary import (
    Both,
    EndpointSummary,
    MetricSummary,
    MetricSummaryRow,
    MetricValues,
    StageSummary,
)

RUN_VERSION = 1
"""Grows when a key of the document changes its meaning or goes away."""


def run_document(run: Run) -> JsonDocument:
    """The document of a saved run; UsageError as `read_run_contents`.

    Shares are 0..1, latencies milliseconds, lengths seconds; what does not exist is null.  Totals,
    stages and endpoints hold figures of the whole stretch, and those of its measured part under
    `measured`; an endpoint with `stage` null is that of the whole run.
    """
    return run_document_of(read_run_contents(run))


def run_document_of(contents: RunContents) -> JsonDocument:
    plain: JsonDocument = msgspec.to_builtins(_run(contents))
    plain["stages"] = [_facts_first(part) for part in plain["stages"]]
    plain["endpoints"] = [_facts_first(part) for part in plain["endpoints"]]
    strict: JsonDocument = _strict(plain)
    return strict


def _run(contents: RunContents) -> shape.RunDocument:
    manifest, summary = contents.manifest, contents.summary
    comparison = manifest.comparison
    return shape.RunDocument(
        version=RUN_VERSION,
        run=manifest.run,
        plan=manifest.plan.name,
        target=manifest.plan.target,
        state=manifest.state,
        provenance=manifest.provenance.kind,
        provenance_source=manifest.provenance.source,
        imported=_imported(manifest),
        valid=manifest.known_valid,
        invalid_reasons=manifest.validity.reasons,
        bad_seconds=_ours(manifest, manifest.validity.bad_seconds),
        measured_seconds=_ours(manifest, manifest.validity.measured_seconds),
        verdict=cast("OutcomeWord", manifest.verdict),
        exit_code=stored_exit_code(manifest),
        process_exit_code=manifest.process_exit_code,
        ended_because=manifest.ended_because,
        ended_by=manifest.ended_by,
        started=manifest.began,
        duration_s=manifest.length_s,
        users_max=manifest.most_users,
        unfinished=_ours(manifest, manifest.totals.unfinished),
        late=_ours(manifest, manifest.totals.late),
        late_endpoints=[shape.LatePart(**_fields(row)) for row in manifest.late],
        steered=manifest.steered,
        remarks=manifest.remarks,
        time_scale=manifest.plan.time_scale,
        fingerprint=manifest.fingerprint,
        folder=str(contents.folder),
        note=manifest.note,
        tags=manifest.tags,
        git=manifest.git,
        versions=manifest.versions,
        machine=manifest.machine,
        ignored_options=manifest.ignored_options,
        totals=shape.TotalsPart(
            **_figures(summary.totals),
            started=None if manifest.imported else manifest.totals.started,
            lost=_ours(manifest, manifest.totals.lost),
        ),
        stages=[_stage(stage, manifest) for stage in summary.stages],
        endpoints=[_endpoint(endpoint) for endpoint in summary.endpoints],
        errors=contents.errors if manifest.errors_known else None,
        exceptions=contents.exceptions if manifest.exceptions_known else None,
        metrics=_metrics(summary.metrics),
        thresholds=[shape.ThresholdPart(**_fields(result)) for result in manifest.thresholds],
        comparison=None if comparison is None else comparison_of(comparison),
        comparison_error=manifest.comparison_error,
        not_compared=manifest.not_compared,
        workers=[shape.WorkerPart(**_fields(worker)) for worker in manifest.workers],
        marks=manifest.marks,
    )


def _ours(manifest: Manifest, count: int) -> int | None:
    """What is counted of runs that were made here, and no source says."""
    return count if manifest.imported is None else None


def _figures(both: Both) -> dict[str, Any]:
    return {**_fields(both.whole), "measured": both.measured}


def _imported(manifest: Manifest) -> shape.ImportedPart | None:
    imported, provenance = manifest.imported, manifest.provenance
    if imported is None:
        return None
    return shape.ImportedPart(
        format=imported.format,
        files=imported.files,
        at=imported.at,
        started_known=imported.started_known,
        held=imported.held,
        absent=imported.absent,
        left_out=imported.left_out,
        remarks=imported.remarks,
        resolution=provenance.resolution,
        resolution_ms=provenance.resolution_ms,
    )


def _stage(stage: StageSummary, manifest: Manifest) -> shape.StagePart:
    span = stage.span
    return shape.StagePart(
        name=span.name,
        users=None if manifest.most_users is None else stage.users,
        users_by_class=span.users if isinstance(span.users, dict) else None,
        spawn_rate=None if manifest.imported is not None else span.spawn_rate,
        start=span.start,
        duration_s=None if manifest.length_s is None else stage.seconds,
        measured_from=span.measured_from,
        measured_s=None if manifest.length_s is None else stage.measured_seconds,
        steered=span.steered,
        **_figures(stage.figures),
    )


def _endpoint(row: EndpointSummary) -> shape.EndpointPart:
    return shape.EndpointPart(
        method=row.endpoint.method,
        name=row.endpoint.name,
        stage=row.stage,
        **_figures(row.figures),
    )


_SHAPES: dict[str, tuple[Any, Any, Any]] = {
    "counter": (shape.CounterDocument, shape.CounterPart, shape.CounterValues),
    "rate": (shape.RateDocument, shape.RatePart, shape.RateValues),
    "trend": (shape.TrendDocument, shape.TrendPart, shape.TrendValues),
}


def _metrics(metrics: list[MetricSummary]) -> dict[str, shape.MetricDocument]:
    """Name -> kind and values over everything, and `parts`: the same by stage and endpoint.  Of two
    kinds under one name the second is listed as `name (kind)`."""
    documents: dict[str, shape.MetricDocument] = {}
    for metric in metrics:
        name = f"{metric.name} ({metric.kind})" if metric.name in documents else metric.name
        documents[name] = _metric(metric)
    return documents


def _metric(metric: MetricSummary) -> shape.MetricDocument:
    whole, part, values = _SHAPES[metric.kind]

    def of(row: MetricSummaryRow) -> dict[str, Any]:
        return {**chosen(row.whole), "measured": values(**chosen(row.measured))}

    def chosen(all_: MetricValues) -> dict[str, Any]:
        return {name: getattr(all_, name) for name in values.__struct_fields__}

    everything, *rows = metric.rows
    parts = [part(stage=row.stage, endpoint=row.endpoint, **of(row)) for row in rows]
    info = metric.info
    document: shape.MetricDocument = whole(
        unit=info.unit, better=info.better, parts=parts, **of(everything)
    )
    return document


def _fields(struct: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def _facts_first(part: JsonDocument) -> JsonDocument:
    """The figures after what they are of, which is how people read them."""
    figures = {*Figures.__struct_fields__, "measured"}
    facts = {name: value for name, value in part.items() if name not in figures}
    return {**facts, **part}


def _strict(value: Any) -> Any:
    """The value without NaN and infinities, which JSON does not have."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {str(key): _strict(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_strict(inner) for inner in value]
    return value
