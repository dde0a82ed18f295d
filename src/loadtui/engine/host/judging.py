"""What the host says of a run once its files are written: `python -m loadtui.engine.host.judging`.

A process of its own, since judging needs much that a run does not.  The host has the folder of the
locustfile on its path, as Locust has, and a file in there must not take the place of what is
imported only now.
"""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from pathlib import Path

import msgspec

from loadtui.errors import UsageError
from loadtui.store.final_files import write_final_files
from loadtui.store.load_tallies import load_tallies
from loadtui.store.log_lines import HOST_PROCESS, LOG_ONLY, line_start
from loadtui.store.manifest import Manifest
from loadtui.store.manifest_file import write_manifest
from loadtui.store.stored_run import Run
from loadtui.verdict.against_baseline import compare_with_baseline
from loadtui.verdict.run_judgement import judge_run
from loadtui.verdict.run_summary import summarise
from loadtui.verdict.validity import run_seconds
from loadtui.wire.judgement import JudgedRun, JudgeOrder, NotJudged
from loadtui.wire.messages import EndpointRow
from loadtui.wire.run_spec import RunSpec


def judge_and_save(folder: Path, manifest: Manifest, spec: RunSpec) -> JudgedRun:
    """Judge a run from its files, by itself and against the baseline that the spec names, and write
    the result into its manifest."""
    run = Run(folder, manifest)
    tallies = load_tallies(run)
    errors = run.errors().select("message", "count").iter_rows()
    seconds = run_seconds(run.timeline())
    judged = judge_run(manifest, tallies, seconds, errors)
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
    return JudgedRun(
        judged,
        summary.totals.whole,
        [
            EndpointRow(row.endpoint.method, row.endpoint.name, row.figures.whole, 0.0)
            for row in summary.endpoints
            if row.stage is None
        ],
    )


def main() -> None:
    """Read a JudgeOrder from standard input, and write the JudgedRun to standard output."""
    order = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=JudgeOrder)
    answer_to = os.dup(1)
    os.dup2(2, 1)
    folder = Path(sys.argv[1])
    answer: JudgedRun | NotJudged
    try:
        written = write_final_files(folder, order.manifest, end_second=order.end_second)
        answer = judge_and_save(folder, written, order.spec)
    except (OSError, ValueError, UsageError) as error:
        _log(traceback.format_exc())
        answer = NotJudged(_words(error), isinstance(error, OSError))
    with os.fdopen(answer_to, "wb") as to:
        to.write(msgspec.msgpack.encode(answer))


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        name = Path(os.fsdecode(error.filename)).name if error.filename else ""
        return f"{error.strerror}: {name}" if name else error.strerror
    return str(error)


def _log(text: str) -> None:
    """Into the run's log, and not to who watches the run; or nowhere, on a disk that fails."""
    start = line_start(HOST_PROCESS, LOG_ONLY)
    with contextlib.suppress(OSError):
        os.write(2, b"".join(start + line.encode() + b"\n" for line in text.splitlines()))


if __name__ == "__main__":
    main()
