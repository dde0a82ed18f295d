"""What a number of runs of one build say about how much such runs differ on this box.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from loadtui.errors import ExitCode, UsageError
from loadtui.samples.estimate import Key
from loadtui.store.calibration_file import CALIBRATION_FORMAT, Calibration, Deviation
from loadtui.store.stored_run import Run
from loadtui.verdict.compared_percentiles import compared_percentiles
from loadtui.verdict.estimates import run_estimates
from loadtui.verdict.interval import Prior, calibrated

FEWEST_RUNS = 2


def calibration_of(runs: Sequence[Run]) -> Calibration:
    """The run-to-run deviation of every metric that at least two of these runs have.

    Counters have none, and neither has a rate that was 0 in all runs.  Raises UsageError for fewer
    than two runs (with exit code 3), for runs of different loads or that nobody measured, and for
    a run that cannot be read.
    """
    if len(runs) < FEWEST_RUNS:
        raise UsageError(
            f"a calibration needs at least {FEWEST_RUNS} valid runs, found {len(runs)}",
            exit_code=ExitCode.INVALID,
        )
    first = runs[0].manifest
    for run in runs:
        origin = run.manifest.provenance.kind
        if origin != "measured":
            raise UsageError(f"{run.id} is {origin}, it cannot be used for this machine")
        if run.manifest.fingerprint != first.fingerprint:
            raise UsageError(f"{run.id} is not comparable with {runs[0].id}: another fingerprint")
    percentiles = compared_percentiles(run.manifest for run in runs)
    estimates = [run_estimates(run, percentiles) for run in runs]
    deviations = []
    for key in sorted({key for run in estimates for key in run}):
        values = [run[key] for run in estimates if key in run]
        kind = values[0].quantity
        if len(values) < FEWEST_RUNS or kind.scale == "count":
            continue
        if kind.scale == "fraction" and not any(value.y for value in values):
            continue
        prior = calibrated(values)
        deviations.append(Deviation(*key, tau=prior.tau, df=prior.df, runs=len(values)))
    return Calibration(
        format=CALIBRATION_FORMAT,
        plan=first.plan.name,
        fingerprint=first.fingerprint,
        date=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        machine=first.machine,
        runs=[run.id for run in runs],
        deviations=deviations,
    )


def priors(calibration: Calibration) -> dict[Key, Prior]:
    """Priors for verdicts; their degrees of freedom are never counted higher than they are."""
    return {
        Key(deviation.stage, deviation.endpoint, deviation.metric): Prior(
            deviation.tau, deviation.df, cap=deviation.df
        )
        for deviation in calibration.deviations
    }
