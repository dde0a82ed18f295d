"""oha's JSON, of `--output-format json` or `-j`: figures of all requests, times in seconds.

As in src/printer.rs and src/result_data.rs of oha: `successRate` is the share that was answered,
with whatever status, latencies are of what was answered, and a request that was still under way
when the time was over is an error of its own kind, which the rate leaves out.  Import this module
where it is used: it loads polars.
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
    check_share,
    read_statuses,
)
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.source import ImportSource, figures_present
from loadtui.percentile_names import percentile_name
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable

_NAME = "oha (JSON)"
_UNDER_WAY = "aborted due to deadline"
_PERCENTILE = re.compile(r"p(\d+(?:\.\d+)?)")


def _is_oha(file: ResultFile) -> bool:
    document = file.document
    if not isinstance(document, Mapping):
        return False
    summary = document.get("summary")
    return (
        isinstance(summary, Mapping)
        and {"successRate", "requestsPerSec"} <= set(summary)
        and isinstance(document.get("statusCodeDistribution"), Mapping)
    )


def read_oha(file: ResultFile) -> ImportSource:
    """The run that a file tells of.  Raises UsageError for numbers that cannot be, and when no
    request ended."""
    fields = JsonFields(file.path, "", file.document)
    summary = fields.inner("summary")
    source = ImportSource("oha", _NAME, [file.path], plan_of(file.path))
    outcomes = Outcomes(read_statuses(fields, "statusCodeDistribution"),
                        fields.tally("errorDistribution"))  # fmt: skip
    under_way = outcomes.errors.pop(_UNDER_WAY, 0)
    requests = outcomes.answers + outcomes.errors_in_all
    if not requests:
        raise UsageError(f"{file.path} holds no request that ended; there is nothing to import")
    check_share(summary, "successRate", summary.number("successRate"), outcomes.answers, requests)
    figures = SourceFigures(
        requests=requests,
        failures=outcomes.failures(requests),
        error_rate=outcomes.failures(requests) / requests,
        rps=summary.number("requestsPerSec"),
        bytes=summary.count("totalData"),
        mean_ms=_ms(summary, "average"),
        min_ms=_ms(summary, "fastest"),
        max_ms=_ms(summary, "slowest"),
        percentiles=_percentiles(fields.inner("latencyPercentiles")),
    )
    source.record.endpoints.add("", ONE_ENDPOINT)
    outcomes.add_kinds(source, ("", ONE_ENDPOINT))
    source.figures = SourceFigureTable(figures, [figures])
    source.duration_s = summary.number("total")
    _tell(source)
    source.left_out = [*fields.not_asked(), *(f"summary: {name}" for name in summary.not_asked())]
    if under_way:
        source.remarks.append(
            f"{under_way} requests were still under way at its end: they do not count here, but "
            "they do in its requests per second"
        )
    if outcomes.errors:
        source.remarks.append("latencies are of the requests that were answered")
    return source


def _percentiles(fields: JsonFields) -> dict[str, float]:
    return {
        percentile_name(float(match[1]) / 100): ms
        for name in fields.values
        if (match := _PERCENTILE.fullmatch(name)) and (ms := _ms(fields, name)) is not None
    }


def _ms(fields: JsonFields, name: str) -> float | None:
    seconds = fields.number(name)
    return None if seconds is None else seconds * 1000


def _tell(source: ImportSource) -> None:
    assert source.figures is not None
    source.note_presence(figures_present(source.figures.total))
    source.note_presence(
        [
            ("failures by kind", True),
            ("how long it took", source.duration_s is not None),
            ("requests by endpoint", False),
            ("users", False),
            ("when it began", False),
            ("what happened by second", False),
            ("latencies of single requests", False),
        ]
    )
    source.remarks.append(FAILED_STATUSES)


OHA_JSON = Reader(_NAME, _is_oha, of_one(read_oha))
