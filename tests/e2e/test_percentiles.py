"""One latency has one percentile, wherever it is read: live, stored, judged, drawn, replayed."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from loadtui.engine.host.collector import Collector
from loadtui.report.account.run_contents import read_run_contents
from loadtui.samples.bins import bin_of
from loadtui.samples.delta import Delta, encode_delta
from loadtui.samples.estimate import TOTAL, Key
from loadtui.store.journal import JournalWriter
from loadtui.store.run_folder import runs_root
from loadtui.store.stored_run import Run
from loadtui.tui.project.replay_moments import ReplayMoments
from loadtui.verdict.estimates import run_estimates
from loadtui.verdict.run_curves import RunCurves
from tests.support.stored_runs import Traffic, keep_run

US = 12_801
MS = 12.801
STAGE, ENDPOINT = "L1", "GET /a"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Every request took the same time."""
    traffic = {ENDPOINT: Traffic(us=US, count=1)}
    return keep_run(runs_root(tmp_path) / "run", traffic, stages=((STAGE, 20),))


def test_live(tmp_path: Path) -> None:
    collector = Collector(JournalWriter(tmp_path / "journal.bin"))
    delta = Delta(
        worker=0,
        seq=1,
        total=1,
        endpoints=[(0, "GET", "/a")],
        cells=[0, 1, 0, bin_of(US), 1],
        windows=[0, 1, 0, 1, US, US, US, 9],
    )
    collector.fold(encode_delta(delta))
    for tally in (collector.total, collector.by_endpoint[0], collector.take_arrivals().total):
        figures = tally.figures(1.0)
        assert (figures.p50_ms, figures.p95_ms, figures.p99_ms) == (MS, MS, MS)


def test_stored(run: Run) -> None:
    summary = read_run_contents(run).summary
    for both in (summary.totals, *(row.figures for row in summary.endpoints)):
        for figures in (both.whole, both.measured):
            assert (figures.p50_ms, figures.p95_ms, figures.p99_ms) == (MS, MS, MS)


@pytest.mark.parametrize("endpoint", [ENDPOINT, TOTAL])
def test_compared(run: Run, endpoint: str) -> None:
    estimates = run_estimates(run)
    for stat in ("p50", "p95", "p99"):
        estimate = estimates[Key(STAGE, endpoint, stat)]
        assert estimate.y == math.log(US)
        assert estimate.quantity.natural(estimate.y) == pytest.approx(MS, rel=1e-12)


@pytest.mark.parametrize("endpoint", [ENDPOINT, None])
def test_drawn(run: Run, endpoint: str | None) -> None:
    curves = RunCurves.of_run(run)
    assert set(curves.percentile_curve(STAGE, endpoint).ms) == {MS}
    series = curves.series(STAGE, endpoint)
    assert {*series.p50_ms, *series.p95_ms, *series.p99_ms} == {MS}


def test_replayed(run: Run, tmp_path: Path) -> None:
    replay = ReplayMoments(run, tmp_path)
    moment = replay.moment(replay.length)
    for figures in (moment.snapshot.totals, moment.snapshot.now):
        assert (figures.p50_ms, figures.p99_ms) == (MS, MS)
    assert {(point.p50_ms, point.p95_ms, point.p99_ms) for point in moment.points} == {(MS, MS, MS)}
