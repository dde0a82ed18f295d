"""Runs drawn at random, written as ghz does, and what each must come to.

The files are made from ghz's runner/reporter.go, and the truth from the calls.
"""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

import pytest

from loadtui.errors import UsageError
from loadtui.importing.source import ImportSource
from loadtui.report.account.run_contents import read_run_contents
from loadtui.store.stored_run import Run

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]

BEGAN = datetime(2026, 3, 1, 12, 0, 0, 125_000, tzinfo=UTC)
BIN = 1 / 128
"""The width of a bin of the samples, which a percentile is read from."""
REASON = "rpc error: code = Unavailable desc = closing"


class Made(NamedTuple):
    end_us: int
    ns: int
    failed: bool


def made(seed: int) -> list[Made]:
    draw = random.Random(seed)
    share = draw.choice([0.0, 0.004, 0.2])
    return [
        Made(draw.randint(5_000_000, 60_000_000), int(draw.lognormvariate(16, 0.8)),
             draw.random() < share)
        for _ in range(draw.randint(80, 900))
    ]  # fmt: skip


def rank(times: list[int], percent: int) -> int:
    """ghz's percentile: the value of which so many are not above."""
    ordered = sorted(times)
    return ordered[max(-(-percent * len(ordered) // 100) - 1, 0)]


def document(calls: list[Made], *, details: bool = True) -> dict[str, Any]:
    fine = [one.ns for one in calls if not one.failed]
    failed = len(calls) - len(fine)
    zone = timezone(timedelta(hours=-5))
    marks = [{"percentage": p, "latency": rank(fine, p) if fine else 0}
             for p in (10, 25, 50, 75, 90, 95, 99)]  # fmt: skip
    found: dict[str, Any] = {
        "date": "2026-03-01T07:01:00-05:00", "endReason": "normal",
        "options": {"call": "shop.Cart.Add", "host": "127.0.0.1:50051", "insecure": True,
                    "total": len(calls), "concurrency": 8},
        "count": len(calls), "total": 60_000_000_000,
        "average": int(fmean([one.ns for one in calls])), "fastest": min(fine, default=0),
        "slowest": max(fine, default=0), "rps": len(calls) / 60,
        "errorDistribution": {REASON: failed} if failed else {},
        "statusCodeDistribution": {"OK": len(fine), **({"Unavailable": failed} if failed else {})},
        "latencyDistribution": marks,
        "histogram": [{"mark": 0.01, "count": len(fine), "frequency": 1}],
        "details": None,
    }  # fmt: skip
    if details:
        found["details"] = [
            {
                "timestamp": (BEGAN + timedelta(microseconds=one.end_us)).astimezone(zone)
                .isoformat(timespec="microseconds").replace("-05:00", "123-05:00"),
                "latency": one.ns, "error": REASON if one.failed else "",
                "status": "Unavailable" if one.failed else "OK",
            }
            for one in calls
        ]  # fmt: skip
    return found


CALLS = [Made(5_000_000 + at * 1000, 1_000_000 * (at + 1), failed=False) for at in range(100)]


def changed(**values: object) -> dict[str, Any]:
    """A run with other values; with `details=False` without its calls."""
    without = values.get("details") is False
    return {**document(CALLS), **values, **({"details": None} if without else {})}


@pytest.mark.parametrize("seed", range(6))
def test_calls_become_samples(saved: SaveRun, written: Written, seed: int) -> None:
    calls = made(seed)
    path = written("run.json.gz", gzip.compress(json.dumps(document(calls)).encode()))
    run = saved(path)
    failed = sum(one.failed for one in calls)
    assert (run.manifest.totals.requests, run.manifest.totals.failures) == (len(calls), failed)
    assert run.manifest.totals.users_max == 8
    assert run.manifest.plan.name == "run"
    (row,) = [one for one in read_run_contents(run).summary.endpoints if one.stage is None]
    assert row.endpoint.name == "shop.Cart.Add"
    times = sorted(one.ns / 1e6 for one in calls)
    figures = row.figures.whole
    assert figures.mean_ms == pytest.approx(fmean(times), abs=0.001)
    assert figures.max_ms == pytest.approx(times[-1], abs=0.001)
    low, high = times[(len(times) - 1) // 2], times[len(times) // 2]
    assert figures.p50_ms is not None
    assert low * (1 - BIN) - 0.001 <= figures.p50_ms <= high * (1 + BIN) + 0.001
    starts = [BEGAN + timedelta(microseconds=one.end_us - one.ns / 1000) for one in calls]
    assert run.manifest.started[:19] == min(starts).isoformat()[:19]
    # Its first tenth is not measured.
    assert run.manifest.verdict == ("pass" if failed / len(calls) < 0.01 else "fail")
    assert run.manifest.imported is not None
    assert run.manifest.imported.left_out == ["endReason"]


def test_calls_are_told_by_second(read: Read, written: Written) -> None:
    calls = [*CALLS, *(Made(7_000_000, 1_000_000, failed=True) for _ in range(5))]
    source = read(written("run.json", json.dumps(document(calls))))
    rows = source.record.seconds
    assert [(rows[at].users, rows[at].completed, rows[at].failed) for at in sorted(rows)] == [
        (8, 100, 0), (8, 0, 0), (8, 5, 5),
    ]  # fmt: skip
    ((kind, found),) = source.record.errors.by_count()
    assert (kind, found.count) == (("", "shop.Cart.Add", REASON), 5)
    # Each of the first hundred began at the same time.
    began = BEGAN + timedelta(microseconds=4_999_000)
    assert source.started == pytest.approx(began.timestamp(), abs=1e-5)
    assert found.first == pytest.approx(2.0)


@pytest.mark.parametrize("seed", range(6))
def test_without_details_there_are_figures(saved: SaveRun, written: Written, seed: int) -> None:
    calls = made(seed)
    run = saved(written("run.json", json.dumps(document(calls, details=False))))
    assert run.manifest.imported is not None
    assert run.manifest.imported.given is not None
    total = run.manifest.imported.given.total
    fine = [one.ns for one in calls if not one.failed]
    assert (total.requests, total.failures) == (len(calls), len(calls) - len(fine))
    assert total.percentiles == {
        f"p{share}": rank(fine, share) / 1e6 for share in (10, 25, 50, 75, 90, 95, 99)
    }
    assert (total.min_ms, total.max_ms) == (min(fine) / 1e6, max(fine) / 1e6)
    assert total.mean_ms == int(fmean([one.ns for one in calls])) / 1e6
    assert total.rps == len(calls) / 60
    assert (run.manifest.started, run.manifest.duration_s) == ("2026-03-01T12:00:00Z", 60)
    share = 1 - len(fine) / len(calls)
    assert run.manifest.verdict == ("pass" if share < 0.01 else "fail")


def test_of_more_than_a_million_calls_only_some_are_there(read: Read, written: Written) -> None:
    content = changed(count=150, statusCodeDistribution={"OK": 150})
    source = read(written("run.json", json.dumps(content)))
    assert source.figures is not None
    assert source.figures.total.requests == 150
    assert any("100 of its 150 calls" in remark for remark in source.remarks)


def test_where_all_failed_there_is_no_fastest(read: Read, written: Written) -> None:
    calls = [one._replace(failed=True) for one in CALLS]
    source = read(written("run.json", json.dumps(document(calls, details=False))))
    assert source.figures is not None
    total = source.figures.total
    assert (total.failures, total.min_ms, total.max_ms) == (100, None, None)
    kinds = Counter(kind[2] for kind, _ in source.record.errors.by_count())
    assert kinds == {REASON: 1}


def test_sums_that_differ_are_told(read: Read, written: Written) -> None:
    content = changed(statusCodeDistribution={"OK": 90, "Unavailable": 4})
    remarks = read(written("run.json", json.dumps(content))).remarks
    assert "it says 100 calls, and its parts add up to 94" in remarks
    assert "it says 0 errors, and its parts add up to 4" in remarks
    source = read(written("run.json", json.dumps({**content, "details": None})))
    assert source.figures is not None
    assert source.figures.total.failures == 4


def test_older_versions_have_other_options(read: Read, written: Written) -> None:
    content = changed(options={"c": 3, "n": 100}, date="0001-01-01T00:00:00Z", details=False)
    source = read(written("run.json", json.dumps(content)))
    assert (source.users, source.started) == (3, None)
    assert source.record.endpoints.entries == [("", "gRPC calls")]


def call(**values: object) -> dict[str, Any]:
    """A run of one call with other values."""
    own = {"timestamp": "2026-03-01T12:00:01Z", "latency": 5_000_000, "error": "", "status": "OK"}
    return changed(count=1, statusCodeDistribution={"OK": 1}, details=[{**own, **values}])


def test_one_call_is_a_run(saved: SaveRun, written: Written) -> None:
    run = saved(written("run.json", json.dumps(call())))
    assert run.manifest.totals.requests == 1
    run = saved(written("run.json", json.dumps(call(status="Internal"))))
    assert run.manifest.totals.failures == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (changed(count=0, details=[]), "holds no call"),
        (changed(count=99), "'count': is 99, and there are 100 calls"),
        (changed(count=1.5), "no whole number"),
        (changed(details={"a": 1}), "'details': is no list"),
        (changed(details=[1] * 100), "'details 0': is no object"),
        (call(latency=-1), "details 0: 'latency': '-1' is below 0"),
        (call(latency=None), "'latency': does not say when"),
        (call(latency="5"), "is no number"),
        (call(latency=1e300), "larger than anything"),
        (call(timestamp="yesterday"), "'timestamp': does not say when"),
        (call(timestamp="0001-01-01T00:00:00Z"), "not one between"),
        (call(error=5), "is no string"),
        (changed(errorDistribution={"boom": -4}), "below 0"),
        (changed(options=5), "'options': is no object"),
    ],
)
def test_what_cannot_be_is_refused(
    read: Read, written: Written, content: dict[str, Any], why: str
) -> None:
    with pytest.raises(UsageError, match=why) as error:
        read(written("run.json", json.dumps(content)))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("mark", "why"),
    [
        ({"percentage": 150, "latency": 5}, "150 % is more than all"),
        ({"percentage": "p50", "latency": 5}, "is no number"),
        (5, "is in no object"),
    ],
)
def test_percentiles_that_cannot_be_are_refused(
    read: Read, written: Written, mark: object, why: str
) -> None:
    content = changed(latencyDistribution=[mark], details=False)
    with pytest.raises(UsageError, match=why):
        read(written("run.json", json.dumps(content)))


def test_calls_of_two_runs(read: Read, written: Written) -> None:
    content = changed()
    content["details"][5]["timestamp"] = "2026-08-01T12:00:01Z"
    with pytest.raises(UsageError, match="days apart"):
        read(written("run.json", json.dumps(content)))


@pytest.mark.parametrize(
    "content",
    [
        {"rps": 5},
        {"count": 5, "total": 5, "average": 5, "fastest": 5, "slowest": 5, "rps": 5},
        {"details": [], "latencyDistribution": []},
    ],
)
def test_other_json_is_not_taken_for_it(
    read: Read, written: Written, content: dict[str, Any]
) -> None:
    with pytest.raises(UsageError, match="in no format that can be imported"):
        read(written("run.json", json.dumps(content)))
