"""Artillery's JSON, of `run --output`, of version 1 and of version 2 and later.

As in lib/stats2.js of version 1 and in lib/ssms.js of version 2: times are
milliseconds, `http.requests` or `rps.count` is what was sent, and `errors` have no answer or are
of one that a capture or an expectation did not fit.  The plugin metrics-by-endpoint has
`plugins.metrics-by-endpoint.response_time.NAME`, and `.NAME.codes.200` and `.NAME.errors.WHY`
among the counters.  Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from loadtui.errors import UsageError
from loadtui.importing.files.json_file import JsonFields
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.files.text_file import clean_text, plan_of
from loadtui.importing.outcomes import (
    FAILED_STATUSES,
    ONE_ENDPOINT,
    Outcomes,
    check_status,
    read_statuses,
    sums_that_differ,
)
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.source import ImportSource, figures_present
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable

_NAME = "Artillery (JSON)"
_BY_ENDPOINT = "plugins.metrics-by-endpoint."
_TIMES_OF = f"{_BY_ENDPOINT}response_time."
_CODES, _ERRORS = "codes.", "errors."
_OF_ENDPOINT = re.compile(
    rf"{re.escape(_BY_ENDPOINT)}(?P<name>.+)\.(?:codes\.(?P<status>[1-9]\d\d)|errors\.(?P<error>.+))",
    re.DOTALL,
)
_PERCENTILES = {"median": "p50", "p50": "p50", "p75": "p75", "p90": "p90", "p95": "p95",
                "p99": "p99", "p999": "p99.9"}  # fmt: skip
_SKETCHED = 0.01
"""How far off a percentile of version 2 may be."""


class _Read(NamedTuple):
    """What the aggregate of a version says of all requests."""

    requests: int
    answers: int | None
    outcomes: Outcomes
    latency: JsonFields
    rps: float | None
    made: int | None
    """Virtual users that came."""
    done: int | None
    """Of those how many came to the end of their scenario."""
    bytes: int | None = None
    span_ms: tuple[float, float] | None = None
    """Times of the first and of the last of its counts, since 1970."""


def _is_artillery(file: ResultFile) -> bool:
    document = file.document
    aggregate = document.get("aggregate") if isinstance(document, Mapping) else None
    return (
        isinstance(aggregate, Mapping)
        and isinstance(aggregate.get("counters"), Mapping)
        and ({"scenariosCreated", "requestsCompleted"} <= set(aggregate) or "rates" in aggregate)
    )


def read_artillery(file: ResultFile) -> ImportSource:
    """The run that a file tells of.  Raises UsageError for numbers that cannot be, and when no HTTP
    request was made."""
    top = JsonFields(file.path, "", file.document)
    aggregate = top.inner("aggregate")
    source = ImportSource("artillery", _NAME, [file.path], plan_of(file.path))
    first = "scenariosCreated" in aggregate.values
    source.resolution = None if first else _SKETCHED
    read = _first_version(aggregate) if first else _second_version(aggregate)
    if not read.requests:
        raise UsageError(f"{file.path} holds no HTTP request; there is nothing to import")
    total = _figures(read.latency, read.outcomes, read.requests, read.rps, read.bytes)
    endpoints = {} if first else _endpoints(aggregate)
    if not endpoints:
        endpoints = {ONE_ENDPOINT: (total, read.outcomes)}
    for name, (_, outcomes) in endpoints.items():
        source.record.endpoints.add("", name)
        outcomes.add_kinds(source, ("", name))
    _without_endpoint(read.outcomes, [one for _, one in endpoints.values()]).add_kinds(
        source, ("", ONE_ENDPOINT)
    )
    source.figures = SourceFigureTable(total, [figures for figures, _ in endpoints.values()])
    if read.span_ms is not None:
        source.started = read.span_ms[0] / 1000
        source.duration_s = max(read.span_ms[1] - read.span_ms[0], 0.0) / 1000
    source.left_out = ["what happened every ten seconds", *_left_out(top, aggregate)]
    _tell(source, read, by_endpoint=ONE_ENDPOINT not in endpoints)
    return source


def _first_version(aggregate: JsonFields) -> _Read:
    rates = aggregate.inner("rps")
    answers = aggregate.count("requestsCompleted") or 0
    outcomes = Outcomes(read_statuses(aggregate, "codes"), aggregate.tally("errors"))
    sent = rates.count("count")
    return _Read(
        answers + outcomes.errors_in_all if sent is None else sent,
        answers,
        outcomes,
        aggregate.inner("latency"),
        rates.number("mean"),
        aggregate.count("scenariosCreated"),
        aggregate.count("scenariosCompleted"),
    )


def _second_version(aggregate: JsonFields) -> _Read:
    counters = aggregate.inner("counters")
    first, last = aggregate.number("firstMetricAt", "firstCounterAt"), aggregate.number(
        "lastMetricAt", "lastCounterAt"
    )  # fmt: skip
    return _Read(
        counters.count("http.requests") or 0,
        counters.count("http.responses"),
        _outcomes(counters),
        _summaries(aggregate).inner("http.response_time"),
        aggregate.inner("rates").number("http.request_rate"),
        counters.count("vusers.created"),
        counters.count("vusers.completed") or 0,
        counters.count("http.downloaded_bytes"),
        None if first is None or last is None else (first, last),
    )


def _summaries(aggregate: JsonFields) -> JsonFields:
    """Where latencies are: under both names in later versions."""
    aggregate.get("histograms")
    return aggregate.inner("summaries" if aggregate.get("summaries") else "histograms")


def _outcomes(counters: JsonFields) -> Outcomes:
    """Of all requests."""
    outcomes = Outcomes()
    for name in counters.values:
        for before, kinds in (
            (f"http.{_CODES}", outcomes.statuses),
            (_ERRORS, outcomes.errors),
        ):
            if name.startswith(before) and (count := counters.count(name)):
                kinds[clean_text(name.removeprefix(before))] = count
    for status in outcomes.statuses:
        check_status(counters, f"http.{_CODES}{status}", status)
    return outcomes


def _endpoints(aggregate: JsonFields) -> dict[str, tuple[SourceFigures, Outcomes]]:
    """Those of the plugin by name, with what is known of each."""
    counters, summaries = aggregate.inner("counters"), _summaries(aggregate)
    outcomes_by_name: dict[str, Outcomes] = {
        name.removeprefix(_TIMES_OF): Outcomes()
        for name in summaries.values
        if name.startswith(_TIMES_OF)
    }
    for counter in counters.values:
        match = _OF_ENDPOINT.fullmatch(counter)
        if match and (count := counters.count(counter)):
            outcomes = outcomes_by_name.setdefault(match["name"], Outcomes())
            if match["status"]:
                outcomes.statuses[match["status"]] = count
            else:
                outcomes.errors[clean_text(match["error"])] = count
    found_by_name = {}
    for name, outcomes in sorted(outcomes_by_name.items()):
        requests = outcomes.answers + outcomes.errors_in_all
        latency = summaries.inner(_TIMES_OF + name)
        figures = _figures(latency, outcomes, requests, None, None)
        found_by_name[clean_text(name)] = figures, outcomes
    return found_by_name


def _without_endpoint(total: Outcomes, endpoints: Sequence[Outcomes]) -> Outcomes:
    """What no endpoint has, as a capture that did not fit."""
    statuses, errors = Counter(total.statuses), Counter(total.errors)
    for endpoint in endpoints:
        statuses.subtract(endpoint.statuses)
        errors.subtract(endpoint.errors)
    # A positive count is what is left.
    return Outcomes(dict(+statuses), dict(+errors))


def _figures(
    latency: JsonFields, outcomes: Outcomes, requests: int, rps: float | None, size: int | None
) -> SourceFigures:
    percentiles = {}
    for name, percentile in _PERCENTILES.items():
        if (ms := latency.number(name)) is not None:
            percentiles[percentile] = ms
    failures = outcomes.failures(requests)
    return SourceFigures(
        requests=requests,
        failures=failures,
        error_rate=failures / requests if requests else None,
        rps=rps,
        bytes=size,
        mean_ms=latency.number("mean"),
        min_ms=latency.number("min"),
        max_ms=latency.number("max"),
        percentiles=percentiles,
    )


def _left_out(top: JsonFields, aggregate: JsonFields) -> list[str]:
    """Names of what was not read; counters and summaries but those of HTTP as well."""
    known = ("http.", "vusers.", _ERRORS, _BY_ENDPOINT)
    inner = [
        clean_text(name)
        for part in ("counters", "rates", "summaries")
        for name in aggregate.inner(part).values
        if not name.startswith(known)
    ]
    own = {"firstHistogramAt", "lastHistogramAt", "firstCounterAt", "lastCounterAt", "period",
           "timestamp", "phases", "matches", "scenarioCounts", "scenariosAvoided"}  # fmt: skip
    top.get("intermediate")
    return [*top.not_asked(), *(n for n in aggregate.not_asked() if n not in own), *inner]


def _tell(source: ImportSource, read: _Read, *, by_endpoint: bool) -> None:
    assert source.figures is not None
    source.note_presence(figures_present(source.figures.total))
    source.note_presence(
        [
            ("requests by endpoint", by_endpoint),
            ("failures by kind", True),
            ("when it began, and how long it took", source.started is not None),
            ("users", False),
            ("what happened by second", False),
            ("latencies of single requests", False),
        ]
    )
    source.remarks += sums_that_differ({"answers": (read.answers, read.outcomes.answers)})
    if by_endpoint:
        parts = sum(one.requests or 0 for one in source.figures.endpoints)
        source.remarks += sums_that_differ({"requests": (read.requests, parts)})
    if read.made is not None and read.done is not None and read.done < read.made:
        source.remarks.append(
            f"{read.made - read.done} of its {read.made} virtual users did not come to the end of "
            "their scenario, as when a capture fails"
        )
    source.remarks += read.outcomes.told_twice(read.requests)
    source.remarks.append(FAILED_STATUSES)
    if source.resolution:
        source.remarks.append("its percentiles are read from bins, and up to 1 % off")


ARTILLERY_JSON = Reader(_NAME, _is_artillery, of_one(read_artillery))
