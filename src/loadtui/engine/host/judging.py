"""What the host says of a run once its files are written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from loadtui.store.load_tallies import load_tallies
from loadtui.store.manifest import Manifest
from loadtui.store.manifest_file import write_manifest
from loadtui.store.stored_run import Run
from loadtui.verdict.against_baseline import judge_against_baseline
from loadtui.verdict.run_judgement import judge_manifest
from loadtui.verdict.run_summary import Summary, summarise
from loadtui.verdict.validity import worker_seconds
from loadtui.wire.run_spec import RunSpec


@dataclass
class JudgedRun:
    manifest: Manifest
    summary: Summary


def judge_and_save(
    folder: Path, manifest: Manifest, extra_reasons: list[str], spec: RunSpec
) -> JudgedRun:
    """Judge a run from its files, by itself and against the baseline that the spec names, and write
    what was found into its manifest.

    Blocks for as long as reading the tables takes: call it in a thread.
    """
    run = Run(folder, manifest)
    tallies = load_tallies(run)
    found = judge_manifest(manifest, tallies, worker_seconds(run.timeline()), extra_reasons)
    if spec.against is not None:
        found = judge_against_baseline(
            Run(folder, found),
            Path(spec.against.baseline),
            others=[Path(other) for other in spec.against.others],
            project=Path(spec.project),
            strict=spec.against.strict,
        )
    write_manifest(folder, found)
    summary = summarise(found.stages, found.endpoints, tallies, duration_s=found.duration_s)
    return JudgedRun(found, summary)
