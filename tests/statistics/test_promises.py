"""What the verdict promises, held against simulated runs whose truth is known.

    pytest -m statistics

takes some minutes.  Every run is drawn with lognormal mixtures, load that wanders as an AR(1)
process, stalls, bursts of errors, and a deviation from run to run; it is written to its files, read
from them, and compared as `loadtui compare` does.  Printed are shares with their exact 95 %
binomial intervals.  The seeds are fixed, so that the numbers are the same every time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import planned_thresholds as promises
from tests.support.planned_thresholds import (
    BASELINES,
    METRICS,
    TOLERANCES,
    Task,
    in_parallel,
    interval,
    percent,
)

pytestmark = pytest.mark.statistics

Say = Callable[[str], None]
CHANGES = ("regressed", "improved")


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Prints past pytest's capture, and the seconds a test took at its end."""
    monkeypatch.setenv("POLARS_MAX_THREADS", "1")
    began = time.monotonic()

    def say(text: str) -> None:
        with capsys.disabled():
            print(text, flush=True)

    say("")
    yield say
    say(f"  ({time.monotonic() - began:.0f} s)")


@pytest.mark.parametrize("run_to_run", [0.0, 0.02, 0.05])
def test_a_false_change_is_rare(run_to_run: float, tmp_path: Path, say: Say) -> None:
    """Per metric, not shown to exceed 5 %: with the default tolerances, and with tight ones
    (1 % warns, 2 % fails) under which every significant difference counts as a change."""
    task = Task(
        folder=tmp_path,
        first_seed=round(run_to_run * 1e8),
        repeats=0,
        requests=50 * 120,
        seconds=120,
        run_to_run=run_to_run,
    )
    counts = in_parallel(promises.false_changes, task, repeats=300)
    worst = 0.0
    say(f"false changes, run-to-run sd {run_to_run:.0%}, 50 requests/s for 2 min")
    for tolerances in TOLERANCES:
        for baseline_runs in BASELINES:
            shares = []
            for metric in METRICS:
                cell = (tolerances, baseline_runs, metric)
                trials = sum(n for key, n in counts.items() if key[:3] == cell)
                hits = sum(counts[(*cell, word)] for word in CHANGES)
                low, high = interval(hits, trials)
                worst = max(worst, low)
                shares.append(f"{metric} {hits / trials:.1%} ({low:.1%}-{high:.1%})")
            say(f"  {tolerances:7}  K={baseline_runs}  n={trials}  " + "  ".join(shares))
    assert worst <= 0.05


@pytest.mark.parametrize("requests", [60, 120, 240, 400])
def test_a_false_change_is_rare_with_few_requests(requests: int, tmp_path: Path, say: Say) -> None:
    """Percentiles by order statistics, not shown to exceed 5 %: 25 s, run-to-run sd 5 %."""
    task = Task(
        folder=tmp_path,
        first_seed=30_000_000 + requests * 10_000,
        repeats=0,
        requests=requests,
        seconds=25,
        run_to_run=0.05,
    )
    counts = in_parallel(promises.false_changes, task, repeats=150)
    worst = 0.0
    say(f"false changes, run-to-run sd 5%, {requests} requests in 25 s")
    for tolerances in TOLERANCES:
        for baseline_runs in BASELINES:
            shares = []
            for metric in ("p50", "p95", "p99"):
                cell = (tolerances, baseline_runs, metric)
                trials = sum(n for key, n in counts.items() if key[:3] == cell)
                hits = sum(counts[(*cell, word)] for word in CHANGES)
                undecided = counts[(*cell, "inconclusive")]
                low, high = interval(hits, trials)
                worst = max(worst, low)
                shares.append(
                    f"{metric} {hits / trials:.1%} ({low:.1%}-{high:.1%}), "
                    f"{undecided / trials:.0%} undecided"
                )
            say(f"  {tolerances:7}  K={baseline_runs}  n={trials}  " + "  ".join(shares))
    assert worst <= 0.05


def test_a_slowdown_by_half_is_found(tmp_path: Path, say: Say) -> None:
    """p95 +50 % at 500 requests/s for 10 min against three baseline runs: 99 of 100."""
    task = Task(
        folder=tmp_path,
        first_seed=10_000_000,
        repeats=0,
        requests=500 * 600,
        seconds=600,
        run_to_run=0.05,
        baseline_runs=3,
        shift=1.5,
    )
    trials = 200
    counts = in_parallel(promises.power, task, repeats=trials)
    hits = counts["p95", "regressed"]
    say("power at +50 % p95, 500 requests/s for 10 min, K=3, run-to-run sd 5 %")
    say(f"  {percent(hits, trials)}")
    assert hits / trials >= 0.99


def test_many_endpoints_seldom_fail_for_nothing(tmp_path: Path, say: Say) -> None:
    """Twenty endpoints with three percentiles each, nothing changed: some fail in at most 3 %."""
    task = Task(
        folder=tmp_path,
        first_seed=20_000_000,
        repeats=0,
        requests=20 * 30 * 120,
        seconds=120,
        run_to_run=0.05,
        endpoints=20,
        stall_ms=250.0,
    )
    counts = in_parallel(promises.false_fails, task, repeats=250)
    trials, hits = counts["comparisons",], counts["fail",]
    say("some false fail among 20 endpoints x 3 percentiles, K=1, run-to-run sd 5 %, long stalls")
    say(f"  {percent(hits, trials)}")
    say(f"  a plain +50 % gate: {percent(counts['naive',], trials)}")
    assert counts["tests",] > 0.99 * 60 * trials
    assert hits / trials <= 0.03
