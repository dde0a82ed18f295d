"""`loadtui report`: a saved run as a document."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loadtui.cli.described import DescribedCommand
from loadtui.cli.outputs import (
    STDOUT,
    RunOutputs,
    chosen_outputs,
    csv_options,
    form_options,
    github_option,
)
from loadtui.cli.percentiles import percentiles_option, showing
from loadtui.cli.runs_option import runs_option
from loadtui.cli.stored_runs import find_base, find_run, project_of
from loadtui.errors import UsageError

if TYPE_CHECKING:
    from loadtui.report.account.subject import RunSubject
    from loadtui.store.stored_run import Run


@click.command("report", cls=DescribedCommand)
@click.argument("runs", nargs=-1, metavar="[RUN]...")
@form_options("md")
@csv_options
@github_option
@click.option("--baseline", metavar="BASE", help="Judge against this baseline or run instead.")
@click.option("--no-baseline", is_flag=True, help="Judge the run by itself.")
@click.option("--strict", is_flag=True, help="With --baseline: exit with 4 when inconclusive.")
@percentiles_option
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever the verdict.")
@runs_option
def command(
    runs: tuple[str, ...],
    as_: str | None,
    paths: tuple[Path, ...],
    csv_prefix: str | None,
    csv_full_history: bool,
    github: bool,
    baseline: str | None,
    no_baseline: bool,
    strict: bool,
    percentiles: tuple[str, ...],
    exit_zero: bool,
) -> int:
    """Write one or more saved runs as documents, and exit as the runs did.

    RUN is a run's id, the beginning of one, the path of its folder, or `latest`, which is also what
    is taken without one.  The verdict is that of the run's end, unless --baseline asks for another.
    """
    from loadtui.verdict.exit_codes import combined_exit_code, stored_exit_code

    if no_baseline and baseline is not None:
        raise UsageError("--no-baseline does not go with --baseline")
    if strict and baseline is None:
        raise UsageError("--strict goes with --baseline: a run that was judged stays so judged")
    asked = bool(paths or as_) or not (csv_prefix is not None or github)
    files = chosen_outputs(as_, paths, default="md") if asked else []
    github = github or any(output.format == "github" for output in files)
    outputs = RunOutputs(
        # Annotations on standard output are what --github prints.
        [one for one in files if (one.format, one.path) != ("github", STDOUT)],
        csv_prefix,
        csv_full_history,
        github,
    )
    outputs.check()
    found = {run.id: showing(run, percentiles) for run in map(find_run, runs or ("latest",))}
    subjects = _subjects(list(found.values()), baseline, no_baseline, strict)
    outputs.write(subjects, several=len(subjects) > 1)
    codes = [stored_exit_code(subject.manifest) for subject in subjects]
    return 0 if exit_zero else combined_exit_code(codes)


def _subjects(
    runs: Sequence[Run], baseline: str | None, no_baseline: bool, strict: bool
) -> list[RunSubject]:
    from loadtui.report.account.subject import run_subject, run_subject_against, uncompared_subject

    if no_baseline:
        return [uncompared_subject(run) for run in runs]
    if baseline is None:
        return [run_subject(run, project_of(run)) for run in runs]
    return [
        run_subject_against(run, find_base(baseline, run), project_of(run), strict=strict)
        for run in runs
    ]
