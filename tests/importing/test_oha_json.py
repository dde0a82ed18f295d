"""Runs drawn at random, written as oha does, and what each must come to.

The files are made from oha's src/printer.rs, and the truth from the requests.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

import pytest

from loadtui.errors import UsageError
from loadtui.importing.source import ImportSource
from loadtui.store.stored_run import Run

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]

UNDER_WAY = "aborted due to deadline"
SHARES = (10, 25, 50, 75, 90, 95, 99, 99.9, 99.99)


class Made(NamedTuple):
    seconds: float
    status: int
    size: int


def made(seed: int) -> tuple[list[Made], dict[str, int]]:
    """The answers, and the errors by kind."""
    draw = random.Random(seed)
    statuses = draw.choice([[200], [200] * 300 + [503], [200, 404, 500], [301, 200]])
    answers = [
        Made(draw.lognormvariate(-4, 0.7), draw.choice(statuses), draw.randint(0, 9000))
        for _ in range(draw.randint(60, 3000))
    ]
    errors = {"connection error: reset": draw.choice([0, 0, 7]), UNDER_WAY: draw.choice([0, 50])}
    return answers, {kind: count for kind, count in errors.items() if count}


def document(answers: list[Made], errors: dict[str, int], total_s: float = 30.0) -> dict[str, Any]:
    times = sorted(one.seconds for one in answers)
    ranks = {f"p{share}": int(share / 100 * len(times)) for share in SHARES}
    failed = sum(count for kind, count in errors.items() if kind != UNDER_WAY)
    size = sum(one.size for one in answers)
    triple = {"average": 0.001, "fastest": 0.0001, "slowest": 0.01}
    return {
        "summary": {
            "successRate": len(answers) / (len(answers) + failed) if answers or failed else None,
            "total": total_s, "slowest": max(times, default=None),
            "fastest": min(times, default=None), "average": fmean(times) if times else None,
            "requestsPerSec": (len(answers) + sum(errors.values())) / total_s, "totalData": size,
            "sizePerRequest": size // len(answers) if answers else None,
            "sizePerSec": size / total_s,
        },
        "responseTimeHistogram": {"0.01": len(answers)},
        "latencyPercentiles": {name: times[at] if times else None for name, at in ranks.items()},
        "rps": {"mean": 5.0, "stddev": 1.0, "max": 9.0, "min": 1.0, "percentiles": {"p50": 5.0}},
        "details": {"DNSDialup": triple, "DNSLookup": triple},
        "statusCodeDistribution": {
            str(status): count for status, count in Counter(one.status for one in answers).items()
        },
        "errorDistribution": errors,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_figures_agree_with_the_requests(saved: SaveRun, written: Written, seed: int) -> None:
    answers, errors = made(seed)
    run = saved(written("run.json", json.dumps(document(answers, errors), indent=2)))
    assert run.manifest.imported is not None
    assert run.manifest.imported.given is not None
    total = run.manifest.imported.given.total
    failed = errors.get("connection error: reset", 0)
    bad = sum(one.status >= 400 for one in answers)
    assert (total.requests, total.failures) == (len(answers) + failed, bad + failed)
    times = sorted(one.seconds * 1000 for one in answers)
    assert total.mean_ms == pytest.approx(fmean(times))
    assert (total.min_ms, total.max_ms) == (pytest.approx(times[0]), pytest.approx(times[-1]))
    assert set(total.percentiles) == {f"p{share}" for share in SHARES}
    assert total.percentiles["p95"] == pytest.approx(times[int(0.95 * len(times))])
    assert total.bytes == sum(one.size for one in answers)
    assert run.manifest.duration_s == 30
    kinds = Counter(f"HTTP {one.status}" for one in answers if one.status >= 400)
    assert run.manifest.imported.left_out == [
        "responseTimeHistogram", "rps", "details", "summary: sizePerRequest", "summary: sizePerSec",
    ]  # fmt: skip
    told = " ".join(run.manifest.imported.remarks)
    assert (UNDER_WAY in errors) == ("50 requests were still under way" in told)
    assert run.manifest.totals.failures == sum(kinds.values()) + failed
    share = (bad + failed) / (len(answers) + failed)
    assert run.manifest.verdict == ("pass" if share < 0.01 else "fail")


def test_failures_are_told_by_kind(read: Read, written: Written) -> None:
    answers = [Made(0.01, 200, 5)] * 6 + [Made(0.02, 503, 5)] * 3
    source = read(written("run.json", json.dumps(document(answers, {"refused": 2}))))
    kinds = [(kind[2], found.count) for kind, found in source.record.errors.by_count()]
    assert kinds == [("HTTP 503", 3), ("refused", 2)]


def test_where_nothing_was_answered_there_are_no_latencies(read: Read, written: Written) -> None:
    source = read(written("run.json", json.dumps(document([], {"refused": 9}))))
    assert source.figures is not None
    total = source.figures.total
    assert (total.requests, total.failures, total.mean_ms) == (9, 9, None)
    assert total.percentiles == {}


def changed(section: str, **values: object) -> dict[str, Any]:
    found = document([Made(0.01, 200, 5)] * 20, {})
    return {**found, section: {**found[section], **values}}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (document([], {}), "holds no request that ended"),
        (document([], {UNDER_WAY: 8}), "holds no request that ended"),
        (changed("summary", successRate=0.5), "is 50 %, and 20 of 20 requests are 100 %"),
        (changed("summary", successRate=1.5), "is more than all"),
        (changed("summary", average=-0.1), "below 0"),
        (changed("summary", slowest="0.5"), "is no number"),
        (changed("latencyPercentiles", p95=1e300), "larger than anything"),
        (changed("statusCodeDistribution", x=4), "is no HTTP status"),
        (changed("errorDistribution", boom=2.5), "no whole number"),
    ],
)
def test_what_cannot_be_is_refused(
    read: Read, written: Written, content: dict[str, Any], why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        read(written("run.json", json.dumps(content)))


def test_figures_out_of_order_are_told(read: Read, written: Written) -> None:
    source = read(written("run.json", json.dumps(changed("latencyPercentiles", p50=5.0))))
    assert any("contradict each other" in remark for remark in source.remarks)


@pytest.mark.parametrize(
    "content",
    [
        {"rps": 5},
        {"summary": {"successRate": 1, "requestsPerSec": 5}},
        {"summary": 5, "statusCodeDistribution": {}},
        {"summary": {"successRate": 1}, "statusCodeDistribution": {"200": 5}},
    ],
)
def test_other_json_is_not_taken_for_it(
    read: Read, written: Written, content: dict[str, Any]
) -> None:
    with pytest.raises(UsageError, match="in no format that can be imported"):
        read(written("run.json", json.dumps(content)))
