"""Whole simulated runs: the same for the same seed, true to their profile, marked as simulated."""

from __future__ import annotations

import math
from pathlib import Path
from statistics import NormalDist

import msgspec
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.errors import UsageError
from loadtui.plan.fingerprint import fingerprint
from loadtui.plan.model import Plan
from loadtui.report.json.run_document import run_document
from loadtui.report.text.run_text import run_text
from loadtui.samples.bins import MAX_US, bin_of
from loadtui.samples.tallies import Tallies
from loadtui.samples.trend_bins import trend_bin_of
from loadtui.simulate.profile import (
    EndpointProfile,
    LoadProfile,
    Profile,
    StallProfile,
    shifted_profile,
)
from loadtui.simulate.requests import bins, trend_bins
from loadtui.simulate.simulated_run import FAILURE, simulate_run
from loadtui.store.load_tallies import load_tallies
from loadtui.store.stored_run import Run, verify_checksums

REQUESTS = 60_000


@pytest.fixture
def run(plan: Plan, steady: Profile, tmp_path: Path) -> Run:
    return simulate_run(plan, steady, 7, REQUESTS, project=tmp_path)


def truth(endpoint: EndpointProfile, p: float) -> float:
    """A percentile of the mixture in milliseconds, by bisection."""
    whole = sum(part.weight for part in endpoint.latency)

    def below(ms: float) -> float:
        return sum(
            part.weight / whole * NormalDist(math.log(part.median_ms), part.sigma).cdf(math.log(ms))
            for part in endpoint.latency
        )

    low, high = 0.001, 1e6
    for _ in range(100):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if below(middle) < p else (low, middle)
    return low


def test_the_same_seed_gives_the_same_files_and_another_seed_does_not(
    plan: Plan, steady: Profile, tmp_path: Path
) -> None:
    first, again, other = (
        simulate_run(plan, steady, seed, 5_000, project=tmp_path) for seed in (3, 3, 4)
    )
    assert first.id != again.id
    assert first.manifest.checksums == again.manifest.checksums
    assert (
        first.manifest.checksums["samples.parquet"] != other.manifest.checksums["samples.parquet"]
    )
    assert first.manifest.totals != other.manifest.totals


def test_all_tables_tell_of_the_same_requests(run: Run, steady: Profile) -> None:
    totals = run.manifest.totals
    windows, timeline = run.windows(), run.timeline()

    assert totals.requests == pytest.approx(REQUESTS, abs=5 * math.sqrt(REQUESTS))
    assert run.samples()["count"].sum() == totals.requests
    assert windows["count"].sum() == totals.requests
    assert timeline["requests"].sum() == totals.requests
    assert timeline["completed"].sum() == totals.requests
    assert timeline["failures"].sum() == totals.failures > 0
    assert timeline["in_flight"].to_list()[-1] == 0
    assert run.errors().select("message", "count").rows() == [(FAILURE, totals.failures)]
    ok = windows.filter(pl.col("ok"), pl.col("endpoint") == 0)
    assert ok["bytes"].sum() == 500 * ok["count"].sum()
    assert totals.users_max == 40
    metrics = run.metrics().group_by("kind", "name").agg(pl.col("count").sum()).rows()
    assert {name for _, name, _ in metrics} == {tallies_of.name for tallies_of in steady.metrics}


def test_figures_are_those_of_the_profile(run: Run, steady: Profile) -> None:
    tallies = load_tallies(run)
    for number, tallies_of in enumerate(steady.endpoints):
        tally = tallies.merged(endpoint=number)
        assert tally.failures / tally.requests == pytest.approx(tallies_of.error_rate, abs=0.006)
        for p, within in ((0.5, 0.03), (0.95, 0.03), (0.99, 0.06)):
            assert tally.percentile_us(p) == pytest.approx(1000 * truth(tallies_of, p), rel=within)
    a, b = (tallies.merged(endpoint=number).requests for number in (0, 1))
    assert a / (a + b) == pytest.approx(0.75, abs=0.01)
    # 40 users for 60 s after 10 users for 40 s; the ramps are a second or two.
    share = tallies.merged(stage=1).requests / run.manifest.totals.requests
    assert share == pytest.approx(2390 / 2790, abs=0.01)


def test_custom_metrics_are_those_of_the_profile(run: Run) -> None:
    tallies: Tallies = load_tallies(run)
    asked = [tallies.merged(endpoint=number).requests for number in (0, 1)]

    counter = tallies.merged_metric("counter", "violations")
    assert counter is not None
    assert counter.count == pytest.approx(0.25 * asked[0], rel=0.05)
    rate = tallies.merged_metric("rate", "timeouts")
    assert rate is not None
    assert rate.count == sum(asked)
    assert rate.rate() == pytest.approx(0.5, abs=0.01)
    trend = tallies.merged_metric("trend", "ttft", endpoint="POST /b")
    assert trend is not None
    assert trend.count == asked[1]
    assert trend.percentiles((0.5,))[0] == pytest.approx(80, rel=0.02)
    assert tallies.metric_infos["ttft"].unit == "ms"


def test_a_shift_moves_only_the_latencies_it_names(
    plan: Plan, steady: Profile, tmp_path: Path
) -> None:
    before = load_tallies(simulate_run(plan, steady, 1, REQUESTS, project=tmp_path))
    slower = shifted_profile(steady, "POST *", 1.6)
    after = load_tallies(simulate_run(plan, slower, 2, REQUESTS, project=tmp_path))

    def change(endpoint: int) -> float:
        medians = [
            tallies_of.merged(endpoint=endpoint).percentile_us(0.5)
            for tallies_of in (before, after)
        ]
        assert medians[0] is not None
        assert medians[1] is not None
        return medians[1] / medians[0]

    assert change(1) == pytest.approx(1.6, rel=0.04)
    assert change(0) == pytest.approx(1.0, rel=0.04)


def test_requests_in_a_stall_wait_for_its_end(plan: Plan, steady: Profile, tmp_path: Path) -> None:
    stalling = msgspec.structs.replace(steady, stalls=StallProfile(every_s=4, mean_ms=2_000))
    tally = load_tallies(simulate_run(plan, stalling, 1, REQUESTS, project=tmp_path)).merged()
    calm = load_tallies(simulate_run(plan, steady, 1, REQUESTS, project=tmp_path)).merged()

    assert tally.max_us > 2_000_000 > calm.max_us
    # A third of the time is stalls, in each of which half of it is left to wait on average.
    waited = (tally.sum_us / tally.requests - calm.sum_us / calm.requests) / 1e6
    assert 0.2 < waited < 2.0


def test_load_wanders_and_latencies_follow_it(plan: Plan, steady: Profile, tmp_path: Path) -> None:
    wandering = msgspec.structs.replace(steady, load=LoadProfile(sd=0.3, memory=0.9, slows=1.0))
    run = simulate_run(plan, wandering, 1, REQUESTS, project=tmp_path)

    by_second = (
        run.windows()
        .filter(pl.col("stage") == 1, pl.col("second") >= 42, pl.col("endpoint") == 1)
        .group_by("second")
        .agg(pl.col("count").sum(), mean=pl.col("sum_us").sum() / pl.col("count").sum())
        .sort("second")
    )
    counts = by_second["count"].cast(pl.Float64)
    assert counts.std() > 3 * math.sqrt(counts.mean())  # type: ignore[arg-type]
    assert by_second.select(pl.corr("count", "mean")).item() > 0.7
    lagged = by_second.select(pl.corr("count", pl.col("count").shift(1))).item()
    assert lagged > 0.6


def test_a_run_says_everywhere_that_it_is_simulated(run: Run, plan: Plan) -> None:
    manifest = run.manifest

    assert manifest.provenance.kind == "simulated"
    assert manifest.provenance.source == "loadtui simulate, seed 7"
    assert manifest.state == "finished"
    assert manifest.validity.valid
    assert manifest.fingerprint == fingerprint(plan)
    assert manifest.machine == {"simulated": True}
    assert manifest.workers == []
    assert manifest.git is None
    assert "simulated" in manifest.note
    assert verify_checksums(run) == []
    assert Run.open(run.folder).manifest == manifest
    text = run_text(run, 100, color=False)
    assert "SIMULATED by loadtui simulate, seed 7" in text.splitlines()[0]
    assert "nothing was measured" in text
    assert "on SIMULATED numbers" in text
    assert "load generator" not in text
    assert run_document(run)["provenance"] == "simulated"


def test_the_run_is_judged_by_its_thresholds(run: Run) -> None:
    assert (run.manifest.verdict, run.manifest.exit_code) == ("fail", 1)  # 7.5 % errors in all


@pytest.mark.parametrize(
    ("changes", "requests", "said"),
    [
        ({"stages": ()}, 100, "no stages"),
        ({}, 0, "--requests"),
        ({"locustfiles": ("nowhere/none.py",)}, 100, "none.py"),
    ],
)
def test_what_cannot_be_simulated_is_refused_and_leaves_nothing_behind(
    plan: Plan,
    steady: Profile,
    tmp_path: Path,
    changes: dict[str, object],
    requests: int,
    said: str,
) -> None:
    with pytest.raises(UsageError, match=said):
        simulate_run(
            msgspec.structs.replace(plan, **changes), steady, 1, requests, project=tmp_path
        )
    assert not (tmp_path / ".loadtui").exists()


def test_a_single_request_and_none_at_all_make_a_run(
    plan: Plan, steady: Profile, tmp_path: Path
) -> None:
    totals = [simulate_run(plan, steady, seed, 1, project=tmp_path).manifest for seed in range(8)]
    assert {0, 1} <= {tallies_of.totals.requests for tallies_of in totals}
    empty = next(tallies_of for tallies_of in totals if not tallies_of.totals.requests)
    assert empty.validity.reasons == ["no request was started"]


@given(st.lists(st.integers(0, MAX_US), min_size=1, max_size=50))
def test_bins_of_a_column_are_those_of_single_values(values: list[int]) -> None:
    frame = pl.DataFrame({"us": [*values, 0, 255, 256, 511, 512, MAX_US]})
    tally = frame.select(bin=bins(pl.col("us"))).get_column("bin").to_list()
    assert tally == [bin_of(us) for us in frame["us"].to_list()]


@given(
    st.lists(
        st.one_of(
            st.floats(1e-12, 1e12),
            st.integers(1, 2**40).map(float),
            st.integers(-60, 60).map(lambda power: 2.0**power),
            st.integers(-60, 60).map(lambda power: math.nextafter(2.0**power, 0)),
        ),
        min_size=1,
    )
)
def test_trend_bins_of_a_column_are_those_of_its_values(values: list[float]) -> None:
    frame = pl.DataFrame({"value": values})
    in_columns = frame.select(bin=trend_bins(pl.col("value"))).get_column("bin").to_list()
    assert in_columns == [trend_bin_of(value) for value in values]
