"""Percentiles with few values, or of a short time, in whole comparisons."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from loadtui.samples.estimate import Estimate, Key
from loadtui.store.baseline import Baseline
from loadtui.store.baseline_file import read_baseline
from loadtui.store.comparison import Comparison, ComparisonRow
from loadtui.store.stored_run import Run
from loadtui.verdict.compare_sides import compare_sides
from loadtui.verdict.estimates import run_estimates
from loadtui.verdict.metric_limits import MetricLimits
from loadtui.verdict.promotion import promote
from loadtui.verdict.sides import SideRuns, side_of_baseline, side_of_runs
from loadtui.verdict.thin_percentile import ThinPercentile, is_thin, thin_percentile
from tests.support.stored_runs import Traffic, keep_run

QUICK = {"GET /": Traffic(11, count=13, spread=0.02)}
TAIL = {"GET /": Traffic(11, count=13, spread=0.02, tail=0.1, tail_ms=201)}
SHORT = (("L1", 24),)
Keep = Callable[..., Run]


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    count = itertools.count(1)

    def write(traffic: Any = QUICK, stages: Any = SHORT, **fields: Any) -> Run:
        number = next(count)
        return keep_run(tmp_path / f"run-{number}", traffic, stages=stages, seed=number, **fields)

    return write


def row(comparison: Comparison, metric: str) -> ComparisonRow:
    return next(entry for entry in comparison.rows if entry.key == Key("L1", "GET /", metric))


def against(base: SideRuns, *runs: Run) -> Comparison:
    return compare_sides(base, side_of_runs(runs), runs[-1].manifest.plan)


def thin_of(base: list[Run], current: list[Run], metric: str, tau: float = 0.05) -> ThinPercentile:
    key = Key("L1", "GET /", metric)
    sides = [[run_estimates(run)[key] for run in side] for side in (base, current)]
    thin = thin_percentile(*sides, tau)
    assert thin is not None
    return thin


def test_a_tail_eighteen_times_as_long_is_regressed(keep: Keep) -> None:
    """312 requests: a p95 of 11 ms that is now 201 ms."""
    comparison = against(side_of_runs([keep()]), keep(TAIL))
    entry = row(comparison, "p95")
    assert (entry.word, entry.status) == ("regressed", "fail")
    assert entry.base == pytest.approx(11, rel=0.1)
    assert entry.current == pytest.approx(201, rel=0.1)
    assert entry.change == pytest.approx(2.9, abs=0.1)
    assert entry.low is not None
    assert entry.low > 1
    assert entry.p is not None
    assert entry.p < 0.01
    assert comparison.verdict == "fail"


def test_a_baseline_file_decides_alone(keep: Keep, tmp_path: Path) -> None:
    bases = [keep() for _ in range(2)]
    run = keep(TAIL)
    for base in bases:
        promoted = promote(base, tmp_path / "baselines")
    assert promoted.path.stat().st_size < 12_000
    from_file = against(side_of_baseline(read_baseline(promoted.path)), run)
    from_runs = against(side_of_runs(bases), run)
    for metric in ("p50", "p95", "p99"):
        ours, theirs = (
            msgspec.structs.asdict(row(side, metric)) for side in (from_file, from_runs)
        )
        assert ours == {
            name: pytest.approx(value) if isinstance(value, float) else value
            for name, value in theirs.items()
        }
    assert row(from_file, "p95").word == "regressed"


def test_a_dense_baseline_bounds_a_thin_run(keep: Keep, tmp_path: Path) -> None:
    """A target so slow that few requests were made; the baseline's bins are coarse then."""
    many = {"GET /": Traffic(11, count=200)}
    promoted = promote(keep(many), tmp_path / "baselines")
    comparison = against(side_of_baseline(read_baseline(promoted.path)), keep(TAIL))
    assert row(comparison, "p95").word == "regressed"
    same = against(side_of_baseline(read_baseline(promoted.path)), keep({"GET /": Traffic(11)}))
    assert row(same, "p95").word == "unchanged"
    p95 = row(same, "p95")
    assert p95.base is not None
    assert p95.current is not None
    assert p95.written(p95.change or 0) == pytest.approx(p95.current / p95.base - 1, rel=1e-6)


def test_a_baseline_of_an_older_version_says_what_to_do(keep: Keep, tmp_path: Path) -> None:
    baseline = promote(keep(), tmp_path / "baselines").baseline
    old: Baseline = msgspec.structs.replace(
        baseline,
        runs=[
            msgspec.structs.replace(
                run, stages=[msgspec.structs.replace(s, distributions={}) for s in run.stages]
            )
            for run in baseline.runs
        ],
    )
    entry = row(against(side_of_baseline(old), keep(TAIL)), "p95")
    assert entry.word == "inconclusive"
    assert entry.reason == (
        "312 values in 24 s are judged by how they are distributed, which this baseline does not "
        "say: promote its runs again"
    )
    assert entry.change == pytest.approx(2.9, abs=0.1)
    assert entry.base is not None


def test_what_the_values_do_not_reach_says_how_many_would(keep: Keep) -> None:
    few = {"GET /": Traffic(11, count=2, spread=0.02)}
    comparison = against(side_of_runs([keep(few)]), keep(few))
    entry = row(comparison, "p95")
    assert (entry.word, entry.status, entry.p) == ("inconclusive", "warning", None)
    assert entry.reason == (
        "48 requests in the base and 48 requests in the run, 86 would bound its p95"
    )
    assert (entry.low, entry.high) == (None, None)
    assert entry.change is not None
    assert entry.base == pytest.approx(11, rel=0.1)
    assert row(comparison, "p50").word == "unchanged"
    assert row(comparison, "p99").reason.endswith("48 requests in the run, 437 would bound its p99")


def test_one_bound_is_not_enough(keep: Keep) -> None:
    """The run is slower for certain, but nobody knows by how much at most: undecided, and told."""
    few = {"GET /": Traffic(200, count=3, spread=0.02)}
    dense = {"GET /": Traffic(11, count=60, spread=0.02)}
    entry = row(against(side_of_runs([keep(dense)]), keep(few)), "p95")
    assert entry.word == "inconclusive"
    assert entry.reason == "72 requests in the run, 86 would bound its p95"
    assert entry.low == pytest.approx(2.8, abs=0.2)
    assert entry.high is None
    assert entry.further_runs == 1


def test_more_runs_that_would_decide_are_counted(keep: Keep) -> None:
    wide = {"GET /": Traffic(100, count=4, spread=0.6)}
    thin = thin_of([keep(wide)], [keep(wide)], "p95")
    nearly = MetricLimits(1.0, thin.high - 0.01)
    assert (thin.further_runs(nearly), thin.further_base_runs(nearly)) == (1, 1)
    more = [thin.further_runs(MetricLimits(1.0, fail)) for fail in (thin.high - 0.35, 0.002)]
    assert more[0] is not None
    assert more[0] > 1
    assert more[1] is None, "runs differ by more than that"


def test_higher_is_better_is_turned(keep: Keep) -> None:
    key = Key("L1", "GET /", "p95")
    base, current = (run_estimates(keep(traffic))[key] for traffic in (QUICK, TAIL))
    quantity = base.quantity._replace(worse=-1)
    sides = [
        [Estimate(e.y, e.sigma, e.count, quantity, e.seconds, distribution=e.distribution)]
        for e in (base, current)
    ]
    thin = thin_percentile(*sides, 0.05)
    assert thin is not None
    assert thin.change < 0
    assert thin.low < thin.change < thin.high < 0


def test_which_percentiles_are_thin(keep: Keep) -> None:
    estimates = run_estimates(keep({"GET /": Traffic(count=20)}, stages=[("L1", 20)]))
    short = run_estimates(keep({"GET /": Traffic(count=200)}, stages=[("L1", 19)]))
    thin = {m: is_thin([estimates[Key("L1", "GET /", m)]]) for m in ("p50", "p95", "p99", "rps")}
    assert thin == {"p50": False, "p95": False, "p99": True, "rps": False}
    assert is_thin([short[Key("L1", "GET /", "p50")]])
    assert not is_thin([short[Key("L1", "GET /", "rps")]])


def test_calibration_narrows_it(keep: Keep) -> None:
    runs = [keep() for _ in range(2)]
    wide, narrow = (thin_of(runs[:1], runs[1:], "p50", tau) for tau in (0.05, 0.01))
    assert narrow.high < wide.high
