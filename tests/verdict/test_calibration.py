"""Run-to-run deviation from runs of one build: right numbers, kept, and read back as priors."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from statistics import fmean, variance

import msgspec
import pytest

from loadtui.errors import UsageError
from loadtui.plan.model import Plan, Stage
from loadtui.samples.estimate import Key
from loadtui.simulate.profile import (
    CounterProfile,
    EndpointProfile,
    LatencyPart,
    Profile,
    default_profile,
    with_error_rate,
)
from loadtui.simulate.simulated_run import simulate_run
from loadtui.store.calibration_file import load_calibration, save_calibration
from loadtui.store.manifest import Provenance
from loadtui.store.stored_run import Run
from loadtui.verdict.calibration import calibration_of, priors
from loadtui.verdict.estimates import run_estimates

Draw = Callable[..., list[Run]]
P95 = Key("L", "GET /endpoint/1", "p95")


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    """Draws runs and passes them off as measured."""
    (tmp_path / "shop.py").write_text("import locust\n")
    stages = (Stage("L", 10, 10, 60),)
    plan = Plan(name="shop", locustfiles=(str(tmp_path / "shop.py"),), stages=stages)

    def draw(runs: int, requests: int = 3_000, **changes: object) -> list[Run]:
        profile = msgspec.structs.replace(default_profile(plan, 2), **changes)
        drawn = [
            simulate_run(plan, profile, seed, requests, project=tmp_path) for seed in range(runs)
        ]
        return [_measured(run) for run in drawn]

    return draw


def _measured(run: Run) -> Run:
    manifest = msgspec.structs.replace(
        run.manifest, provenance=Provenance("measured"), machine={"host": "box"}
    )
    return Run(run.folder, manifest)


def test_tau_is_what_the_runs_differ_by_beyond_their_own_noise(draw: Draw) -> None:
    runs = draw(8, run_to_run=0.2)
    prior = priors(calibration_of(runs))[P95]

    values = [run_estimates(run)[P95] for run in runs]
    excess = variance(value.y for value in values) - fmean(value.sigma**2 for value in values)
    assert prior.tau == pytest.approx(math.sqrt(excess), rel=1e-12)
    assert 0.08 < prior.tau < 0.4
    assert (prior.df, prior.cap) == (7, 7)


def test_tau_is_never_below_one_percent(draw: Draw) -> None:
    assert min(value.tau for value in calibration_of(draw(4, run_to_run=0.0)).deviations) == 0.01


def test_tau_of_a_rate_is_a_share_of_the_rate(draw: Draw) -> None:
    parts = (LatencyPart(median_ms=10, sigma=0.3),)
    endpoints = (EndpointProfile("GET", "/a", latency=parts, error_rate=0.2),)
    runs = draw(8, requests=20_000, endpoints=endpoints, run_to_run=0.3)
    prior = priors(calibration_of(runs))[Key("L", "GET /a", "error_rate")]

    values = [run_estimates(run)[Key("L", "GET /a", "error_rate")] for run in runs]
    excess = variance(value.y for value in values) - fmean(value.sigma**2 for value in values)
    assert prior.tau == pytest.approx(
        math.sqrt(excess) / fmean(value.y for value in values), rel=1e-9
    )


def test_what_cannot_deviate_is_left_out(draw: Draw) -> None:
    profile = with_error_rate(Profile(endpoints=default_profile(_plan(), 1).endpoints), 0.0)
    counters = (CounterProfile(name="violations", share=0.5),)
    runs = draw(2, endpoints=profile.endpoints, counters=counters, bursts=_none())
    metrics = {value.metric for value in calibration_of(runs).deviations}
    assert metrics == {"p50", "p95", "p99", "rps"}


def test_a_calibration_is_kept_for_runs_of_the_same_load_on_the_same_machine(
    draw: Draw, tmp_path: Path
) -> None:
    runs = draw(3)
    calibration = calibration_of(runs)
    assert load_calibration(tmp_path, "shop") is None

    path = save_calibration(tmp_path, calibration)

    assert path == tmp_path / ".loadtui" / "calibration" / "shop.json"
    prior = load_calibration(tmp_path, "shop")
    assert prior == calibration
    assert prior.runs == [run.id for run in runs]
    manifest = runs[0].manifest
    assert prior.fits(manifest)
    replaced = msgspec.structs.replace
    assert not prior.fits(replaced(manifest, fingerprint="another"))
    assert not prior.fits(replaced(manifest, machine={"host": "elsewhere"}))
    assert not prior.fits(replaced(manifest, provenance=Provenance("simulated")))


def test_runs_that_say_nothing_of_this_machine_are_refused(draw: Draw) -> None:
    value, two = draw(2)
    with pytest.raises(UsageError, match="at least 2 valid runs, found 1"):
        calibration_of([value])
    simulated = msgspec.structs.replace(two.manifest, provenance=Provenance("simulated"))
    with pytest.raises(UsageError, match="is simulated"):
        calibration_of([value, Run(two.folder, simulated)])
    other = msgspec.structs.replace(two.manifest, fingerprint="another")
    with pytest.raises(UsageError, match="another fingerprint"):
        calibration_of([value, Run(two.folder, other)])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text[:100], "is damaged"),
        (lambda text: text.replace('"format": 1', '"format": 99'), "newer loadtui"),
        (lambda text: text.replace('"plan": "shop"', '"plan": "other"'), "it is of plan other"),
        (lambda text: text.replace('"tau": ', '"tau": -'), "makes no sense"),
        (lambda text: text.replace('"tau": ', '"tau": NaN'), "is damaged"),
        (lambda text: "<<<<<<< ours\n" + text, "is damaged"),
        (lambda _: "", "is damaged"),
    ],
)
def test_a_bad_file_is_one_sentence_with_the_way_out(
    draw: Draw, tmp_path: Path, change: Callable[[str], str], said: str
) -> None:
    path = save_calibration(tmp_path, calibration_of(draw(2, requests=200)))
    path.write_text(change(re.sub(r',\s*"checksum": "\w+"', "", path.read_text())))
    with pytest.raises(UsageError, match=said) as caught:
        load_calibration(tmp_path, "shop")
    assert str(path) in str(caught.value)
    assert "remove the file" in str(caught.value)


def _plan() -> Plan:
    return Plan(name="shop", locustfiles=())


def _none() -> object:
    from loadtui.simulate.profile import BurstProfile

    return BurstProfile(every_s=0)
