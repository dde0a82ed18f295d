"""k6's summary, in any of the shapes of `k6_shapes`.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from loadtui.errors import UsageError
from loadtui.importing.files.json_file import JsonFields
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.files.text_file import clean_text
from loadtui.importing.k6.k6_shapes import K6Summary, is_k6_summary, k6_summary
from loadtui.importing.k6.k6_thresholds import (
    check_outcomes,
    parse_expression,
    threshold_outcome,
    whole_outcome,
)
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.source import ImportSource, figures_present
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable
from loadtui.store.manifest import ThresholdResult

_NAME = "k6 summary (JSON)"
_DURATION, _COUNT, _FAILED = "http_req_duration", "http_reqs", "http_req_failed"
_SUBMETRIC = re.compile(r"(?P<metric>[^{]+)\{(?P<tag>[^:{}]+):(?P<value>.*)\}", re.S)
_PERCENTILE = re.compile(r"p\((\d+(?:\.\d+)?)\)")
_PLAIN_PERCENTILE = re.compile(r"p(\d+(?:[._]\d+)?)")
"""As in `p95` and `p99_9`, of the machine-readable summary."""
_NAMING = ("name", "url", "group", "scenario")
"""Tags whose values name endpoints, the finest first."""
_SLACK = 1e-6


def read_k6(file: ResultFile) -> ImportSource:
    """The run that a summary tells of.  Raises UsageError for numbers that cannot be, and when no
    HTTP request was made."""
    path = file.path
    summary = k6_summary(path, file.document)
    metrics = summary.metrics
    source = ImportSource("k6", _NAME, [path], path.stem)
    total = _figures(path, metrics, "")
    if not total.requests:
        raise UsageError(f"{path} holds no HTTP request; there is nothing to import")
    tags = _naming_tags(metrics)
    for tag in tags:
        source.record.endpoints.add("", clean_text(tag.partition(":")[2]))
    endpoints = [_figures(path, metrics, f"{{{tag}}}") for tag in tags]
    if not endpoints:
        # A summary tells endpoints apart only where a threshold names them.
        source.record.endpoints.add("", "http requests")
        endpoints = [total]
    source.figures = SourceFigureTable(total, endpoints)
    source.duration_s = summary.duration_s
    source.users = JsonFields(path, "vus", metrics.get("vus", {})).count("max")
    used = {f"{metric}{{{tag}}}" for tag in tags for metric in (_DURATION, _COUNT, _FAILED)}
    used |= {_DURATION, _COUNT, _FAILED, "vus"}
    if summary.checks:
        used.add("checks")
    source.left_out = [clean_text(name) for name in metrics if name not in used]
    source.thresholds = _judged(path, summary)
    source.note_presence(figures_present(total))
    source.note_presence(
        [
            ("requests by endpoint", bool(tags)),
            ("most users", source.users is not None),
            ("how long it took", source.duration_s is not None),
            ("checks", bool(summary.checks)),
            ("when it began", False),
            ("what happened by second", False),
            ("failures by kind", False),
            ("latencies of single requests", False),
        ]
    )
    if summary.thresholds or not summary.has_thresholds:
        source.note_presence([("k6's own thresholds", summary.has_thresholds)])
    naming = tags[0].partition(":")[0] if tags else "name"
    if naming.strip() not in ("name", "url"):
        source.remarks.append(f"its endpoints are k6's tag {naming!r}")
    source.remarks.append("k6 counts a latency from sending on: connecting is not in it")
    return source


def _judged(path: Path, summary: K6Summary) -> list[ThresholdResult]:
    """What k6 judged the run by, its checks included."""
    results = [] if summary.passed is None else [whole_outcome(summary.passed)]
    for metric, thresholds in summary.thresholds.items():
        values = JsonFields(path, metric, summary.metrics.get(metric, {}))
        for source, met in thresholds.items():
            results.append(
                threshold_outcome(clean_text(metric), source, met, _said(values, source))
            )
    return results + check_outcomes(summary.checks, summary.thresholds)


def _said(values: JsonFields, source: str) -> float | None:
    """What the summary says of the statistic that a threshold is about."""
    expression = parse_expression(source)
    if expression is None:
        return None
    if expression.share is not None:
        names = [name for name in values.values if _share_of(name) == expression.share]
        return values.number(*names)
    if expression.stat in ("rate", "value"):
        return values.number("rate", "value")
    return values.number(expression.stat)


def _share_of(name: str) -> float | None:
    """Of a percentile's name, `p(95)` or `p95`, which it is; None for any other name."""
    match = _PERCENTILE.fullmatch(name) or _PLAIN_PERCENTILE.fullmatch(name)
    return float(match[1].replace("_", ".")) if match else None


def _naming_tags(metrics: Mapping[str, Any]) -> list[str]:
    """`name:...` of each endpoint that there are latencies of; of several tags the first in use."""
    for naming in _NAMING:
        tags = []
        for name in metrics:
            match = _SUBMETRIC.fullmatch(name)
            if match and match["metric"] == _DURATION and match["tag"].strip() == naming:
                tags.append(f"{match['tag']}:{match['value']}")
        if tags:
            return tags
    return []


def _figures(path: Path, metrics: Mapping[str, Mapping[str, Any]], tag: str) -> SourceFigures:
    times, counts, failed = (
        JsonFields(path, name + tag, metrics.get(name + tag, {}))
        for name in (_DURATION, _COUNT, _FAILED)
    )
    percentiles = {
        f"p{share:g}": value
        for key in times.values
        if (share := _share_of(key)) is not None and (value := times.number(key)) is not None
    }
    median = times.number("med")
    if median is not None:
        percentiles["p50"] = median
    share = failed.number("rate", "value")
    if share is not None and share > 1:
        raise failed.wrong("rate", f"{share:g} is more than all")
    return SourceFigures(
        requests=counts.count("count"),
        failures=_failures(failed, share),
        error_rate=share,
        rps=counts.number("rate"),
        mean_ms=times.number("avg"),
        min_ms=times.number("min"),
        max_ms=times.number("max"),
        percentiles=percentiles,
    )


def _failures(failed: JsonFields, share: float | None) -> int | None:
    """Of the two counts the one that the share is of: k6 calls a failed request a pass of the rate
    `http_req_failed`."""
    passes, fails = failed.count("passes"), failed.count("fails")
    if passes is None or fails is None or share is None or not passes + fails:
        return None
    for count in (passes, fails):
        if abs(count / (passes + fails) - share) < _SLACK:
            return count
    raise failed.wrong("rate", f"{share:g} is not the share of {passes} or {fails}")


K6_SUMMARY = Reader(_NAME, lambda file: is_k6_summary(file.document), of_one(read_k6))
