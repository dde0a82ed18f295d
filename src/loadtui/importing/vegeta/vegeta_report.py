"""vegeta's report: `vegeta report -type json`, with or without `-buckets`.

`latencies` are nanoseconds by name, `success` is the share of codes from 200 to 399, `duration` is
the time of sending and `wait` what the last answer took longer, as in lib/metrics.go of vegeta.
Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Mapping

from loadtui.errors import UsageError
from loadtui.importing.files.json_file import JsonFields
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.files.text_file import clean_text, plan_of
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.request_record import UNNAMED
from loadtui.importing.source import ImportSource, figures_present
from loadtui.plurals import counted
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable
from loadtui.store.timestamps import parse_timestamp

_NAME = "vegeta report (JSON)"
_NS_PER_MS = 1e6
_NS_PER_S = 1e9
_PERCENTILES = {"p50": "50th", "p90": "90th", "p95": "95th", "p99": "99th"}
_GOOD = ("2", "3")
"""How the codes of a success begin."""
_SLACK = 1e-9
_ERRORS_TOLD = 5


def _is_vegeta_report(file: ResultFile) -> bool:
    document = file.document
    return (
        isinstance(document, Mapping)
        and {"latencies", "bytes_in", "bytes_out", "requests", "success"} <= document.keys()
        and isinstance(document["latencies"], Mapping)
    )


def read_vegeta_report(file: ResultFile) -> ImportSource:
    """The run that a report tells of.  Raises UsageError for numbers that cannot be, or contradict
    each other, and when there was no request."""
    path = file.path
    top = JsonFields(path, "", file.document)
    latencies, bytes_in = (_inner(top, name) for name in ("latencies", "bytes_in"))
    requests = top.count("requests")
    if not requests:
        raise UsageError(f"{path} holds no request; there is nothing to import")
    failures = _failures(top, requests)
    figures = SourceFigures(
        requests=requests,
        failures=failures,
        error_rate=failures / requests,
        rps=top.number("rate"),
        bytes=bytes_in.count("total"),
        mean_ms=_ms(latencies, "mean"),
        min_ms=_ms(latencies, "min"),
        max_ms=_ms(latencies, "max"),
        percentiles={
            name: ms
            for name, key in _PERCENTILES.items()
            if (ms := _ms(latencies, key)) is not None
        },
    )
    source = ImportSource("vegeta", _NAME, [path], plan_of(path))
    source.record.endpoints.add(*UNNAMED)
    source.figures = SourceFigureTable(figures, [figures])
    began = parse_timestamp(top.text("earliest"))
    source.started = None if began is None else began.timestamp()
    sending, wait = top.number("duration"), top.number("wait")
    source.duration_s = None if sending is None else (sending + (wait or 0.0)) / _NS_PER_S
    _tell(source, top)
    return source


def _inner(top: JsonFields, name: str) -> JsonFields:
    value = top.values.get(name)
    if not isinstance(value, Mapping):
        raise top.wrong(name, "is no object of numbers")
    return JsonFields(top.path, name, value)


def _ms(latencies: JsonFields, key: str) -> float | None:
    ns = latencies.number(key)
    return None if ns is None else ns / _NS_PER_MS


def _failures(top: JsonFields, requests: int) -> int:
    """By the codes, with which the share of successes has to agree."""
    share = top.number("success")
    if share is None or share > 1:
        raise top.wrong("success", "is no share between 0 and 1")
    good = round(share * requests)
    if top.values.get("status_codes") is not None:
        codes = _inner(top, "status_codes")
        counts = {code: codes.count(code) or 0 for code in codes.values}
        if sum(counts.values()) != requests:
            raise top.wrong("requests", f"is {requests}, of codes it has {sum(counts.values())}")
        good = sum(count for code, count in counts.items() if _is_good(code))
    if abs(good / requests - share) > _SLACK:
        raise top.wrong("success", f"is {share:g}, and {good} of {requests} requests succeeded")
    return requests - good


def _is_good(code: str) -> bool:
    return len(code) == 3 and code.startswith(_GOOD)


def _tell(source: ImportSource, top: JsonFields) -> None:
    assert source.figures is not None
    source.note_presence(figures_present(source.figures.total))
    source.note_presence(
        [
            ("when it began", source.started is not None),
            ("how long it took", source.duration_s is not None),
            ("requests by endpoint", False),
            ("users", False),
            ("what happened by second", False),
            ("failures by kind", False),
            ("latencies of single requests", False),
        ]
    )
    if "buckets" in top.values:
        source.left_out.append("its buckets, which are too wide to judge latencies by")
    errors = top.values.get("errors")
    texts = [one for one in errors if isinstance(one, str)] if isinstance(errors, list) else []
    if texts:
        told = "; ".join(clean_text(one)[:200] for one in texts[:_ERRORS_TOLD])
        source.remarks.append(f"{counted(len(texts), 'kind')} of errors, without counts: {told}")
    source.remarks.append("vegeta estimates its percentiles (t-digest)")


VEGETA_REPORT = Reader(_NAME, _is_vegeta_report, of_one(read_vegeta_report))
