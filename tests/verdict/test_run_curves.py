"""The values that the drawing of a comparison is made of."""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl
import pytest

from loadtui.store.baseline_file import read_baseline, write_baseline
from loadtui.verdict.promotion import promote
from loadtui.verdict.run_curves import SHARES, RunCurves
from tests.support.stored_runs import Traffic, keep_run

TRAFFIC = {"GET /a": Traffic(us=100_000, count=30), "POST /b": Traffic(us=10_000, failing=0.5)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run"


def test_shares_rise_to_all() -> None:
    assert list(SHARES) == sorted(set(SHARES))
    assert (SHARES[0], SHARES[-1]) == (0.0, 1.0)
    assert {0.5, 0.95, 0.99} <= set(SHARES)


def test_series_of_a_run(folder: Path) -> None:
    drawing = RunCurves.of_run(keep_run(folder, TRAFFIC, stages=[("L1", 20), ("L2", 33)]), step_s=5)
    assert drawing.stages == ["L1", "L2"]
    series = drawing.series("L2", "GET /a")
    assert series.seconds == [0, 5, 10, 15, 20, 25, 30]
    assert (series.step_s, series.lead_s) == (5, 2)
    assert series.rps == [30.0] * 7
    assert series.failures == [0.0] * 7
    assert series.p95_ms == pytest.approx([100.0] * 7, rel=0.004)
    total = drawing.series("L2")
    assert total.rps == [70.0] * 7
    assert sum(total.failures) / 7 == pytest.approx(20, abs=1)
    assert total.p50_ms == pytest.approx([10.0] * 7, rel=0.004)


def test_a_curve_by_percentile(folder: Path) -> None:
    drawing = RunCurves.of_run(keep_run(folder, TRAFFIC, stages=[("L1", 20)]))
    ms = drawing.percentile_curve("L1").ms
    assert len(ms) == len(SHARES)
    assert ms == sorted(ms)
    assert ms[SHARES.index(0.5)] == pytest.approx(10, rel=0.004)
    assert ms[SHARES.index(0.6)] == pytest.approx(100, rel=0.004)  # 40 of 70 are quick


def test_what_is_not_there(folder: Path) -> None:
    drawing = RunCurves.of_run(keep_run(folder, {"GET /a": Traffic(timed=False)}))
    assert drawing.percentile_curve("L1").ms == []
    assert set(drawing.series("L1").p50_ms) == {None}
    assert drawing.percentile_curve("L9").ms == []
    assert drawing.series("L9").seconds == []
    assert set(drawing.series("L1", "GET /none").rps) == {0.0}


def test_a_baseline_is_the_mean_of_its_runs(tmp_path: Path) -> None:
    for number, count in enumerate((20, 40)):
        traffic = {"GET /a": Traffic(us=50_000, count=count)}
        done = promote(keep_run(tmp_path / f"run-{number}", traffic), tmp_path / "baselines")
    drawing = RunCurves.of_baseline(done.path)
    assert drawing is not None
    series = drawing.series("L1")
    assert series.step_s == 10
    assert series.rps == [30.0] * 7
    assert series.p99_ms == pytest.approx([50.0] * 7, rel=0.04)
    assert drawing.percentile_curve("L1", "GET /a").ms == pytest.approx(
        [50.0] * len(SHARES), rel=0.04
    )


def test_without_a_drawing_there_is_none(tmp_path: Path) -> None:
    run = keep_run(tmp_path / "run", {"GET /a": Traffic()})
    done = promote(run, tmp_path / "baselines")
    done.path.with_suffix(".parquet").unlink()
    assert RunCurves.of_baseline(done.path) is None


def test_nothing_drawn_is_beyond_the_extremes(tmp_path: Path) -> None:
    """The bin of 100 000 us begins below it, and a baseline's coarse one ends far above."""
    for us in (100_000, 99_841, 33_023):
        run = keep_run(tmp_path / f"run-{us}", {"GET /a": Traffic(us=us)}, stages=[("L1", 20)])
        promoted = promote(run, tmp_path / f"baselines-{us}")
        of_baseline = RunCurves.of_baseline(promoted.path)
        assert of_baseline is not None
        for drawing in (RunCurves.of_run(run), of_baseline):
            assert set(drawing.percentile_curve("L1").ms) == {us / 1000}
            series = drawing.series("L1", "GET /a")
            assert {*series.p50_ms, *series.p95_ms, *series.p99_ms} == {us / 1000}


def test_a_baseline_s_drawing_of_an_earlier_version_has_no_extremes(tmp_path: Path) -> None:
    run = keep_run(tmp_path / "run", {"GET /a": Traffic(us=100_000)}, stages=[("L1", 20)])
    path = promote(run, tmp_path / "baselines").path.with_suffix(".parquet")
    pl.read_parquet(path).drop("min_us", "max_us").write_parquet(path)
    written = path.with_suffix(".json")
    baseline = msgspec.structs.replace(read_baseline(written), drawing="")
    write_baseline(written.parent, baseline)
    drawing = RunCurves.of_baseline(written)
    assert drawing is not None
    assert drawing.percentile_curve("L1").ms[0] == pytest.approx(100, rel=0.04)
