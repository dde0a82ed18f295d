"""What the host says of a run once its files are written: validity, thresholds, exit code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from loadtui.samples.figures import Figures
from loadtui.store.journal import WorkerSecond
from loadtui.store.manifest import Manifest, Validity
from loadtui.store.manifest_file import write_manifest
from loadtui.store.run import Run
from loadtui.store.tallies import load_tallies
from loadtui.verdict.exitcode import exit_code, word
from loadtui.verdict.summary import Summary, summarise
from loadtui.verdict.thresholds import judge
from loadtui.verdict.validity import bad_seconds, validity


@dataclass
class Judged:
    manifest: Manifest
    totals: Figures
    summary: Summary


def judge_run(folder: Path, manifest: Manifest, extra_reasons: list[str]) -> Judged:
    """Judge a run from its files and write what was found into its manifest.

    Blocks for as long as reading the tables takes: call it in a thread.
    """
    run = Run(folder, manifest)
    tallies = load_tallies(run)
    summary = summarise(
        manifest.stages, manifest.endpoints, tallies, duration_s=manifest.duration_s
    )
    valid = _validity(run, summary)
    if extra_reasons:
        valid = msgspec.structs.replace(
            valid, valid=False, reasons=[*valid.reasons, *extra_reasons]
        )
    thresholds = judge(
        manifest.plan,
        manifest.stages,
        manifest.endpoints,
        tallies,
        final=True,
        unfinished=manifest.totals.unfinished,
    )
    code = exit_code(
        state=manifest.state,
        valid=valid.valid,
        thresholds=thresholds,
        exceptions=manifest.totals.exceptions,
        allow_exceptions=manifest.plan.allow_exceptions,
        process_exit_code=manifest.process_exit_code,
    )
    judged = msgspec.structs.replace(
        manifest, validity=valid, thresholds=thresholds, exit_code=code, verdict=word(code)
    )
    write_manifest(folder, judged)
    return Judged(judged, summary.totals.whole, summary)


def _validity(run: Run, summary: Summary) -> Validity:
    manifest = run.manifest
    timeline = run.timeline()
    rows = [
        (second, _workers(cpu, wait, lag))
        for second, cpu, wait, lag in timeline.select("second", "cpu", "wait", "lag_ms").iter_rows()
    ]
    counted, kind = bad_seconds(rows, manifest.stages, summary.totals.whole.p50_ms)
    return validity(
        counted,
        kind=kind,
        lost_deltas=sum(worker.lost_deltas for worker in manifest.workers),
        lost_requests=sum(worker.lost_requests for worker in manifest.workers),
        lost_workers=[worker.lost for worker in manifest.workers if worker.lost],
        started=manifest.totals.requests + manifest.totals.unfinished,
    )


def _workers(
    cpu: list[float | None], wait: list[float | None], lag: list[float | None]
) -> list[WorkerSecond]:
    """A second of the timeline; workers that were not running in it are None there."""
    return [
        WorkerSecond(index, one, waited, late)
        for index, (one, waited, late) in enumerate(zip(cpu, wait, lag, strict=True))
        if one is not None and waited is not None and late is not None
    ]
