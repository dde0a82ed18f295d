"""The comparison of runs with a baseline, or with other runs: one verdict for everything.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from loadtui.plan.model import Plan
from loadtui.plurals import counted
from loadtui.samples.estimate import TOTAL, Key, Quantity
from loadtui.store.calibration_file import Calibration, load_calibration
from loadtui.store.comparison import VERDICT_WORDS, Comparison, ComparisonRow, Verdict
from loadtui.store.manifest import Manifest
from loadtui.verdict import calibration
from loadtui.verdict.comparability import (
    differences,
    incomparable,
    not_compared,
    same_load,
    stage_order,
)
from loadtui.verdict.exit_codes import failing_on_error
from loadtui.verdict.interval import Prior
from loadtui.verdict.metric_comparison import NOT_TESTED
from loadtui.verdict.metric_limits import ComparisonRules
from loadtui.verdict.sides import ComparedRun, SideRuns
from loadtui.verdict.significance import MAX_GATED_ENDPOINTS, compare_metrics
from loadtui.verdict.tolerances import (
    limits_of,
    metrics_named_in,
    most_counted,
    named_in,
    undecided_fails,
)


def compare_sides(
    base: SideRuns,
    current: SideRuns,
    plan: Plan,
    *,
    priors: Mapping[Key, Prior] | None = None,
    any_fingerprint: bool = False,
) -> Comparison:
    """Judge the current runs, all together, against the base.

    `plan` is the one whose thresholds and tolerances count.  With `any_fingerprint` runs of
    different loads are compared all the same.  Raises UsageError for tolerances that make no sense.
    """
    base_runs = [run.estimates for run in base.runs]
    runs = [run.estimates for run in current.runs]
    metrics: dict[Key, Quantity] = {}
    for run in (*base_runs, *runs):
        for key, estimate in run.items():
            metrics.setdefault(key, estimate.quantity)
    rules = ComparisonRules(
        limits=limits_of(plan, metrics, most_counted(base_runs)),
        priors=priors or {},
        named=named_in(plan, {key.endpoint for key in metrics}),
        named_metrics=metrics_named_in(plan, metrics),
        must_decide=undecided_fails(plan, metrics),
        incomparable=incomparable(base, current, any_load=any_fingerprint),
        same_load=same_load(base, current),
    )
    nothing = not_compared(base, current, any_load=any_fingerprint)
    order = {stage: at for at, stage in enumerate(stage_order(base, current))}
    rows = sorted(
        compare_metrics(base_runs, runs, rules), key=lambda row: (order[row.stage], row.key)
    )
    failures = [why for run in current.runs for why in _failures(run)]
    counted = Counter(row.word for row in rows)
    return Comparison(
        base=base.side,
        current=current.side,
        verdict=_verdict(rows, failures),
        rows=rows,
        counts={word: counted[word] for word in VERDICT_WORDS if counted[word]},
        tests=sum(row.tested for row in rows),
        finds_p95=_finds_p95(rows),
        differences=differences(base, current, any_load=any_fingerprint),
        remarks=[
            *_remarks(base.runs, "base"),
            *_remarks(current.runs, "run"),
            *_same_runs(base, current),
            *_other_plans(base, current),
            *_untested(rows),
        ],
        failures=failures,
        not_compared=nothing,
        uncompared_stages={}
        if nothing
        else {stage: barred.why for stage, barred in rules.incomparable.items()},
    )


def priors_for(project: Path, manifest: Manifest) -> dict[Key, Prior]:
    """The run-to-run deviations that were measured for the load of this run on its machine; none
    where there is no calibration that fits.  Raises UsageError for a damaged calibration."""
    deviations: Calibration | None = load_calibration(project, manifest.plan.name)
    return (
        calibration.priors(deviations)
        if deviations is not None and deviations.fits(manifest)
        else {}
    )


def _verdict(rows: Sequence[ComparisonRow], failures: Sequence[str]) -> Verdict:
    words = {row.word for row in rows}
    if failures or any(row.status == "fail" for row in rows):
        return "fail"
    if "regressed" in words:
        return "regressed"
    if not words & {"improved", "unchanged"}:
        return "not comparable" if "not comparable" in words else "inconclusive"
    if "inconclusive" in words:
        return "inconclusive"
    return "not comparable" if "not comparable" in words else "pass"


def _finds_p95(rows: Iterable[ComparisonRow]) -> tuple[float, float] | None:
    smallest = [row.mde90 for row in rows if row.metric == "p95" and row.tested and row.mde90]
    return (min(smallest), max(smallest)) if smallest else None


def _same_runs(base: SideRuns, current: SideRuns) -> Iterable[str]:
    for run in current.side.runs:
        if run in base.side.runs:
            yield f"run {run} is compared with itself: it is part of the base"


def _other_plans(base: SideRuns, current: SideRuns) -> Iterable[str]:
    its, now = (
        sorted({run.plan_file for run in side.runs if run.plan_file}) for side in (base, current)
    )
    if its and now and its != now:
        yield f"the base was made from {' and '.join(its)}, the run from {' and '.join(now)}"


def _untested(rows: Iterable[ComparisonRow]) -> Iterable[str]:
    """A change at an endpoint that is not tested passes unseen: say that there are such."""
    endpoints = {
        row.endpoint
        for row in rows
        if row.reason == NOT_TESTED and row.fail is not None and row.endpoint != TOTAL
    }
    if endpoints:
        yield (
            f"{counted(len(endpoints), 'endpoint')} not tested, as only the {MAX_GATED_ENDPOINTS} "
            "busiest are and those that the plan names in a threshold or tolerance"
        )


def _failures(run: ComparedRun) -> Iterable[str]:
    """Why a run fails by itself: what failed cannot pass by being as bad as it was before."""
    manifest = run.manifest
    if manifest is None:
        return
    for result in manifest.thresholds:
        if result.status != "pass":
            where = " ".join(part for part in (result.stage, result.endpoint) if part)
            what = f" for {where}" if where else ""
            yield f"run {run.run} did not meet {result.check}{what}"
    if manifest.totals.exceptions and not manifest.plan.allow_exceptions:
        raised = counted(manifest.totals.exceptions, "exception")
        yield f"user code raised {raised} in run {run.run}"
    if manifest.process_exit_code:
        yield (
            f"the locustfile set process_exit_code {manifest.process_exit_code} in run {run.run}"
        )
    if on_error := failing_on_error(manifest):
        code = manifest.plan.exit_code_on_error
        yield f"run {run.run} has {on_error}, and was run with --exit-code-on-error {code}"


def _remarks(runs: Iterable[ComparedRun], side: str) -> Iterable[str]:
    for run in runs:
        manifest = run.manifest
        if manifest is None:
            continue
        if manifest.imported is not None and manifest.imported.given is not None:
            yield (
                f"{side} {run.run} was imported without samples: its figures are shown, not judged"
            )
        if manifest.state == "interrupted":
            yield f"{side} {run.run} was interrupted after {manifest.duration_s:.0f} s"
        if side == "base" and any(result.status != "pass" for result in manifest.thresholds):
            yield f"{side} {run.run} did not meet its own thresholds"
