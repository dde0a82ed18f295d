"""The two sides of a comparison: a baseline, or runs that are kept.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from loadtui.errors import ExitCode, UsageError
from loadtui.percentile_names import ascending
from loadtui.plan.fingerprint_parts import FingerprintParts
from loadtui.plan.model import Users
from loadtui.samples.estimate import Estimate, Key
from loadtui.store.baseline import Baseline, BaselineRun
from loadtui.store.comparison import Side
from loadtui.store.load_tallies import load_tallies
from loadtui.store.manifest import Manifest
from loadtui.store.project_root import relative_plan_file
from loadtui.store.stored_run import Run, verify_checksums
from loadtui.verdict.compared_percentiles import compared_percentiles, percentiles_among
from loadtui.verdict.estimates import run_estimates, stage_names
from loadtui.verdict.run_judgement import judge_run
from loadtui.verdict.validity import run_seconds


class StageFacts(msgspec.Struct, frozen=True):
    users: Users
    lead: int
    """Seconds before the measured part."""
    seconds: int
    """Length of the measured part."""
    steered: bool = False
    figures_only: bool = False
    """True: its figures were given without samples, so that its length may not be known."""


class ComparedRun(msgspec.Struct, frozen=True):
    """One run of a side: its numbers, and what may explain them."""

    run: str
    estimates: dict[Key, Estimate]
    stages: dict[str, StageFacts]
    """By name, in the order they were run."""
    fingerprint: str
    target: str
    machine: dict[str, Any]
    versions: dict[str, str]
    workers: int
    manifest: Manifest | None = None
    """None for a run that only a baseline knows."""
    fingerprint_parts: FingerprintParts | None = None
    """None where they are not known."""
    plan_file: str = ""
    """Relative to its project; empty: not known."""


class SideRuns(msgspec.Struct, frozen=True):
    side: Side
    runs: list[ComparedRun]

    @property
    def percentiles(self) -> tuple[str, ...]:
        """Names of those it has of any endpoint or Trend."""
        return percentiles_among(key for run in self.runs for key in run.estimates)


def side_of_baseline(baseline: Baseline) -> SideRuns:
    """A baseline that was read, and so checked, before."""
    side = Side(
        name=baseline.name,
        kind="baseline",
        plan=baseline.plan,
        provenance=baseline.provenance,
        runs=[run.run for run in baseline.runs],
    )
    runs = [
        _of_baseline(baseline, run, estimates)
        for run, estimates in zip(baseline.runs, baseline.estimates(), strict=True)
    ]
    return SideRuns(side, runs)


def side_of_runs(runs: Sequence[Run], percentiles: Iterable[str] = ()) -> SideRuns:
    """One or more saved runs, with the percentiles that are compared of any of them, and these.

    Raises UsageError for a run that is still running or whose files are damaged, and with exit
    code 3 for one that is invalid: its numbers cannot be trusted.
    """
    names = ascending([*compared_percentiles(run.manifest for run in runs), *percentiles])
    compared = [compared_run(run, names) for run in runs]
    first = runs[0].manifest
    kinds = list(dict.fromkeys(run.manifest.provenance.kind for run in runs))
    side = Side(
        name=", ".join(run.id for run in runs),
        kind="run",
        plan=first.plan.name,
        provenance=" and ".join(kinds),
        runs=[run.id for run in runs],
    )
    return SideRuns(side, compared)


def both_sides(base: Path | Run, runs: Sequence[Run]) -> tuple[SideRuns, SideRuns]:
    """A baseline's file or a run, and the runs to compare with it, with the same percentiles as far
    as the base has them; UsageError as `read_side` and `side_of_runs`."""
    if isinstance(base, Path):
        base_side = read_side(base)
    else:
        base_side = side_of_runs([base], compared_percentiles(run.manifest for run in runs))
    return base_side, side_of_runs(runs, base_side.percentiles)


def compared_run(run: Run, percentiles: Sequence[str] | None = None) -> ComparedRun:
    """A saved run to compare, with these percentiles, by default its own; UsageError as
    `side_of_runs`."""
    manifest = judged_manifest(run)
    if not manifest.validity.valid:
        counted = _counted(manifest)
        raise UsageError(
            f"run {run.id} is invalid and never compared: {'; '.join(manifest.validity.reasons)}"
            f"{counted}",
            exit_code=ExitCode.INVALID,
        )
    if wrong := verify_checksums(run):
        raise UsageError(f"run {run.id} cannot be compared: {wrong[0]}")
    return ComparedRun(
        run=run.id,
        # A run of its own, so that its tables are not kept in memory for longer.
        estimates=run_estimates(Run(run.folder, manifest), percentiles),
        stages=stage_facts(manifest),
        fingerprint=manifest.fingerprint,
        target=manifest.plan.target,
        machine=manifest.machine,
        versions=manifest.versions,
        workers=len(manifest.workers),
        manifest=manifest,
        fingerprint_parts=manifest.fingerprint_parts,
        plan_file=relative_plan_file(manifest.plan),
    )


def _counted(manifest: Manifest) -> str:
    totals = manifest.totals
    if totals.requests is None or totals.failures is None:
        return ""
    return f" (it counted {totals.requests} requests, {totals.failures} of them failed)"


def judged_manifest(run: Run) -> Manifest:
    """The manifest of a run, judged now when its host did not live to do it.

    Raises UsageError for a run that is still running.
    """
    manifest = run.manifest
    if run.active:
        raise UsageError(
            f"run {run.id} is still {manifest.state}; wait for its end, "
            f"`loadtui attach {run.id}` shows it"
        )
    if manifest.exit_code is not None or not manifest.checksums:
        return manifest
    return judge_run(manifest, load_tallies(run), run_seconds(run.timeline()))


def stage_facts(manifest: Manifest) -> dict[str, StageFacts]:
    names = stage_names(manifest.stages)
    return {
        name: StageFacts(
            span.users,
            span.measured_from - span.start,
            span.measured_to - span.measured_from,
            span.steered,
            figures_only=manifest.imported is not None and manifest.imported.given is not None,
        )
        for name, span in zip(names, manifest.stages, strict=True)
    }


def read_side(path: Path) -> SideRuns:
    """The baseline in a file; UsageError when it cannot be used."""
    from loadtui.store.baseline_file import read_baseline

    return side_of_baseline(read_baseline(path))


def _of_baseline(
    baseline: Baseline, run: BaselineRun, estimates: dict[Key, Estimate]
) -> ComparedRun:
    return ComparedRun(
        run=run.run,
        estimates=estimates,
        stages={
            stage.name: StageFacts(
                stage.users,
                stage.lead,
                stage.seconds,
                figures_only=any(
                    f.se is None for by in stage.endpoints.values() for f in by.values()
                ),
            )
            for stage in run.stages
        },
        fingerprint=baseline.fingerprint,
        target=run.target,
        machine=run.machine,
        versions=run.versions,
        workers=run.workers,
        fingerprint_parts=baseline.fingerprint_parts,
        plan_file=baseline.plan_file,
    )
