"""What the listeners of `quit` did, added to a run that was judged before: they are told its exit
code."""

from __future__ import annotations

from pathlib import Path

import msgspec

from loadtui.samples.error_kinds import KindCounts
from loadtui.store.final_files import write_exceptions
from loadtui.store.manifest_file import write_manifest
from loadtui.verdict.exit_codes import run_outcome, waive_defaults
from loadtui.wire.judgement import JudgedRun


def with_quit_outcome(
    folder: Path,
    judged: JudgedRun,
    exceptions: KindCounts,
    process_exit_code: int | None,
    exit_asked: bool,
    because: str,
) -> JudgedRun:
    """The judged run with all exceptions of user code, the exit code that the locustfile wants now,
    and why the run ended; its files are written anew.

    Blocks: call it in a thread.
    """
    ended = msgspec.structs.replace(
        judged.manifest,
        process_exit_code=process_exit_code,
        exit_asked=exit_asked,
        ended_because=because,
    )
    manifest = write_exceptions(folder, waive_defaults(ended), exceptions)
    alone = run_outcome(manifest)
    if alone.code:  # else the comparison with a baseline counts, as it did before
        manifest = msgspec.structs.replace(manifest, exit_code=alone.code, verdict=alone.word)
    write_manifest(folder, manifest)
    return msgspec.structs.replace(judged, manifest=manifest)
