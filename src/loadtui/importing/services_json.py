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
from loadtui.importing.files.json_file import JsonFields
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.files.text_file import clean_text
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.source import ImportSource, figures_present, totalled
from loadtui.percentile_names import percentile_name
from loadtui.samples.endpoint_table import EndpointTable
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
_SUMS = frozenset(
    {"total", "totals", "all", "overall", "summary", "aggregated", "aggregate", "sum"}
)
"""Names, in any case, of what sums up the services beside it."""
_ASKED = re.compile(
    r"config\w*|settings?|options?|param\w*|(.*[ _-])?(limits?|thresholds?|budgets?|slos?|slas?"
    r"|targets?|tolerances?|goals?|quotas?)",
    re.IGNORECASE,
)
"""Names of what is asked for, or set: figures there were not measured."""
_LATENCIES = (*_MEAN, *_MEDIAN, *_MIN)
_LEAST_DECIMALS = 1e-3
"""Difference between error rates that is taken for rounding, as a share."""


def _is_services(file: ResultFile) -> bool:
    """Whether a document looks like metrics by service."""
    return isinstance(file.document, Mapping) and any(
        _was_measured(name, values) for name, values in _services(file.document)[1].items()
    )


def read_services(file: ResultFile) -> ImportSource:
    """The run that a document tells of.  Raises UsageError for numbers that cannot be, and when no
    service has any."""
    path, document = file.path, file.document
    under, services = _services(document)
    words = "performance baselines" if under == "baselines" else "metrics by service"
    if under:
        sums = {name: document[name] for name in document if name.casefold() in _SUMS}
        services = {**{name: one for name, one in sums.items() if _was_measured(name, one)},
                    **services}  # fmt: skip
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
        if not _was_measured(name, values):
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
    source.figures = _table(source, endpoints)
    if under:
        read = {under, *_FACTS, *services}
        source.left_out += [
            clean_text(key) for key in document if not key.startswith("_") and key not in read
        ]
    source.simulated = any(_MADE_UP.search(note) for note in notes)
    source.remarks += [f"its own note: {_short(note)}" for note in notes]
    source.remarks += _disagreeing_rates(source)
    _tell(source)
    return source


def _was_measured(name: str, values: Any) -> bool:
    """Whether an entry holds figures of what was measured: a latency, or two of how many requests,
    how many a second and how many failed.  A configuration may hold any one of these."""
    if not isinstance(values, Mapping) or _ASKED.fullmatch(name):
        return False
    numbers = {key for key, value in values.items() if isinstance(value, (int, float, str))}
    if not numbers.isdisjoint(_LATENCIES) or any(map(_PERCENTILE.fullmatch, numbers)):
        return True
    kinds = (_REQUESTS, _RPS, (*_FAILURES, *_SHARE, *_PERCENT))
    return sum(not numbers.isdisjoint(kind) for kind in kinds) > 1


def _table(source: ImportSource, endpoints: list[SourceFigures]) -> SourceFigureTable:
    """The figures with those of all requests, which one of the entries may hold; that entry leaves
    the source's endpoints.  Raises UsageError for two of them that differ."""
    names = [name for _, name in source.record.endpoints.entries]
    sums = [at for at, name in enumerate(names) if name.strip().casefold() in _SUMS]
    if not sums or len(names) == 1:
        return SourceFigureTable(totalled(endpoints), endpoints)
    total = endpoints[sums[0]]
    for at in sums[1:]:
        if endpoints[at] != total:
            raise UsageError(
                f"{source.files[0]}: {names[sums[0]]!r} and {names[at]!r} both sum up the services "
                "and differ; remove the one that is wrong"
            )
    # Where there is nothing beside sums, the first stands for a service.
    left = [at for at in range(len(names)) if at not in sums] or sums[:1]
    services = [endpoints[at] for at in left]
    source.record.endpoints = EndpointTable()
    for at in left:
        source.record.endpoints.add("", names[at])
    added = totalled(services)
    for what in ("requests", "failures"):
        said, counted = getattr(total, what), getattr(added, what)
        if said is not None and counted is not None and said != counted:
            source.remarks.append(
                f"{names[sums[0]]!r} says {said} {what}, and its services add up to {counted}"
            )
    source.remarks.append(f"{names[sums[0]]!r} is taken for what sums up the services")
    return SourceFigureTable(total, services)


def _disagreeing_rates(source: ImportSource) -> Iterator[str]:
    """Sentences on requests per second that are not those of the length."""
    assert source.figures is not None
    names = [name for _, name in source.record.endpoints.entries]
    for name, figures in zip(names, source.figures.endpoints, strict=True):
        if not (source.duration_s and figures.rps and figures.requests is not None):
            continue
        expected = figures.rps * source.duration_s
        if not 0.5 <= (figures.requests / expected) <= 2:
            yield (
                f"{name}: {figures.rps:g} requests per second in {source.duration_s:g} s are "
                f"{expected:.0f}, and it says {figures.requests}"
            )


def _services(document: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The key that the services lie under, empty for none, and the services."""
    for key in UNDER:
        if isinstance(document.get(key), Mapping):
            return key, document[key]
    return "", document


def _error_rate(fields: JsonFields, requests: int | None, failures: int | None) -> float | None:
    """The share that failed, by the counts where there are both.  Raises UsageError where counts,
    share and percent contradict each other."""
    shares = [
        (name, fields.number(*names), unit)
        for name, names, unit in (("error_rate", _SHARE, 1.0), ("error_rate_pct", _PERCENT, 100.0))
    ]
    known = {name: (value / unit, _half_unit(value) / unit) for name, value, unit in shares
             if value is not None}  # fmt: skip
    for name, (share, _) in known.items():
        if share > 1:
            raise fields.wrong(name, f"{share * 100:g} % is more than all")
    if failures is not None and requests is not None:
        if failures > requests:
            raise fields.wrong(_FAILURES[0], f"{failures} of {requests}, which cannot be")
        if requests:
            counted = failures / requests
            for name, (share, rounding) in known.items():
                if abs(share - counted) > max(rounding, _LEAST_DECIMALS):
                    raise fields.wrong(
                        name,
                        f"is {share * 100:g} %, and {failures} failures of {requests} requests are "
                        f"{counted * 100:.3g} %",
                    )
            return counted
    if len(known) == 2:
        (share, rounding), (percent, coarser) = known.values()
        if abs(share - percent) > max(rounding, coarser, _LEAST_DECIMALS):
            raise fields.wrong("error_rate", "does not agree with the one in percent")
    return next((share for share, _ in known.values()), None)


def _half_unit(value: float) -> float:
    """Half of a number's last decimal as it is written: what it may be rounded by."""
    _, _, decimals = f"{value:.10f}".rstrip("0").partition(".")
    return 0.5 * 10.0 ** -len(decimals) * (1 + 1e-9)


def _figures(fields: JsonFields) -> SourceFigures:
    requests, failures = fields.count(*_REQUESTS), fields.count(*_FAILURES)
    share = _error_rate(fields, requests, failures)
    percentiles = {
        percentile_name(float(match[1]) / 100): value
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


def _tell(source: ImportSource) -> None:
    assert source.figures is not None
    endpoints = source.figures.endpoints
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
    if len(endpoints) > 1 and source.figures.total == totalled(endpoints):
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
