"""k6's summary: of `--summary-export`, and the data that `handleSummary` is given.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from loadtui.errors import UsageError
from loadtui.importing.json_file import JsonFields
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.result_file import ResultFile
from loadtui.importing.source import ImportSource, figures_present
from loadtui.importing.text_file import clean_text
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable

_NAME = "k6 summary (JSON)"
_DURATION, _COUNT, _FAILED = "http_req_duration", "http_reqs", "http_req_failed"
_SUBMETRIC = re.compile(r"(?P<metric>[^{]+)\{(?P<tag>[^:{}]+):(?P<value>.*)\}", re.S)
_PERCENTILE = re.compile(r"p\((\d+(?:\.\d+)?)\)")
_NAMING = ("name", "url")
"""Tags whose values name endpoints."""
_SLACK = 1e-6


def _is_k6(file: ResultFile) -> bool:
    if not isinstance(file.document, Mapping):
        return False
    metrics = file.document.get("metrics")
    return isinstance(metrics, Mapping) and any(
        isinstance(metrics.get(name), Mapping)
        for name in (_DURATION, _COUNT, "iterations", "data_sent", "vus_max")
    )


def read_k6(file: ResultFile) -> ImportSource:
    """The run that a summary tells of.  Raises UsageError for numbers that cannot be, and when no
    HTTP request was made."""
    path, document = file.path, file.document
    metrics = {str(key): _values(value) for key, value in document["metrics"].items()}
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
    state = document.get("state")
    if isinstance(state, Mapping):
        length = JsonFields(path, "state", state).number("testRunDurationMs")
        source.duration_s = None if length is None else length / 1000
    source.users = JsonFields(path, "vus", metrics.get("vus", {})).count("max")
    used = {f"{metric}{{{tag}}}" for tag in tags for metric in (_DURATION, _COUNT, _FAILED)}
    used |= {_DURATION, _COUNT, _FAILED, "vus"}
    source.left_out = [clean_text(name) for name in metrics if name not in used]
    source.note_presence(figures_present(total))
    source.note_presence(
        [
            ("requests by endpoint", bool(tags)),
            ("most users", source.users is not None),
            ("how long it took", source.duration_s is not None),
            ("when it began", False),
            ("what happened by second", False),
            ("failures by kind", False),
            ("latencies of single requests", False),
        ]
    )
    source.remarks.append("k6 counts a latency from sending on: connecting is not in it")
    return source


def _values(metric: Any) -> Mapping[str, Any]:
    """What a metric holds: under `values` as for handleSummary, else beside each other."""
    if not isinstance(metric, Mapping):
        return {}
    inner = metric.get("values")
    return inner if isinstance(inner, Mapping) else metric


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
        f"p{float(match[1]):g}": value
        for key in times.values
        if (match := _PERCENTILE.fullmatch(key)) and (value := times.number(key)) is not None
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


K6_SUMMARY = Reader(_NAME, _is_k6, of_one(read_k6))
