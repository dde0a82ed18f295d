"""Results of other programs without samples, each as two runs whose figures all differ."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from itertools import product
from math import log
from typing import Any, NamedTuple

from loadtui.importing.locust.locust_columns import LOCUST_RESOLUTION
from tests.support.told_numbers import KnownNumbers, json_numbers


class ImportedSource(NamedTuple):
    """The same file twice, with figures of two runs."""

    name: str
    """Of the file."""
    base: str
    run: str
    users: bool = False
    length: bool = False
    started: str = ""
    """When both began, as the source writes it."""
    seconds: bool = False
    """Whether it says what happened by second."""
    follows: tuple[float, ...] = ()
    """What else is known of such a file, or follows from it."""

    def known(self) -> KnownNumbers:
        """What may be told of the two runs: the numbers of the files, and what follows from them;
        a difference of nothing is not among it, since 0 is what is invented first."""
        base, run = _numbers(self.base), _numbers(self.run)
        sums = {one for numbers in (base, run) for one in _sums(numbers)}
        figures = {*base, *run, *sums, *self.follows}
        shares = {*_shares(base), *_shares(run), *_changes(base, run), *_changes(run, base)} - {0}
        return KnownNumbers(_sizes(figures), _sizes(figures | shares))


def _sizes(numbers: set[float]) -> list[float]:
    return sorted({abs(number) for number in numbers})


def _numbers(text: str) -> list[float]:
    if text.startswith(("{", "[")):
        document = json.loads(text)
        keys = [float(key) for key in _keys(document) if re.fullmatch(r"\d+", key)]
        return [number for _, number in json_numbers(document)] + keys
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    return [float(cell) for cell in cells if re.fullmatch(r"\d+(\.\d+)?", cell)]


def _keys(document: Any) -> Iterator[str]:
    for value in document.values() if isinstance(document, Mapping) else document:
        if isinstance(value, (Mapping, list)):
            yield from _keys(value)
    if isinstance(document, Mapping):
        yield from document


def _sums(numbers: list[float]) -> Iterator[float]:
    """Of two counts."""
    for one, other in product(numbers, numbers):
        if one == int(one) and other == int(other):
            yield one + other


def _shares(numbers: list[float]) -> Iterator[float]:
    """Of failures in requests and such, also as the number under a head that says percent."""
    for one, other in product(numbers, numbers):
        if 0 <= one <= other != 0:
            yield from (one / other, 100 * one / other)
    for one in numbers:
        yield from (one / 100, one / 1000)


def _changes(base: list[float], run: list[float]) -> Iterator[float]:
    """From a number of the base to the one in the same place of the run, and the same of shares."""
    pairs = [*zip(base, run, strict=True)]
    for (part, later_part), (whole, later_whole) in product(pairs, pairs):
        if 0 < part <= whole and 0 < later_part <= later_whole:
            yield later_part / later_whole - part / whole
    for before, after in pairs:
        yield after - before
        if before > 0 and after > 0:
            yield from (after / before - 1, log(after / before), (after - before) / 100)


def _services(scale: int, *, counts: bool = False, **facts: Any) -> str:
    figures = {"avg_latency_ms": 120 + scale, "p95_latency_ms": 310 + scale * 7, "rps": 83 + scale}
    if counts:
        figures |= {"total_requests": 5000 + scale * 11, "failed_requests": 21 + scale}
    return json.dumps({**facts, "gateway": figures})


def _partial(scale: int) -> str:
    gateway = {"p95_latency_ms": 310 + scale, "total_requests": 4100 + scale, "failed_requests": 23}
    search = {"p99_latency_ms": 1200 + scale * 13}
    return json.dumps({"services": {"gateway": gateway, "search": search}})


def _times(scale: int) -> dict[str, float]:
    return {"avg": 15.5 + scale, "min": 3.25, "med": 13.5 + scale, "max": 57 + scale,
            "p(90)": 27 + scale, "p(95)": 33 + scale}  # fmt: skip


def _k6_flat(scale: int) -> str:
    requests, failed = 1300 + scale * 17, 39 + scale
    metrics = {
        "http_req_duration": _times(scale),
        "http_reqs": {"count": requests, "rate": 67.5 + scale},
        "http_req_failed": {"passes": failed, "fails": requests - failed,
                            "value": failed / requests},
        "vus": {"value": 14, "min": 14, "max": 37}, "vus_max": {"value": 37, "min": 37, "max": 37},
    }  # fmt: skip
    return json.dumps({"metrics": metrics})


def _k6_nested(scale: int) -> str:
    metrics = {
        "http_req_duration": {"type": "trend", "values": _times(scale)},
        "http_reqs": {"type": "counter", "values": {"count": 1300 + scale, "rate": 67.5 + scale}},
    }
    return json.dumps({"metrics": metrics, "state": {"testRunDurationMs": 72_000}})


def _k6_machine_readable(scale: int) -> str:
    requests, failed = 1300 + scale * 17, 39 + scale
    metrics = [
        {"name": "http_req_duration", "type": "trend", "contains": "time",
         "values": {"avg": 15.5 + scale, "min": 3.25, "max": 57 + scale, "p95": 33 + scale,
                    "p99": 47 + scale}},
        {"name": "http_reqs", "type": "counter",
         "values": {"count": requests, "rate": 67.5 + scale}},
        {"name": "http_req_failed", "type": "rate",
         "values": {"matches": failed, "total": requests, "rate": failed / requests}},
    ]  # fmt: skip
    return json.dumps({"version": "1.0.0", "config": {"duration": 73, "execution": "local"},
                       "metadata": {}, "results": {"metrics": metrics}})  # fmt: skip


_HEAD = (
    "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,"
    "Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,95%,99%"
)


def _locust_csv(scale: int) -> str:
    requests, failed = 750 + scale * 3, 44 + scale
    figures = f"{requests},{failed},{17 + scale},{18.5 + scale},{3.25},{182.5 + scale}"
    rest = f"142.5,{15.25 + scale},{0.75},{17 + scale},{58 + scale},{99 + scale}"
    return f"{_HEAD}\nGET,/,{figures},{rest}\n,Aggregated,{figures},{rest}\n"


def _locust_json(scale: int) -> str:
    entry = {
        "name": "/", "method": "GET", "last_request_timestamp": 1795423625.5,
        "start_time": 1795423620.5, "num_requests": 85 + scale, "num_none_requests": 0,
        "num_failures": 13, "total_response_time": 1454.25 + scale, "max_response_time": 112.5,
        "min_response_time": 3.25, "total_content_length": 3360 + scale,
        "response_times": {"15": 43, "31": 42 + scale},
        "num_reqs_per_sec": {"1795423620": 45, "1795423624": 40 + scale},
        "num_fail_per_sec": {"1795423624": 13},
    }  # fmt: skip
    return json.dumps([entry])


_OF_LOCUST = (LOCUST_RESOLUTION, 105, 100, round(142.5 * 750), round(142.5 * 789))
"""How it rounds, and the sizes of all requests together."""
_BY_SECOND = (0, 5, 85 / 5, 98 / 5, 3360 / 5, 3373 / 5, 45 / 5, 40 / 5, 53 / 5, 13 / 5,
              31 / 15 - 1, 15 / 31 - 1, 1454.25 / 85, 1467.25 / 98, 3360 / 85,
              3373 / 98)  # fmt: skip
"""The length, all that is by second, how the median moved, and means."""


def imported_sources() -> dict[str, ImportedSource]:
    began = "2025-10-23T10:15:00Z"
    facts = {"users": 47, "duration_s": 93, "timestamp": began}
    counted = [_services(scale, counts=True, **facts) for scale in (0, 13)]
    return {
        "figures alone": ImportedSource("m.json", _services(0), _services(13)),
        "all that can be given": ImportedSource(
            "m.json", *counted, users=True, length=True, started=began),
        "some of each service": ImportedSource("m.json", _partial(0), _partial(13)),
        "k6, flat": ImportedSource("m.json", _k6_flat(0), _k6_flat(13), users=True),
        "k6, for handleSummary": ImportedSource(
            "m.json", _k6_nested(0), _k6_nested(13), length=True, follows=(72,)),
        "k6, machine-readable": ImportedSource(
            "m.json", _k6_machine_readable(0), _k6_machine_readable(13), length=True),
        "Locust's statistics": ImportedSource(
            "m_stats.csv", _locust_csv(0), _locust_csv(13), follows=_OF_LOCUST),
        "Locust's JSON": ImportedSource(
            "m.json", _locust_json(0), _locust_json(13), length=True,
            started="2026-11-23T08:47:00Z", seconds=True,
            follows=(*_OF_LOCUST, *_BY_SECOND)),
    }  # fmt: skip
