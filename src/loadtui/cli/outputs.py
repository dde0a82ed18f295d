"""Where the results of runs go: files in the formats of a report, Locust's CSV files, GitHub."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from loadtui.cli.notices import say
from loadtui.errors import UsageError
from loadtui.report.formats import FORMAT_NAMES, REPORT_FORMATS, format_for

if TYPE_CHECKING:
    from loadtui.report.account.account import Account
    from loadtui.report.account.subject import RunSubject
    from loadtui.store.stored_run import Run

STDOUT = Path("-")
STEP_SUMMARY = "GITHUB_STEP_SUMMARY"
"""Names the file to which a GitHub job adds what its page shows of a step."""


class OutputFile(NamedTuple):
    format: str
    """Name of a format in report.formats."""
    path: Path
    """`-` is standard output."""
    option: str
    """What the person gave it with."""


@dataclass(frozen=True)
class RunOutputs:
    """What is written of runs, beside what people read on the terminal."""

    files: Sequence[OutputFile] = ()
    csv_prefix: str | None = None
    csv_full_history: bool = False
    github: bool = False
    """True: annotations are printed, and the step's summary is added to where there is one."""

    @property
    def on_stdout(self) -> bool:
        """Whether standard output is for one of the files, and for nothing else."""
        return any(output.path == STDOUT for output in self.files)

    @property
    def options(self) -> list[str]:
        """Names of the options that ask for something."""
        names = [output.option for output in self.files]
        names += ["--csv"] if self.csv_prefix is not None else []
        return [*names, "--github"] if self.github else names

    def check(self) -> None:
        """Refuse what cannot be written before the run, not after it: raises UsageError."""
        on_stdout = [output.option for output in self.files if output.path == STDOUT]
        if len(on_stdout) > 1:
            raise UsageError(f"{on_stdout[1]} -: standard output is taken by {on_stdout[0]} -")
        if self.csv_full_history and self.csv_prefix is None:
            raise UsageError("--csv-full-history: give --csv PREFIX as well")
        for output in self.files:
            check_writable(output.path, output.option)
        if self.csv_prefix is not None:
            check_writable(Path(f"{self.csv_prefix}_stats.csv"), "--csv")

    def write_runs(self, runs: Sequence[Run], *, several: bool) -> None:
        """Write what was asked for of saved runs; UsageError as `write`."""
        if not self.options or not (runs or several):
            return
        from loadtui.report.account.subject import run_subject
        from loadtui.store.project_root import project_of_run

        subjects = [run_subject(run, project_of_run(run.folder)) for run in runs]
        self.write(subjects, several=several)

    def write(self, subjects: Sequence[RunSubject], *, several: bool) -> None:
        """Write everything that was asked for; with `several` the JSON is an array.

        Raises UsageError for the first thing that failed, after the others were written.
        """
        tasks: list[Callable[[], None]] = [
            partial(_write_file, output, subjects, several) for output in self.files
        ]
        if self.csv_prefix is not None:
            tasks.append(partial(self._write_csv, subjects))
        if self.github:
            tasks.append(partial(self._tell_github, subjects))
        do_all(tasks)

    def _write_csv(self, subjects: Sequence[RunSubject]) -> None:
        from loadtui.report.locust_csv.locust_csv_writer import write_locust_csv

        for subject in subjects:
            prefix = (
                self.csv_prefix if len(subjects) == 1 else f"{self.csv_prefix}_{subject.run.id}"
            )
            write_locust_csv(subject.run, prefix or "", full_history=self.csv_full_history)
            kind = subject.manifest.provenance.kind
            if kind != "measured" or not subject.manifest.validity.valid:
                what = kind.upper() if kind != "measured" else "INVALID"
                say(
                    f"loadtui: warning: {prefix}_stats.csv has no place to say that run "
                    f"{subject.run.id} is {what}"
                )

    def _tell_github(self, subjects: Sequence[RunSubject]) -> None:
        from loadtui.report.account.account import account_of_run
        from loadtui.report.github_annotations import print_annotations
        from loadtui.report.markdown.verdict_markdown import runs_markdown

        accounts = [account_of_run(subject) for subject in subjects]
        # The runner reads both streams.
        click.echo(print_annotations(accounts), nl=False, err=self.on_stdout)
        add_to_step_summary(runs_markdown(subjects), accounts)


def _write_file(output: OutputFile, subjects: Sequence[RunSubject], several: bool) -> None:
    from loadtui.report.formats import format_named

    put_text(format_named(output.format).of_runs(subjects, several), output.path, output.option)


def add_to_step_summary(markdown: str, accounts: Sequence[Account]) -> None:
    """Add to the summary of a GitHub step; nothing outside of one."""
    if path := os.environ.get(STEP_SUMMARY):
        from loadtui.report.github_annotations import append_step_summary
        from loadtui.report.markdown.verdict_markdown import headlines

        append_step_summary(Path(path), markdown, headlines(accounts))


def do_all(tasks: Sequence[Callable[[], object]]) -> None:
    """Do each, whatever becomes of the others; then raise the first UsageError there was."""
    first: UsageError | None = None
    for task in tasks:
        try:
            task()
        except UsageError as error:
            first = first or error
    if first is not None:
        raise first


def put_text(data: bytes, path: Path, option: str) -> None:
    """Write a result; UsageError when it fails."""
    if path == STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from loadtui.store.output_file import write_output

    try:
        write_output(path, data)
    except OSError as error:
        raise UsageError(f"{option} {path}: {error.strerror}; the run itself is saved") from error


def check_writable(path: Path, option: str) -> None:
    """UsageError for a result file that cannot be written."""
    if path == STDOUT:
        return
    folder = path.parent
    if not folder.is_dir():
        raise UsageError(f"{option} {path}: there is no folder {folder}, make it first")
    if path.is_dir() or not os.access(path if path.exists() else folder, os.W_OK):
        raise UsageError(f"{option} {path}: no permission to write there")


def json_output(path: Path | None) -> RunOutputs:
    """Of a command that writes JSON alone."""
    return RunOutputs([] if path is None else [OutputFile("json", path, "--json")])


_FILE = click.Path(allow_dash=True, dir_okay=False, readable=False, path_type=Path)
_FILE_FORMATS = [known for known in REPORT_FORMATS if known.option]


def with_outputs(function: Callable[..., Any]) -> Callable[..., Any]:
    """A command with an option for each kind of result, which it gets as one value `outputs`."""

    @functools.wraps(function)
    def command(*args: Any, **given: Any) -> Any:
        files = [
            OutputFile(known.name, path, f"--{known.option}")
            for known in _FILE_FORMATS
            if (path := given.pop(f"{known.option}_path")) is not None
        ]
        outputs = RunOutputs(
            files, given.pop("csv_prefix"), given.pop("csv_full_history"), given.pop("github")
        )
        return function(*args, outputs=outputs, **given)

    with_options = csv_options(github_option(command))
    for known in reversed(_FILE_FORMATS):
        option = click.option(
            f"--{known.option}",
            f"{known.option}_path",
            type=_FILE,
            metavar="FILE",
            help=known.help,
        )
        with_options = option(with_options)
    return with_options


def csv_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options of Locust's CSV files: `csv_prefix` and `csv_full_history`."""
    function = click.option(
        "--csv-full-history",
        is_flag=True,
        help="With --csv: the history of each endpoint, as Locust's option of that name.",
    )(function)
    return click.option(
        "--csv",
        "csv_prefix",
        metavar="PREFIX",
        help="Write PREFIX_stats.csv and the three others that Locust's --csv writes.",
    )(function)


github_option = click.option(
    "--github", is_flag=True, help="Print GitHub annotations, and add to the step's summary."
)


def form_options(default: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`as_` and `paths`: the format of what a command writes, and where it goes."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        function = click.option(
            "-o",
            "paths",
            type=_FILE,
            multiple=True,
            metavar="FILE",
            help="Write to a file, - for stdout; may be given several times.",
        )(function)
        return click.option(
            "--format",
            "as_",
            type=click.Choice(FORMAT_NAMES),
            help=f"Default: as the end of the file's name says; on stdout {default}.",
        )(function)

    return add


def chosen_outputs(as_: str | None, paths: Sequence[Path], *, default: str) -> list[OutputFile]:
    """What `form_options` ask for; without a file standard output.

    Raises UsageError for a file that cannot be written, or whose name says no format.
    """
    outputs = []
    for path in paths or [STDOUT]:
        name = as_ or (default if path == STDOUT else format_for(path).name)
        outputs.append(OutputFile(name, path, "-o"))
    RunOutputs(outputs).check()
    return outputs
