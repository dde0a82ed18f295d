"""Locust's JSON, of `--json` and `--json-file`: each endpoint's counts and its latencies, rounded.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from loadtui.errors import UsageError
from loadtui.importing.files.json_file import JsonFields
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.locust.locust_columns import LOCUST_RESOLUTION
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.seconds import SecondCounts, check_span
from loadtui.importing.source import ImportSource, figures_present
from loadtui.percentile_names import percentile_name
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable

_NAME = "Locust JSON"
_KEYS = frozenset({"name", "num_requests", "response_times"})
"""Keys that every entry has."""
_PERCENTILES = (0.50, 0.66, 0.75, 0.80, 0.90, 0.95, 0.98, 0.99, 0.999, 0.9999)
"""Those that Locust itself reports."""


class _Sums:
    """What can be added up over endpoints."""

    def __init__(self) -> None:
        self.requests = 0
        self.failures = 0
        self.timed = 0
        self.total_ms = 0.0
        self.bytes = 0
        self.min_ms: list[float] = []
        self.max_ms: list[float] = []
        self.latencies: Counter[float] = Counter()
        self.starts: list[float] = []
        self.ends: list[float] = []

    def add(self, other: _Sums) -> None:
        self.requests += other.requests
        self.failures += other.failures
        self.timed += other.timed
        self.total_ms += other.total_ms
        self.bytes += other.bytes
        self.min_ms += other.min_ms
        self.max_ms += other.max_ms
        self.latencies.update(other.latencies)
        self.starts += other.starts
        self.ends += other.ends

    def figures(self, seconds: float | None) -> SourceFigures:
        return SourceFigures(
            requests=self.requests,
            failures=self.failures,
            error_rate=self.failures / self.requests if self.requests else None,
            rps=self.requests / seconds if seconds else None,
            bytes=self.bytes,
            mean_ms=self.total_ms / self.timed if self.timed else None,
            min_ms=min(self.min_ms, default=None),
            max_ms=max(self.max_ms, default=None) if self.timed else None,
            percentiles=_percentiles(self.latencies, self.timed),
        )


def _is_locust_json(file: ResultFile) -> bool:
    entries = file.document
    return (
        isinstance(entries, list)
        and all(isinstance(entry, Mapping) for entry in entries)
        and any(set(entry) >= _KEYS for entry in entries)
    )


def read_locust_json(file: ResultFile) -> ImportSource:
    """The run that the entries of a file tell of.  Raises UsageError for what is no such entry, for
    numbers that cannot be, and when there is no request."""
    path, entries = file.path, file.document
    source = ImportSource("locust", _NAME, [path], path.stem, resolution=LOCUST_RESOLUTION)
    seconds = SecondCounts(path)
    sums_by_endpoint: list[_Sums] = []
    everything = _Sums()
    for at, entry in enumerate(entries):
        fields = JsonFields(path, f"entry {at}", entry if isinstance(entry, Mapping) else {})
        sums = _sums(fields)
        endpoint = fields.text("method"), fields.text("name")
        if source.record.endpoints.add(*endpoint) < len(sums_by_endpoint):
            raise fields.wrong("name", f"{endpoint[1]!r} is there twice")
        sums_by_endpoint.append(sums)
        everything.add(sums)
        _by_second(seconds, fields, endpoint)
    if not everything.requests:
        raise UsageError(f"{path} holds no request; there is nothing to import")
    if everything.starts and everything.ends:
        source.started = min(everything.starts)
        source.duration_s = max(max(everything.ends) - source.started, 0.0)
        check_span(path, source.started, max(everything.ends))
    seconds.fill(source)
    length = source.duration_s
    source.figures = SourceFigureTable(
        everything.figures(length), [sums.figures(length) for sums in sums_by_endpoint]
    )
    source.note_presence(figures_present(source.figures.total))
    source.note_presence(
        [
            ("requests and failures by second", bool(source.record.seconds)),
            ("when it began, and how long it took", source.started is not None),
            ("users", False),
            ("failures by kind", False),
            ("exceptions", False),
            ("latencies of single requests", False),
        ]
    )
    source.remarks.append(
        "latencies are rounded to two digits by Locust, 105 ms to 100 ms; percentiles are read "
        "from its counts of them"
    )
    return source


def _sums(fields: JsonFields) -> _Sums:
    if not set(fields.values) >= _KEYS:
        raise fields.wrong("num_requests", "is missing, as in no file of Locust")
    sums = _Sums()
    sums.requests = fields.count("num_requests") or 0
    sums.failures = fields.count("num_failures") or 0
    if sums.failures > sums.requests:
        raise fields.wrong("num_failures", f"{sums.failures} of {sums.requests}, which cannot be")
    sums.timed = max(sums.requests - (fields.count("num_none_requests") or 0), 0)
    sums.total_ms = fields.number("total_response_time") or 0.0
    sums.bytes = fields.count("total_content_length") or 0
    sums.latencies.update(fields.counts("response_times"))
    latencies = sums.latencies.total()
    if sums.requests and latencies not in (0, sums.timed):
        raise fields.wrong(
            "response_times", f"{latencies} latencies of {sums.timed} requests, which cannot be"
        )
    sums.min_ms = _known(fields.number("min_response_time"))
    sums.max_ms = _known(fields.number("max_response_time")) if sums.timed else []
    sums.starts = _known(fields.number("start_time"))
    sums.ends = _known(fields.number("last_request_timestamp"))
    return sums


def _by_second(seconds: SecondCounts, fields: JsonFields, endpoint: tuple[str, str]) -> None:
    failures = fields.counts("num_fail_per_sec")
    for second, requests in fields.counts("num_reqs_per_sec").items():
        counts = requests, min(failures.get(second, 0), requests)
        seconds.add(int(second), endpoint, *counts)
        seconds.add_all(int(second), *counts)


def _known(value: float | None) -> list[float]:
    return [] if value is None else [value]


def _percentiles(latencies: Mapping[float, int], requests: int) -> dict[str, float]:
    """Each by Locust's own rule, of which its CSV and its tables are made (locust/stats.py,
    `calculate_response_time_percentile`): the largest latency that leaves no more than
    int(requests * share) requests below it.  `requests` had a latency."""
    percentiles = {}
    below = requests
    names = {percentile_name(share): int(requests * share) for share in _PERCENTILES}
    for ms in sorted(latencies, reverse=True):
        below -= latencies[ms]
        for name in [name for name, most in names.items() if below <= most]:
            percentiles[name] = ms
            del names[name]
    return percentiles


LOCUST_JSON = Reader(_NAME, _is_locust_json, of_one(read_locust_json))
