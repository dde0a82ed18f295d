"""Small files for each reader of the registry, which are damaged at random.

A reader that is added gets an entry here: its name, and a function that gives one or more seeds.
`alone(b"...", b"...")` makes a seed of each text, for formats of which a file is a run.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.importing import test_ghz_json, test_oha_json
from tests.importing.gatling import test_gatling_corpus
from tests.importing.jmeter import test_statistics_json

DATA = Path(__file__).parents[1] / "data"

FuzzSeed = Mapping[str, bytes]
"""The files of one run, by their names; all seeds are read as they are."""


def alone(*texts: bytes) -> list[FuzzSeed]:
    return [{"seed": text} for text in texts]


def from_data(*names: str, lines: int | None = None) -> list[bytes]:
    """Files that a real program wrote, or the first lines of them."""
    texts = [(DATA / name).read_bytes() for name in names]
    return [b"".join(text.splitlines(keepends=True)[:lines]) for text in texts]


def as_json(*documents: Any) -> list[bytes]:
    return [json.dumps(document).encode() for document in documents]


def _locust_csv() -> list[FuzzSeed]:
    parts = ("stats", "stats_history", "failures", "exceptions")
    shop = {f"shop_{part}.csv": (DATA / f"shop_{part}.csv").read_bytes() for part in parts}
    full = {f"full_{part}.csv": (DATA / f"full_{part}.csv").read_bytes() for part in parts[:2]}
    return [shop, full, *({name: text} for name, text in shop.items() if "_stats" in name)]


def _locust_json() -> list[FuzzSeed]:
    entry = {
        "name": "/a", "method": "GET", "last_request_timestamp": 1795423625.8,
        "start_time": 1795423620.4, "num_requests": 12, "num_none_requests": 0, "num_failures": 2,
        "total_response_time": 140.5, "max_response_time": 40.25, "min_response_time": 3.5,
        "total_content_length": 360, "response_times": {"4": 3, "9": 5, "40": 4},
        "num_reqs_per_sec": {"1795423620": 5, "1795423621": 7},
        "num_fail_per_sec": {"1795423621": 2},
    }  # fmt: skip
    return alone(*as_json([entry], [entry, {**entry, "name": "/b"}]), *from_data("shop.json"))


_TIMES = {"avg": 10.5, "min": 1, "med": 9, "max": 50, "p(90)": 20, "p(95)": 25}


def _k6_summary() -> list[FuzzSeed]:
    flat = {
        "metrics": {
            "http_req_duration": {**_TIMES, "thresholds": {"p(95)<20": True}},
            "http_req_duration{name:cart}": _TIMES,
            "http_reqs": {"count": 100, "rate": 10},
            "http_req_failed": {"passes": 3, "fails": 97, "value": 0.03},
            "vus": {"value": 1, "min": 1, "max": 37},
        },
        "root_group": {
            "checks": {"ok": {"name": "ok", "passes": 99, "fails": 1}},
            "groups": {"g": {"name": "g", "groups": {}, "checks": {}}},
        },
    }
    nested = {
        "metrics": {
            "http_req_duration": {"type": "trend", "values": _TIMES,
                                  "thresholds": {"p(95)<20": {"ok": False}}},
            "http_reqs": {"type": "counter", "values": {"count": 100, "rate": 10}},
            "http_req_failed": {"values": {"passes": 3, "fails": 97, "rate": 0.03}},
        },
        "state": {"testRunDurationMs": 10_000},
    }  # fmt: skip
    machine_readable = {
        "version": "1.0.0", "config": {"duration": 60, "execution": "local"}, "metadata": {},
        "results": {
            "passed": True,
            "checks": {"results": [{"name": "ok", "passes": 5, "fails": 0}]},
            "metrics": [
                {"name": "http_req_duration", "type": "trend", "contains": "time",
                 "values": {"avg": 10, "min": 1, "max": 50, "p95": 25, "p99": 40}},
                {"name": "http_reqs", "type": "counter", "values": {"count": 100, "rate": 2}},
                {"name": "http_req_failed", "values": {"matches": 3, "total": 100, "rate": 0.03}},
            ],
        },
    }  # fmt: skip
    return alone(*as_json(flat, nested, machine_readable))


def _k6_lines() -> list[FuzzSeed]:
    declared = [("http_req_duration", "trend"), ("vus", "gauge"), ("ttft", "trend"),
                ("orders", "counter"), ("checks", "rate")]  # fmt: skip
    lines: list[Any] = [
        {"type": "Metric", "metric": name,
         "data": {"name": name, "type": kind, "contains": "time", "thresholds": ["p(95)<200"],
                  "submetrics": None}}
        for name, kind in declared
    ]  # fmt: skip
    for second in range(4):
        time = f"2026-03-01T12:00:0{second}.125+01:00"
        tags = {"method": "GET", "name": "/a", "status": "200", "expected_response": "true"}
        for metric, value in (("http_reqs", 1), ("http_req_duration", 12.5 + second),
                              ("http_req_failed", second % 2), ("vus", 3 + second),
                              ("ttft", 8.5), ("orders", 2), ("checks", 1),
                              ("http_req_waiting", 3.25)):  # fmt: skip
            data = {"time": time, "value": value, "tags": {**tags, "check": "ok"}}
            lines.append({"metric": metric, "type": "Point", "data": data})
    text = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    return alone(text, gzip.compress(text, mtime=0))


def _k6_csv() -> list[FuzzSeed]:
    columns = ("metric_name", "timestamp", "metric_value", "check", "error", "error_code",
               "expected_response", "group", "method", "name", "status", "url", "extra_tags",
               "metadata")  # fmt: skip
    rows = [",".join(columns)]
    for second in range(5):
        failed = second == 2
        tags = {"expected_response": str(not failed).lower(), "method": "GET", "name": "/a",
                "status": "503" if failed else "200", "url": "http://x/a"}  # fmt: skip
        for metric, value in (("http_reqs", 1), ("http_req_duration", 12.5 + second),
                              ("http_req_failed", int(failed)), ("http_req_waiting", 3.25),
                              ("checks", 1), ("vus", second + 1)):  # fmt: skip
            cells = {"metric_name": metric, "timestamp": str(1772362800 + second),
                     "metric_value": f"{value:f}", **({} if metric == "vus" else tags)}  # fmt: skip
            rows.append(",".join(cells.get(column, "") for column in columns))
    text = "\n".join(rows).encode() + b"\n"
    return alone(text, gzip.compress(text, mtime=0))


def _jtl_csv() -> list[FuzzSeed]:
    names = ("shop.jtl", "parent.jtl", "semicolons.jtl", "headless.jtl")
    short = from_data(*names, lines=12)
    return alone(*short, *from_data("shop.jtl"), gzip.compress(short[0], mtime=0))


def _jtl_xml() -> list[FuzzSeed]:
    short = from_data("shop.jtl.xml", "parent.jtl.xml", lines=24)
    whole = [text[: text.rindex(b"<httpSample")] + b"</testResults>\n" for text in short]
    return alone(*whole, *short, gzip.compress(whole[0], mtime=0))


def _services() -> list[FuzzSeed]:
    figures = {"avg_latency_ms": 120, "p95_latency_ms": 310.5, "error_rate_pct": 0.4, "rps": 85}
    counts = {"total_requests": 1000, "failed_requests": 4}
    bare = {"_note": "staging", "timestamp": "2026-11-23T10:15:00Z", "duration_s": 300,
            "users": 20, "gateway": figures, "search": {**figures, **counts}}  # fmt: skip
    baselines = {
        "baselines": {"gateway": {**figures, **counts, "p50_latency_ms": 90, "error_rate": 0.004}},
        "total": {**figures, **counts},
    }
    return alone(*as_json(bare, baselines))


def _few_of_gatling() -> test_gatling_corpus.MadeRun:
    run = test_gatling_corpus.made(2)
    return test_gatling_corpus.MadeRun(run.requests[:12], run.users[:4])


def _gatling_text() -> list[FuzzSeed]:
    run, written = _few_of_gatling(), test_gatling_corpus.as_text
    named = written(run, names_users=True, version="3.1.3")
    return alone(named.encode(), written(run, names_users=False, version="3.10.5").encode())


def _gatling_binary() -> list[FuzzSeed]:
    return alone(test_gatling_corpus.as_binary(_few_of_gatling()))


def _ghz() -> list[FuzzSeed]:
    made, document = test_ghz_json.made(1)[:20], test_ghz_json.document
    return alone(*as_json(document(made), document(made, details=False)))


def _oha() -> list[FuzzSeed]:
    answers, errors = test_oha_json.made(3)
    return alone(*as_json(test_oha_json.document(answers[:40], {**errors, "reset": 2})))


def _statistics() -> list[FuzzSeed]:
    return alone(*as_json(test_statistics_json.document(test_statistics_json.made(1))))


def _data(*patterns: str, lines: int | None = None) -> Callable[[], list[FuzzSeed]]:
    """Seeds are the files of `DATA` whose names fit, or their first lines."""

    def seeds() -> list[FuzzSeed]:
        names = [str(path.relative_to(DATA)) for one in patterns for path in DATA.glob(one)]
        return alone(*from_data(*sorted(names), lines=lines))

    return seeds


SEEDS: Mapping[str, Callable[[], list[FuzzSeed]]] = {
    "Gatling log (text)": _gatling_text,
    "Gatling log (binary)": _gatling_binary,
    "wrk or wrk2 (text)": _data("wrk/*.txt"),
    "HdrHistogram percentiles (.hgrm)": _data("hdrhistogram/*.*"),
    "vegeta results (JSON lines)": _data("vegeta/[!o]*[!t].json", lines=12),
    "vegeta results (CSV)": _data("vegeta/*.csv", lines=12),
    "hey (CSV)": _data("hey/[!n]*.csv", lines=12),
    "Locust CSV": _locust_csv,
    "k6 points (JSON lines)": _k6_lines,
    "k6 points (CSV)": _k6_csv,
    "vegeta report (JSON)": _data("vegeta/*.report.json"),
    "Locust JSON": _locust_json,
    "k6 summary (JSON)": _k6_summary,
    "JMeter JTL (CSV)": _jtl_csv,
    "JMeter JTL (XML)": _jtl_xml,
    "JMeter aggregate report (CSV)": _data("jmeter_*.csv"),
    "JMeter dashboard statistics (JSON)": _statistics,
    "Artillery (JSON)": _data("artillery*_[ps]*.json"),
    "autocannon (JSON)": _data("autocannon_[4aft]*.json"),
    "ghz (JSON)": _ghz,
    "oha (JSON)": _oha,
    "metrics by service or performance baselines (JSON)": _services,
}
"""By the names of the registry."""


@cache
def seeds_of(reader: str) -> list[FuzzSeed]:
    return SEEDS[reader]()
