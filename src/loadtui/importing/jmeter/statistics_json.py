"""JMeter's `statistics.json`, which lies in the folder of its HTML dashboard since 5.1.

As in JsonExporter.java and StatisticsSummaryConsumer.java of JMeter: an entry for each label, that
of transactions included, and one of all, which leaves transactions out.  Which percentiles
`pct1ResTime` to `pct3ResTime` are is set by `aggregate_rpt_pct1` to `3`, and not in the file.
Numbers that are none are strings, `"NaN"`.  Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loadtui.errors import UsageError
from loadtui.importing.files.json_file import JsonFields
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.files.text_file import clean_text, plan_of
from loadtui.importing.outcomes import check_share
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.source import NEITHER_TIME_NOR_KINDS, ImportSource, figures_present, totalled
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable

_NAME = "JMeter dashboard statistics (JSON)"
_TOTAL = "Total"
_KEYS = frozenset({"transaction", "sampleCount", "errorCount", "meanResTime"})
_PERCENTILES = {"medianResTime": "p50", "pct1ResTime": "p90", "pct2ResTime": "p95",
                "pct3ResTime": "p99"}  # fmt: skip
_NO_NUMBERS = frozenset({"NaN", "Infinity", "-Infinity"})


def _is_statistics(file: ResultFile) -> bool:
    document = file.document
    return (
        isinstance(document, Mapping)
        and bool(document)
        and all(isinstance(entry, Mapping) and set(entry) >= _KEYS for entry in document.values())
    )


def read_statistics(file: ResultFile) -> ImportSource:
    """The run that the entries tell of.  Raises UsageError for numbers that cannot be, and when
    there is no request."""
    source = ImportSource("jmeter", _NAME, [file.path], plan_of(file.path))
    total: SourceFigures | None = None
    endpoints: list[SourceFigures] = []
    left_out: dict[str, None] = {}
    for name, entry in file.document.items():
        fields = JsonFields(file.path, clean_text(name), _numbers(entry))
        if fields.text("transaction") != clean_text(name):
            raise fields.wrong("transaction", "is not the name of its entry")
        figures = _figures(fields)
        if name == _TOTAL:
            total = figures
        else:
            source.record.endpoints.add("", clean_text(name))
            endpoints.append(figures)
        left_out.update(dict.fromkeys(fields.not_asked()))
    if total is not None and not endpoints:
        source.record.endpoints.add("", _TOTAL)
        endpoints = [total]
    everything = total or totalled(endpoints)
    if not everything.requests:
        raise UsageError(f"{file.path} holds no request; there is nothing to import")
    source.left_out = list(left_out)
    source.figures = SourceFigureTable(everything, endpoints)
    _tell(source, has_total=total is not None)
    return source


def _numbers(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry without what JMeter could not divide."""
    return {
        key: value
        for key, value in entry.items()
        if not (isinstance(value, str) and value in _NO_NUMBERS)
    }


def _figures(fields: JsonFields) -> SourceFigures:
    requests, failures = fields.count("sampleCount"), fields.count("errorCount")
    percent = fields.number("errorPct")
    if requests is None or failures is None:
        raise fields.wrong("sampleCount", "does not say how many there were, and how many failed")
    if failures > requests:
        raise fields.wrong("errorCount", f"{failures} of {requests}, which cannot be")
    share = None if percent is None else percent / 100
    check_share(fields, "errorPct", share, failures, requests)
    if not requests:
        # Of nothing the least and the most are the largest and the smallest number there are.
        return SourceFigures(requests=0, failures=0)
    latencies = {name: fields.number(key) for key, name in _PERCENTILES.items()}
    return SourceFigures(
        requests=requests,
        failures=failures,
        error_rate=failures / requests,
        rps=fields.number("throughput"),
        mean_ms=fields.number("meanResTime"),
        min_ms=fields.number("minResTime"),
        max_ms=fields.number("maxResTime"),
        percentiles={name: ms for name, ms in latencies.items() if ms is not None},
    )


def _tell(source: ImportSource, *, has_total: bool) -> None:
    assert source.figures is not None
    total, endpoints = source.figures.total, source.figures.endpoints
    source.note_presence(figures_present(total))
    source.note_presence(NEITHER_TIME_NOR_KINDS)
    source.remarks.append(
        "its three percentiles were taken for p90, p95 and p99, JMeter's default; the file does "
        "not say which they are (aggregate_rpt_pct1 to aggregate_rpt_pct3)"
    )
    if not has_total:
        source.remarks.append(
            f"it has no entry {_TOTAL!r}: of all requests there is only what counts add up to"
        )
        return
    parts, said = sum(one.requests or 0 for one in endpoints), total.requests or 0
    if parts > said:
        source.remarks.append(
            f"{_TOTAL!r} has {said} requests, and its labels {parts}: those of transactions sum up "
            f"others, and JMeter leaves them out of {_TOTAL!r}"
        )
    elif parts < said:
        source.remarks.append(f"{_TOTAL!r} has {said} requests, and its labels only {parts}")


STATISTICS_JSON = Reader(_NAME, _is_statistics, of_one(read_statistics))
