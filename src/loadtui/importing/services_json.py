"""Metrics by service in JSON, and baselines in the same words.

`{"gateway": {"avg_latency_ms": 120, "p95_latency_ms": 300, "error_rate_pct": 0.4, "rps": 85}}`,
bare, or under `services`, `metrics` or `baselines`.  Keys that begin with `_` are notes.  Import
this module where it is used: it loads polars.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from loadtui.errors import UsageError
from loadtui.importing.json_file import JsonFields
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.result_file import ResultFile
from loadtui.importing.source import ImportSource, figures_present, totalled
from loadtui.importing.text_file import clean_text
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable
from loadtui.store.timestamps import parse_timestamp

UNDER = ("services", "metrics", "baselines")
"""Keys that the services may lie under."""
_BEGAN = ("timestamp", "started", "started_at", "start_time", "date", "updated", "created_at")
_LENGTH = ("duration_s", "duration_seconds", "duration_sec")
_USERS = ("users", "concurrent_users", "vus")
_FACTS = frozenset({*_BEGAN, *_LENGTH, *_USERS})
"""Of the whole document."""
_REQUESTS = ("requests", "total_requests", "request_count")
_FAILURES = ("failures", "failed_requests", "total_failures", "failure_count")
_RPS = ("rps", "requests_per_second", "throughput_rps")
_MEAN = ("avg_latency_ms", "mean_latency_ms", "average_latency_ms")
_MEDIAN = ("p50_latency_ms", "median_latency_ms")
_MIN = ("min_latency_ms",)
_MAX = ("max_latency_ms",)
_SHARE = ("error_rate",)
_PERCENT = ("error_rate_pct", "error_rate_percent", "error_pct")
_PERCENTILE = re.compile(r"p(\d{2}(?:\.\d+)?)_latency_ms")
_KNOWN = frozenset(
    {
        *_REQUESTS, *_FAILURES, *_RPS, *_MEAN, *_MEDIAN, *_MIN, *_MAX, *_SHARE, *_PERCENT, *_USERS,
        *_LENGTH,
    }
)  # fmt: skip
_MADE_UP = re.compile(r"\b(sample|simulat\w*|synthetic|mock\w*|made[- ]up|placeholder)\b", re.I)
_LONGEST_NOTE = 200


def _is_services(file: ResultFile) -> bool:
    """Whether a document looks like metrics by service."""
    return isinstance(file.document, Mapping) and any(
        isinstance(values, Mapping) and any(_is_figure(str(key)) for key in values)
        for values in _services(file.document)[1].values()
    )


def read_services(file: ResultFile) -> ImportSource:
    """The run that a document tells of.  Raises UsageError for numbers that cannot be, and when no
    service has any."""
    path, document = file.path, file.document
    under, services = _services(document)
    words = "performance baselines" if under == "baselines" else "metrics by service"
    source = ImportSource("metrics", f"{words} (JSON)", [path], path.stem)
    notes = [*_notes(document), *(_notes(services) if under else ())]
    endpoints: list[SourceFigures] = []
    users: list[int] = []
    lengths: list[float] = []
    for name, values in services.items():
        if name.startswith("_") or (not under and name in _FACTS):
            continue
        if not isinstance(values, Mapping):
            source.left_out.append(clean_text(name))
            continue
        fields = JsonFields(path, name, values)
        notes += _notes(values)
        if not any(_is_figure(key) for key in values):
            source.left_out.append(clean_text(name))
            continue
        source.record.endpoints.add("", clean_text(name))
        endpoints.append(_figures(fields))
        users += _known(fields.count(*_USERS))
        lengths += _known(fields.number(*_LENGTH))
        others = [key for key in values if not key.startswith("_") and not _is_known(key)]
        source.left_out += [clean_text(f"{name}: {key}") for key in others]
    if not endpoints:
        raise UsageError(f"{path} has no figures of any service; there is nothing to import")
    top = JsonFields(path, "", document)
    _fill_facts(source, top, users, lengths)
    source.figures = SourceFigureTable(totalled(endpoints), endpoints)
    if under:
        read = {under, *_FACTS}
        source.left_out += [
            clean_text(key) for key in document if not key.startswith("_") and key not in read
        ]
    source.simulated = any(_MADE_UP.search(note) for note in notes)
    source.remarks += [f"its own note: {_short(note)}" for note in notes]
    _tell(source, endpoints)
    return source


def _services(document: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The key that the services lie under, empty for none, and the services."""
    for key in UNDER:
        if isinstance(document.get(key), Mapping):
            return key, document[key]
    return "", document


def _figures(fields: JsonFields) -> SourceFigures:
    requests, failures = fields.count(*_REQUESTS), fields.count(*_FAILURES)
    share, percent = fields.number(*_SHARE), fields.number(*_PERCENT)
    if share is not None and percent is not None and abs(share - percent / 100) > 1e-3:
        raise fields.wrong("error_rate", "does not agree with the one in percent")
    if share is None and percent is not None:
        share = percent / 100
    if share is None and requests and failures is not None:
        share = failures / requests
    if share is not None and share > 1:
        raise fields.wrong("error rate", f"{share * 100:g} % is more than all")
    percentiles = {
        f"p{float(match[1]):g}": value
        for key in fields.values
        if (match := _PERCENTILE.fullmatch(key)) and (value := fields.number(key)) is not None
    }
    median = fields.number(*_MEDIAN)
    if median is not None:
        percentiles["p50"] = median
    return SourceFigures(
        requests=requests,
        failures=failures,
        error_rate=share,
        rps=fields.number(*_RPS),
        mean_ms=fields.number(*_MEAN),
        min_ms=fields.number(*_MIN),
        max_ms=fields.number(*_MAX),
        percentiles=percentiles,
    )


def _fill_facts(
    source: ImportSource, top: JsonFields, users: list[int], lengths: list[float]
) -> None:
    of_all, length = top.count(*_USERS), top.number(*_LENGTH)
    source.users = max(users, default=None) if of_all is None else of_all
    source.duration_s = max(lengths, default=None) if length is None else length
    for key in _BEGAN:
        value = top.values.get(key)
        if isinstance(value, str) and (when := parse_timestamp(value)):
            source.started = when.timestamp()
            return


def _tell(source: ImportSource, endpoints: list[SourceFigures]) -> None:
    known: dict[str, int] = {}
    for figures in endpoints:
        for what, there in figures_present(figures):
            known[what] = known.get(what, 0) + there
    for what, count in known.items():
        of = "" if count in (0, len(endpoints)) else f" (of {count} of {len(endpoints)} services)"
        source.note_presence([(what + of, bool(count))])
    source.note_presence(
        [
            ("users", source.users is not None),
            ("when it began", source.started is not None),
            ("how long it took", source.duration_s is not None),
            ("what happened by second", False),
            ("failures by kind", False),
            ("latencies of single requests", False),
        ]
    )
    if len(endpoints) > 1:
        source.remarks.append("of all services together there is only what counts add up to")


def _notes(values: Mapping[str, Any]) -> Iterator[str]:
    """What the keys with `_` say; of one that is set without words its own name."""
    for key, value in values.items():
        if key.startswith("_") and value not in (None, False):
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            yield clean_text(f"{key.strip('_').replace('_', ' ')}: {text}")


def _is_known(key: str) -> bool:
    return key in _KNOWN or _PERCENTILE.fullmatch(key) is not None


def _is_figure(key: str) -> bool:
    return _is_known(key) and key not in _USERS and key not in _LENGTH


def _known(value: Any) -> list[Any]:
    return [] if value is None else [value]


def _short(note: str) -> str:
    return note if len(note) <= _LONGEST_NOTE else note[: _LONGEST_NOTE - 1] + "…"


SERVICE_METRICS = Reader(
    "metrics by service or performance baselines (JSON)", _is_services, of_one(read_services)
)
