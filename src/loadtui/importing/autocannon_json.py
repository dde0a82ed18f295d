"""autocannon's JSON, of `--json`: figures of all requests.

As in lib/run.js and lib/aggregateResult.js of autocannon: `requests.total` counts answers, and
its other figures are of how many there were in each second; `errors` has no answer, those that
timed out among them; `mismatches` are answers with another body than was asked for; `sent` counts
more than was sent when there is a rate, and then a long latency counts several times
(`recordValueWithExpectedInterval`).  A connection that the server closes is in none of the
counts.  Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from loadtui.errors import UsageError
from loadtui.importing.files.json_file import JsonFields
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.files.text_file import plan_of
from loadtui.importing.outcomes import (
    FAILED_STATUSES,
    ONE_ENDPOINT,
    Outcomes,
    check_status,
    sums_that_differ,
)
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.source import ImportSource, figures_present
from loadtui.percentile_names import percentile_name
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable
from loadtui.store.timestamps import parse_timestamp

_NAME = "autocannon (JSON)"
_PARTS = ("latency", "requests", "throughput")
_COUNTS = ("errors", "timeouts", "non2xx")
_PERCENTILE = re.compile(r"p(\d+(?:_\d+)?)")
_CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
_WHOLE_MS = 1.0


def _is_autocannon(file: ResultFile) -> bool:
    document = file.document
    return (
        isinstance(document, Mapping)
        and all(isinstance(document.get(name), Mapping) for name in _PARTS)
        and all(name in document for name in _COUNTS)
    )


def read_autocannon(file: ResultFile) -> ImportSource:
    """The run that a file tells of.  Raises UsageError for numbers that cannot be, and when no
    request ended."""
    fields = JsonFields(file.path, "", file.document)
    latency, rates, sizes = (fields.inner(name) for name in _PARTS)
    source = ImportSource("autocannon", _NAME, [file.path], plan_of(file.path))
    source.resolution_ms = _WHOLE_MS
    outcomes = _outcomes(fields)
    answers, errors = rates.count("total") or 0, fields.count("errors") or 0
    if not (answers or errors):
        raise UsageError(
            f"{file.path} holds no request that was answered or failed; there is nothing to import"
        )
    requests, timed = answers + errors, answers > 0
    lost = _lost(source, fields, rates, requests)
    failures = None if lost else outcomes.failures(requests)
    figures = SourceFigures(
        requests=requests,
        failures=failures,
        error_rate=None if failures is None else failures / requests,
        rps=rates.number("average"),
        bytes=sizes.count("total"),
        mean_ms=latency.number("average") if timed else None,
        min_ms=latency.number("min") if timed else None,
        max_ms=latency.number("max") if timed else None,
        percentiles=_percentiles(latency) if timed else {},
    )
    endpoint = "", fields.text("title") or fields.text("url") or ONE_ENDPOINT
    source.record.endpoints.add(*endpoint)
    outcomes.add_kinds(source, endpoint)
    source.figures = SourceFigureTable(figures, [figures])
    source.duration_s = fields.number("duration")
    source.users = fields.count("connections")
    began = parse_timestamp(fields.text("start"))
    source.started = None if began is None else began.timestamp()
    other = sum(count for status, count in outcomes.statuses.items() if status[0] != "2")
    source.remarks += sums_that_differ(
        {"answers": (answers, outcomes.answers), "answers but 2xx": (fields.count("non2xx"), other)}
    )
    source.remarks += outcomes.told_twice(requests)
    latencies = latency.count("totalCount") or 0
    if latencies > answers:
        source.remarks.append(
            f"its {latencies} latencies are of {answers} answers: with a rate it counts a long one "
            "several times, for the requests that would have been sent meanwhile"
        )
    _tell(source)
    fields.get("finish")
    source.left_out += fields.not_asked()
    return source


def _outcomes(fields: JsonFields) -> Outcomes:
    """By status, in older versions by its class."""
    classes = {name: fields.count(name) or 0 for name in _CLASSES}
    stats = fields.inner("statusCodeStats")
    statuses = {}
    for status in stats.values:
        check_status(fields, "statusCodeStats", status)
        statuses[status] = stats.inner(status).count("count") or 0
    if not statuses:
        statuses = {name: count for name, count in classes.items() if count}
    errors, timeouts = fields.count("errors") or 0, fields.count("timeouts") or 0
    if timeouts > errors:
        raise fields.wrong("timeouts", f"{timeouts} of {errors} errors, which cannot be")
    kinds = {
        "timed out": timeouts,
        "no connection, or an answer cut off": errors - timeouts,
        "another body than was asked for": fields.count("mismatches") or 0,
    }
    return Outcomes(statuses, {kind: count for kind, count in kinds.items() if count})


def _lost(source: ImportSource, fields: JsonFields, rates: JsonFields, ended: int) -> int:
    """How many requests were sent and nothing became of them: more than may have been under way
    at the end, and than a rate makes too many."""
    sent = rates.count("sent")
    if sent is None:
        return 0
    under_way = (fields.count("connections") or 1) * (fields.count("pipelining") or 1)
    lost = sent - ended - under_way - (rates.count("max") or 0)
    if lost <= 0:
        return 0
    source.remarks.append(
        f"of {sent} requests that were sent {sent - ended} were neither answered nor counted as "
        "errors, as when the server closes connections: it does not say how many failed"
    )
    return lost


def _percentiles(latency: JsonFields) -> dict[str, float]:
    return {
        percentile_name(float(match[1].replace("_", ".")) / 100): ms
        for name in latency.values
        if (match := _PERCENTILE.fullmatch(name)) and (ms := latency.number(name)) is not None
    }


def _tell(source: ImportSource) -> None:
    assert source.figures is not None
    source.note_presence(figures_present(source.figures.total))
    source.note_presence(
        [
            ("failures by kind", True),
            ("users", source.users is not None),
            ("when it began", source.started is not None),
            ("how long it took", source.duration_s is not None),
            ("what happened by second", False),
            ("latencies of single requests", False),
        ]
    )
    source.remarks += [
        FAILED_STATUSES,
        "its latencies are whole milliseconds, and of the requests that were answered",
        "its connections are taken for users",
    ]


AUTOCANNON_JSON = Reader(_NAME, _is_autocannon, of_one(read_autocannon))
