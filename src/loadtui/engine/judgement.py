"""What the host says of a run once its files are written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from loadtui.store.manifest import Manifest
from loadtui.store.manifest_file import write_manifest
from loadtui.store.run import Run
from loadtui.store.tallies import load_tallies
from loadtui.verdict.against_baseline import judged_against
from loadtui.verdict.judgement import judged
from loadtui.verdict.summary import Summary, summarise
from loadtui.verdict.validity import worker_seconds
from loadtui.wire.spec import RunSpec


@dataclass
class Judged:
    manifest: Manifest
    summary: Summary


def judge_run(folder: Path, manifest: Manifest, extra_reasons: list[str], spec: RunSpec) -> Judged:
    """Judge a run from its files, by itself and against the baseline that the spec names, and write
    what was found into its manifest.

    Blocks for as long as reading the tables takes: call it in a thread.
    """
    run = Run(folder, manifest)
    tallies = load_tallies(run)
    found = judged(manifest, tallies, worker_seconds(run.timeline()), extra_reasons)
    if spec.against is not None:
        found = judged_against(
            Run(folder, found),
            Path(spec.against.baseline),
            others=[Path(other) for other in spec.against.others],
            project=Path(spec.project),
            strict=spec.against.strict,
        )
    write_manifest(folder, found)
    summary = summarise(found.stages, found.endpoints, tallies, duration_s=found.duration_s)
    return Judged(found, summary)
