"""What the host says of a run once its files are written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from loadtui.samples.error_kinds import KindCounts
from loadtui.store.final_files import write_exceptions
from loadtui.store.load_tallies import load_tallies
from loadtui.store.manifest import Manifest
from loadtui.store.manifest_file import write_manifest
from loadtui.store.stored_run import Run
from loadtui.verdict.against_baseline import compare_with_baseline
from loadtui.verdict.exit_codes import run_outcome
from loadtui.verdict.run_judgement import judge_run
from loadtui.verdict.run_summary import Summary, summarise
from loadtui.verdict.validity import worker_seconds
from loadtui.wire.messages import EndpointRow, Snapshot
from loadtui.wire.run_spec import RunSpec


@dataclass
class JudgedRun:
    manifest: Manifest
    summary: Summary

    def last_snapshot(self, snapshot: Snapshot) -> Snapshot:
        """The last snapshot of a run for its viewers: with the figures of the stored files, not
        those counted on the way.  Changes the one that is given."""
        manifest, summary = self.manifest, self.summary
        snapshot.totals = summary.totals.whole
        snapshot.endpoints = [
            EndpointRow(row.endpoint.method, row.endpoint.name, row.figures.whole, 0.0)
            for row in summary.endpoints
            if row.stage is None
        ]
        snapshot.measured = None
        snapshot.thresholds = manifest.thresholds
        snapshot.invalid_reasons = manifest.validity.reasons
        snapshot.bad_seconds = manifest.validity.bad_seconds
        snapshot.measured_seconds = manifest.validity.measured_seconds
        snapshot.unfinished = manifest.totals.unfinished
        snapshot.exit_code = manifest.exit_code
        snapshot.verdict = manifest.verdict
        snapshot.not_compared = manifest.uncompared
        return snapshot


def amend(
    folder: Path,
    judged: JudgedRun,
    exceptions: KindCounts,
    process_exit_code: int | None,
    because: str,
) -> JudgedRun:
    """Add what the listeners of `quit` did, which are told the exit code, to a judged run.

    Blocks: call it in a thread.
    """
    manifest = write_exceptions(
        folder,
        msgspec.structs.replace(
            judged.manifest, process_exit_code=process_exit_code, ended_because=because
        ),
        exceptions,
    )
    alone = run_outcome(manifest)
    if alone.code:  # else the comparison with a baseline counts, as it did before
        manifest = msgspec.structs.replace(manifest, exit_code=alone.code, verdict=alone.word)
    write_manifest(folder, manifest)
    return JudgedRun(manifest, judged.summary)


def judge_and_save(
    folder: Path, manifest: Manifest, extra_reasons: list[str], spec: RunSpec
) -> JudgedRun:
    """Judge a run from its files, by itself and against the baseline that the spec names, and write
    the result into its manifest.

    Blocks for as long as reading the tables takes: call it in a thread.
    """
    run = Run(folder, manifest)
    tallies = load_tallies(run)
    judged = judge_run(manifest, tallies, worker_seconds(run.timeline()), extra_reasons)
    if spec.against is not None:
        judged = compare_with_baseline(
            Run(folder, judged),
            Path(spec.against.baseline),
            others=[Path(other) for other in spec.against.others],
            project=Path(spec.project),
            strict=spec.against.strict,
            required=spec.against.required,
        )
    write_manifest(folder, judged)
    summary = summarise(
        judged.stages,
        judged.endpoints,
        tallies,
        duration_s=judged.duration_s,
        percentiles=judged.shown_percentiles,
    )
    return JudgedRun(judged, summary)
