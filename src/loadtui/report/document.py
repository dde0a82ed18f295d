"""A run as one JSON document, for machines: `--json` and `loadtui runs show --json`."""

from __future__ import annotations

import json
import math
from typing import Any

import msgspec

from loadtui.report.findings import Findings, findings, target
from loadtui.samples.figures import Figures
from loadtui.store.manifest import Manifest
from loadtui.store.run import Run
from loadtui.verdict.exitcode import INTERRUPTED, INVALID
from loadtui.verdict.summary import Both, EndpointSummary, MetricSummary, StageSummary

VERSION = 1
"""Grows when a key of the document changes its meaning or goes away."""

Document = dict[str, Any]


def document(run: Run) -> Document:
    """The document of a kept run; UsageError as `findings`.

    Shares are 0..1, latencies milliseconds, lengths seconds; what does not exist is null.  Totals,
    stages and endpoints hold figures of the whole stretch, and those of its measured part under
    `measured`; an endpoint with `stage` null is that of the whole run.
    """
    return document_of(findings(run))


def document_of(found: Findings) -> Document:
    manifest, summary = found.manifest, found.summary
    document: Document = {
        "version": VERSION,
        "run": manifest.run,
        "plan": manifest.plan.name,
        "target": target(manifest.plan),
        "state": manifest.state,
        "provenance": manifest.provenance.kind,
        "provenance_source": manifest.provenance.source,
        "valid": manifest.validity.valid,
        "invalid_reasons": manifest.validity.reasons,
        "bad_seconds": manifest.validity.bad_seconds,
        "measured_seconds": manifest.validity.measured_seconds,
        "verdict": manifest.verdict,
        "exit_code": _exit_code(found),
        "process_exit_code": manifest.process_exit_code,
        "ended_because": manifest.ended_because,
        "started": manifest.started,
        "duration_s": manifest.duration_s,
        "users_max": manifest.totals.users_max,
        "unfinished": manifest.totals.unfinished,
        "steered": manifest.steered,
        "time_scale": manifest.plan.time_scale,
        "fingerprint": manifest.fingerprint,
        "folder": str(found.folder),
        "note": manifest.note,
        "tags": manifest.tags,
        "git": _plain(manifest.git),
        "versions": manifest.versions,
        "machine": manifest.machine,
        "ignored_options": manifest.ignored_options,
        "totals": _figures(summary.totals),
        "stages": [_stage(stage) for stage in summary.stages],
        "endpoints": [_endpoint(endpoint) for endpoint in summary.endpoints],
        "errors": [_plain(error) for error in found.errors],
        "exceptions": [_plain(one) for one in found.exceptions],
        "metrics": _metrics(summary.metrics),
        "thresholds": [_all_fields(result) for result in manifest.thresholds],
        "comparison": _comparison(manifest),
        "comparison_error": manifest.comparison_error,
        "workers": [_all_fields(worker) for worker in manifest.workers],
        "marks": [_plain(mark) for mark in manifest.marks],
    }
    strict: Document = _strict(document)
    return strict


def to_json(document: Document | list[Document]) -> bytes:
    """A document, or those of several runs, as strict JSON in UTF-8 with a newline at its end."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
    # A name with bytes that are no UTF-8 holds lone surrogates: these become JSON's own escapes.
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _comparison(manifest: Manifest) -> Document | None:
    from loadtui.report.comparison_document import comparison_document

    found = manifest.comparison
    return None if found is None else comparison_document(found)


def _exit_code(found: Findings) -> int:
    if found.manifest.exit_code is not None:
        return found.manifest.exit_code
    return INTERRUPTED if found.manifest.state == "interrupted" else INVALID


def _figures(both: Both) -> Document:
    return {**_one(both.whole), "measured": _one(both.measured)}


def _one(figures: Figures) -> Document:
    return _all_fields(figures)


def _stage(stage: StageSummary) -> Document:
    span = stage.span
    return {
        "name": span.name,
        "users": stage.users,
        "users_by_class": span.users if isinstance(span.users, dict) else None,
        "spawn_rate": span.spawn_rate,
        "start": span.start,
        "duration_s": stage.seconds,
        "measured_from": span.measured_from,
        "measured_s": stage.measured_seconds,
        "steered": span.steered,
        **_figures(stage.figures),
    }


def _endpoint(row: EndpointSummary) -> Document:
    return {
        "method": row.endpoint.method,
        "name": row.endpoint.name,
        "stage": row.stage,
        **_figures(row.figures),
    }


def _metrics(metrics: list[MetricSummary]) -> Document:
    """Name -> kind and values over everything, and `parts`: the same by stage and endpoint.  Of two
    kinds under one name the second is found as `name (kind)`."""
    found: Document = {}
    for metric in metrics:
        everything, *parts = metric.rows
        name = f"{metric.name} ({metric.kind})" if metric.name in found else metric.name
        found[name] = {
            "kind": metric.kind,
            "unit": metric.info.unit,
            "better": metric.info.better,
            **_values(metric.kind, everything.whole),
            "measured": _values(metric.kind, everything.measured),
            "parts": [
                {
                    "stage": row.stage,
                    "endpoint": row.endpoint,
                    **_values(metric.kind, row.whole),
                    "measured": _values(metric.kind, row.measured),
                }
                for row in parts
            ],
        }
    return found


_VALUES = {
    "counter": ("count",),
    "rate": ("count", "hits", "rate"),
    "trend": ("count", "mean", "p50", "p95", "p99", "max"),
}


def _values(kind: str, values: msgspec.Struct) -> Document:
    return {name: getattr(values, name) for name in _VALUES[kind]}


def _all_fields(struct: msgspec.Struct) -> Document:
    """Every field, those with their default value too."""
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)


def _strict(value: Any) -> Any:
    """The value without NaN and infinities, which JSON does not have."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {str(key): _strict(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_strict(inner) for inner in value]
    return value
