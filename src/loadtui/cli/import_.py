"""`loadtui import`: what other programs measured, as runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loadtui.cli.outputs import RunOutputs, with_outputs
from loadtui.errors import UsageError

if TYPE_CHECKING:
    from loadtui.store.stored_run import Run

_FILE = click.Path(path_type=Path)


class _WithFormats(click.Command):
    """A command whose help lists the formats of the registry, which takes a while to import."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from loadtui.importing.registry import READERS

        with formatter.section("Formats"):
            for reader in READERS:
                formatter.write_text(reader.name)
        super().format_options(ctx, formatter)


@click.command("import", cls=_WithFormats)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=_FILE)
@click.option("--name", metavar="PLAN", help="Plan that the runs are of; default: the file's name.")
@with_outputs
def command(files: tuple[Path, ...], name: str | None, outputs: RunOutputs) -> int:
    """Save the results of other programs as runs, marked as IMPORTED.

    FILE is in one of the formats below.  The CSV files of one Locust run are given together.  What
    a file does not say stays unknown.  An imported run must meet the thresholds that every run must
    meet, and the exit code is that of its verdict.
    """
    from loadtui.importing.imported_run import store_imported_run
    from loadtui.importing.run_sources import read_files
    from loadtui.store.project_root import project_here
    from loadtui.verdict.exit_codes import combined_exit_code, stored_exit_code

    if name is not None and not (name.strip() and name.isprintable()):
        raise UsageError(f"--name: {name!r} cannot be the name of a plan")
    outputs.check()
    # All are read before the first is saved: a damaged file leaves nothing behind.
    sources = list(read_files(files))
    project = project_here()
    runs = []
    for source in sources:
        run = store_imported_run(source, project=project, name=name)
        _tell(run, on_stdout=not outputs.on_stdout)
        for path in source.beside:
            click.echo(f"loadtui: {path} lies beside it and was not named", err=True)
        runs.append(run)
    outputs.write_runs(runs, several=len(runs) > 1)
    return combined_exit_code(stored_exit_code(run.manifest) for run in runs)


def _tell(run: Run, *, on_stdout: bool) -> None:
    from loadtui.cli.stored_runs import text_width
    from loadtui.report.text.import_text import import_text
    from loadtui.report.text.paint import wants_color

    stream = sys.stdout if on_stdout else sys.stderr
    text = import_text(run, text_width(), wants_color(stream))
    click.echo(text, nl=False, file=stream, color=True)
