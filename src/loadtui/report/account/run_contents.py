"""What there is to say about a saved run, read from its folder once for all formats of a report."""

from __future__ import annotations

from pathlib import Path

import msgspec

from loadtui.errors import UsageError
from loadtui.samples.tallies import Tallies
from loadtui.store.final_files import StoredException
from loadtui.store.manifest import Manifest
from loadtui.store.stored_run import Run
from loadtui.verdict.run_judgement import judge_run
from loadtui.verdict.run_summary import Summary, summarise
from loadtui.verdict.validity import run_seconds


class ErrorKind(msgspec.Struct):
    """Failures of one kind; times in seconds from the run's start, None where not known."""

    method: str
    name: str
    message: str
    count: int
    first: float | None
    last: float | None


class RunContents(msgspec.Struct):
    folder: Path
    manifest: Manifest
    """Judged, even when the host was killed before it could."""
    summary: Summary
    errors: list[ErrorKind]
    """The most frequent first."""
    exceptions: list[StoredException]


def read_run_contents(run: Run) -> RunContents:
    """Read a run.  Raises UsageError while it is running, and when a file of it is missing or
    damaged; a run that failed before it wrote any table has nothing but its manifest."""
    manifest = run.manifest
    if run.active:
        raise UsageError(
            f"run {run.id} is still {manifest.state}; watch it with `loadtui attach {run.id}`"
        )
    if manifest.state == "failed" and not manifest.checksums:
        nothing = Tallies()
        if manifest.exit_code is None:
            manifest = judge_run(manifest, nothing, [])
        return RunContents(run.folder, manifest, summarise([], [], nothing), [], [])
    from loadtui.store.load_tallies import load_tallies

    tallies = load_tallies(run)
    if manifest.exit_code is None:
        manifest = judge_run(manifest, tallies, run_seconds(run.timeline()))
    summary = summarise(
        manifest.stages,
        manifest.endpoints,
        tallies,
        duration_s=manifest.duration_s,
        percentiles=manifest.shown_percentiles,
    )
    errors = [
        ErrorKind(*row)
        for row in run.errors()
        .select("method", "name", "message", "count", "first", "last")
        .iter_rows()
    ]
    return RunContents(run.folder, manifest, summary, errors, run.exceptions())


def raised_at(traceback: str) -> str:
    """Where an exception was raised: the last `File ...` line of its traceback."""
    places = [line.strip() for line in traceback.splitlines() if line.lstrip().startswith("File ")]
    return places[-1] if places else ""
