"""ghz's JSON, of `-O json` or `-O pretty`: gRPC calls, each of them in most files, times in
nanoseconds.

As in runner/reporter.go and runner/stats_handler.go of ghz: `details` has no more than a million
calls, each with the time when it ended; percentiles, `fastest` and `slowest` are of the calls
without an error, `average` and `rps` of all.  Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from loadtui.errors import UsageError
from loadtui.importing.files.json_file import JsonFields
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.files.text_file import plan_of
from loadtui.importing.outcomes import Outcomes, sums_that_differ
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.request_record import RequestRecord, TimedRequest, moment_us
from loadtui.importing.source import ImportSource, figures_present
from loadtui.percentile_names import percentile_name
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable
from loadtui.store.timestamps import parse_timestamp

_NAME = "ghz (JSON)"
_KEYS = frozenset({"count", "total", "average", "fastest", "slowest", "rps"})
_LISTS = ("details", "latencyDistribution")
_NS_PER_MS, _NS_PER_US = 1e6, 1000
_OK = "OK"
_UNNAMED_CALL = "gRPC calls"
_MOST_WORKERS = 100_000
"""More are no number of workers."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _is_ghz(file: ResultFile) -> bool:
    document = file.document
    return (
        isinstance(document, Mapping)
        and set(document) >= _KEYS
        and any(isinstance(document.get(name), list) for name in _LISTS)
    )


def read_ghz(file: ResultFile) -> ImportSource:
    """The run that a file tells of: its calls where it has each of them, else its figures.  Raises
    UsageError for numbers that cannot be, and when there is no call."""
    fields = JsonFields(file.path, "", file.document)
    options = fields.inner("options")
    source = ImportSource("ghz", _NAME, [file.path], plan_of(file.path))
    count = fields.count("count") or 0
    calls = fields.get("details") or []
    if not isinstance(calls, list):
        raise fields.wrong("details", "is no list")
    if len(calls) > count:
        raise fields.wrong("count", f"is {count}, and there are {len(calls)} calls in details")
    if not count:
        raise UsageError(f"{file.path} holds no call; there is nothing to import")
    endpoint = "", options.text("call") or _UNNAMED_CALL
    workers = options.count("concurrency", "c")
    source.users = workers if workers and workers <= _MOST_WORKERS else None
    outcomes = Outcomes(fields.tally("statusCodeDistribution"), fields.tally("errorDistribution"))
    if len(calls) == count:
        _read_calls(source, fields, calls, endpoint)
    else:
        _read_figures(source, fields, count, outcomes, endpoint)
        if calls:
            source.remarks.append(
                f"it holds {len(calls)} of its {count} calls, so that its figures are shown"
            )
    if outcomes.statuses:
        errors = outcomes.errors_in_all, _not_ok(outcomes)
        source.remarks += sums_that_differ({"calls": (count, outcomes.answers), "errors": errors})
    if source.users is not None:
        source.remarks.append("its workers are taken for users")
    for name in (*_KEYS, *_LISTS, "date", "histogram"):
        fields.get(name)
    source.left_out += fields.not_asked()
    return source


def _not_ok(outcomes: Outcomes) -> int:
    return outcomes.answers - outcomes.statuses.get(_OK, 0)


def _read_calls(
    source: ImportSource, fields: JsonFields, calls: Sequence[Any], endpoint: tuple[str, str]
) -> None:
    """Give the source each call as a request."""
    record = RequestRecord(fields.path)
    first = None
    for at, call in enumerate(calls):
        where = f"details {at}"
        if not isinstance(call, Mapping):
            raise JsonFields(fields.path, "", {}).wrong(where, "is no object")
        request = _request(JsonFields(fields.path, where, call), endpoint)
        first = request.start_us if first is None else min(first, request.start_us)
        record.add(request)
    for _ in range(source.users or 0):
        record.add_user(first or 0, came=True)
    source.started = record.fill(source) / 1e6
    source.held += ["every call, when it began and how long it took"]
    source.note_presence(
        [
            ("failures by kind", True),
            ("users", source.users is not None),
            ("sizes", False),
        ]
    )


def _request(call: JsonFields, endpoint: tuple[str, str]) -> TimedRequest:
    took = call.number("latency")
    ended = parse_timestamp(call.text("timestamp"))
    if took is None or ended is None:
        raise call.wrong("latency" if took is None else "timestamp", "does not say when it was")
    elapsed = round(took / _NS_PER_US)
    try:
        start = moment_us((ended - _EPOCH) // timedelta(microseconds=1) - elapsed)
    except ValueError as error:
        raise call.wrong("timestamp", str(error)) from None
    reason, status = call.text("error"), call.text("status")
    ok = not reason and status in ("", _OK)
    return TimedRequest(start, elapsed, endpoint, ok, reason or status)


def _read_figures(
    source: ImportSource,
    fields: JsonFields,
    count: int,
    outcomes: Outcomes,
    endpoint: tuple[str, str],
) -> None:
    """Give the source what is said of all calls."""
    # Where the two differ, which is told, it is not known which of them is wrong.
    failures = max(outcomes.errors_in_all, _not_ok(outcomes))
    fine = failures < count
    figures = SourceFigures(
        requests=count,
        failures=failures,
        error_rate=failures / count,
        rps=fields.number("rps"),
        mean_ms=_ms(fields, "average"),
        min_ms=_ms(fields, "fastest") if fine else None,
        max_ms=_ms(fields, "slowest") if fine else None,
        percentiles=_percentiles(fields),
    )
    source.record.endpoints.add(*endpoint)
    Outcomes({}, outcomes.errors).add_kinds(source, endpoint)
    source.figures = SourceFigureTable(figures, [figures])
    length = fields.number("total")
    source.duration_s = None if length is None else length / 1e9
    source.started = _began(fields, source.duration_s)
    source.note_presence(figures_present(figures))
    source.note_presence(
        [
            ("failures by kind", True),
            ("users", source.users is not None),
            ("when it began, and how long it took", source.started is not None),
            ("what happened by second", False),
            ("latencies of single requests", False),
        ]
    )
    if failures:
        source.remarks.append("percentiles, minimum and maximum are of calls without an error")


def _began(fields: JsonFields, length_s: float | None) -> float | None:
    """When a run of this length began, whose `date` is that of its end; None where none is told,
    as in year 1."""
    ended = parse_timestamp(fields.text("date"))
    if ended is None or length_s is None:
        return None
    began = ended.timestamp() - length_s
    try:
        moment_us(int(began * 1e6))
    except ValueError:
        return None
    return began


def _percentiles(fields: JsonFields) -> dict[str, float]:
    """Those above p0: of a latency of 0 ghz writes neither."""
    percentiles = {}
    for at, mark in enumerate(fields.get("latencyDistribution") or []):
        inner = JsonFields(fields.path, f"latencyDistribution {at}", {})
        if not isinstance(mark, Mapping):
            raise inner.wrong("latency", "is in no object")
        inner = JsonFields(fields.path, inner.where, mark)
        percent, ms = inner.number("percentage"), _ms(inner, "latency")
        if percent is not None and percent > 100:
            raise inner.wrong("percentage", f"{percent:g} % is more than all")
        if percent and ms is not None:
            percentiles[percentile_name(percent / 100)] = ms
    return percentiles


def _ms(fields: JsonFields, name: str) -> float | None:
    ns = fields.number(name)
    return None if ns is None else ns / _NS_PER_MS


GHZ_JSON = Reader(_NAME, _is_ghz, of_one(read_ghz))
