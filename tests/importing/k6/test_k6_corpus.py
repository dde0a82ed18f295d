"""Runs drawn at random, written in every shape that k6 has, and what each must come to.

The files are made from k6's documentation, and the truth from the requests, by the rules of its
summary: nothing of the importer is used.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

import pytest

from loadtui.report.account.run_contents import read_run_contents
from loadtui.store.stored_run import Run

Written = Callable[..., Path]
SaveRun = Callable[..., Run]

BEGAN = datetime(2026, 3, 1, 12, 0, 0, 125_000, tzinfo=UTC)
BIN = 1 / 128
"""The width of a bin of the samples, which a percentile is read from."""
SEEDS = range(5)
LIMIT = "p(95)<"


class Made(NamedTuple):
    end_s: float
    ms: float
    name: str
    failed: bool


def made(seed: int) -> list[Made]:
    draw = random.Random(seed)
    count = draw.randint(80, 400)
    share = draw.choice([0.0, 0.004, 0.2])
    return sorted(
        Made(
            round(draw.uniform(5, 60), 6),
            round(draw.lognormvariate(3 + seed % 3, 0.8), 6),
            draw.choice(["home", "https://shop.example/cart?id=1,2", 'say "hi"']),
            draw.random() < share,
        )
        for _ in range(count)
    )


def between(values: list[float], share: float) -> float:
    """k6's percentile: on the line between the two values around it."""
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def trend(values: list[float]) -> dict[str, float]:
    return {"avg": fmean(values), "min": min(values), "med": between(values, 0.5),
            "max": max(values), "p(90)": between(values, 0.9),
            "p(95)": between(values, 0.95)}  # fmt: skip


def limit_ms(requests: list[Made], seed: int) -> float:
    """A threshold that half of the runs cross, by a wide margin."""
    return round(between([one.ms for one in requests], 0.95) * (0.5 if seed % 2 else 2), 3)


def summary(requests: list[Made], seed: int, shape: str) -> dict[str, Any]:
    times, failed = trend([one.ms for one in requests]), sum(one.failed for one in requests)
    count = len(requests)
    threshold = f"{LIMIT}{limit_ms(requests, seed)}"
    crossed = bool(seed % 2)
    if shape == "machine readable":
        metrics = [
            {"name": "http_req_duration", "type": "trend", "contains": "time", "values": times},
            {"name": "http_reqs", "type": "counter", "values": {"count": count}},
            {"name": "http_req_failed", "type": "rate",
             "values": {"matches": failed, "total": count, "rate": failed / count}},
        ]  # fmt: skip
        return {"version": "1.0.0", "config": {"duration": 60, "execution": "local"},
                "metadata": {}, "results": {"passed": not crossed, "metrics": metrics}}  # fmt: skip
    values = {
        "http_req_duration": times,
        "http_reqs": {"count": count, "rate": count / 60},
        "http_req_failed": {"passes": failed, "fails": count - failed, "rate": failed / count},
        "vus": {"value": 1, "min": 1, "max": 20},
    }
    if shape == "handleSummary":
        nested: dict[str, Any] = {name: {"type": "", "values": own} for name, own in values.items()}
        nested["http_req_duration"]["thresholds"] = {threshold: {"ok": not crossed}}
        return {"metrics": nested, "state": {"testRunDurationMs": 60_000}}
    flat: dict[str, Any] = {name: dict(own) for name, own in values.items()}
    flat["http_req_failed"]["value"] = flat["http_req_failed"].pop("rate")
    flat["http_req_duration"]["thresholds"] = {threshold: crossed}
    return {"metrics": flat, "root_group": {"groups": {}, "checks": {}}}


def points(requests: list[Made]) -> list[tuple[str, datetime, float, dict[str, str]]]:
    rows: list[tuple[str, datetime, float, dict[str, str]]] = []
    for end_s, ms, name, failed in requests:
        end = BEGAN + timedelta(seconds=end_s)
        tags = {"method": "GET", "name": name, "status": "503" if failed else "200",
                "expected_response": "false" if failed else "true"}  # fmt: skip
        rows += [(metric, end, value, tags) for metric, value in
                 (("http_reqs", 1.0), ("http_req_duration", ms), ("http_req_waiting", ms),
                  ("http_req_failed", float(failed)))]  # fmt: skip
    rows += [("vus", BEGAN + timedelta(seconds=n), n / 3 // 1, {}) for n in range(61)]
    return rows


def as_lines(requests: list[Made], seed: int) -> bytes:
    kinds = {"http_reqs": "counter", "http_req_duration": "trend", "http_req_waiting": "trend",
             "http_req_failed": "rate", "vus": "gauge"}  # fmt: skip
    lines: list[dict[str, Any]] = []
    for metric, time, value, tags in points(requests):
        if metric in kinds:
            own = [f"{LIMIT}{limit_ms(requests, seed)}"] if metric == "http_req_duration" else []
            data: dict[str, Any] = {"name": metric, "type": kinds.pop(metric), "thresholds": own}
            lines.append({"type": "Metric", "data": data, "metric": metric})
        data = {"time": time.isoformat(timespec="microseconds"), "value": value, "tags": tags}
        lines.append({"metric": metric, "type": "Point", "data": data})
    return gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode())


def as_csv(requests: list[Made]) -> str:
    columns = ["expected_response", "method", "name", "status"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["metric_name", "timestamp", "metric_value", *columns, "extra_tags"])
    for metric, time, value, tags in points(requests):
        us = (time - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        writer.writerow([metric, us, f"{value:f}", *(tags.get(tag, "") for tag in columns), ""])
    return text.getvalue()


@pytest.mark.parametrize("shape", ["--summary-export", "handleSummary", "machine readable"])
@pytest.mark.parametrize("seed", SEEDS)
def test_summaries_agree_with_the_requests(
    saved: SaveRun, written: Written, seed: int, shape: str
) -> None:
    requests = made(seed)
    run = saved(written("out.json", json.dumps(summary(requests, seed, shape))))
    failed = sum(one.failed for one in requests)
    assert run.manifest.imported is not None
    assert run.manifest.imported.given is not None
    total, truth = run.manifest.imported.given.total, trend([one.ms for one in requests])
    assert (total.requests, total.failures) == (len(requests), failed)
    assert (total.mean_ms, total.min_ms, total.max_ms) == (
        truth["avg"], truth["min"], truth["max"])  # fmt: skip
    assert total.percentiles == {
        "p50": truth["med"], "p90": truth["p(90)"], "p95": truth["p(95)"]}  # fmt: skip
    passes = failed / len(requests) < 0.01 and not seed % 2
    assert run.manifest.verdict == ("pass" if passes else "fail")


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize("seed", SEEDS)
def test_points_agree_with_the_requests(
    saved: SaveRun, written: Written, seed: int, form: str
) -> None:
    requests = made(seed)
    text = as_lines(requests, seed) if form == "json" else as_csv(requests)
    run = saved(written("out.gz" if form == "json" else "out.csv", text))
    failed = sum(one.failed for one in requests)
    assert (run.manifest.totals.requests, run.manifest.totals.failures) == (len(requests), failed)
    assert run.manifest.totals.users_max == 20
    rows = {row.endpoint.name: row.figures.whole
            for row in read_run_contents(run).summary.endpoints if row.stage is None}  # fmt: skip
    assert rows.keys() == {one.name for one in requests}
    for name, figures in rows.items():
        own = sorted(one.ms for one in requests if one.name == name)
        assert figures.requests == len(own)
        assert figures.failures == sum(one.failed for one in requests if one.name == name)
        assert figures.mean_ms == pytest.approx(fmean(own), abs=0.001)
        assert figures.max_ms == pytest.approx(own[-1], abs=0.001)
        # Between two requests any value is a median.
        low, high = own[(len(own) - 1) // 2], own[len(own) // 2]
        assert figures.p50_ms is not None
        assert low * (1 - BIN) - 0.001 <= figures.p50_ms <= high * (1 + BIN) + 0.001
    starts = [BEGAN + timedelta(seconds=one.end_s, milliseconds=-one.ms) for one in requests]
    assert run.manifest.started[:19] == min(starts).isoformat()[:19]
    own_results = [r.status for r in run.manifest.thresholds if r.check.startswith("http_req")]
    assert own_results == ([] if form == "csv" else ["fail" if seed % 2 else "pass"])
    passes = failed / len(requests) < 0.01 and not (form == "json" and seed % 2)
    assert run.manifest.verdict == ("pass" if passes else "fail")
