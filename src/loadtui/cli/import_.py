"""`loadtui import`: what other programs measured, as runs."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loadtui.cli.described import DescribedCommand
from loadtui.cli.notices import say
from loadtui.cli.outputs import RunOutputs, with_outputs
from loadtui.cli.runs_option import runs_option
from loadtui.errors import UsageError

if TYPE_CHECKING:
    from loadtui.importing.source import ImportSource
    from loadtui.store.stored_run import Run

_FILE = click.Path(path_type=Path)


class _WithFormats(DescribedCommand):
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
@runs_option
def command(files: tuple[Path, ...], name: str | None, outputs: RunOutputs) -> int:
    """Save the results of other programs as runs, marked as IMPORTED.

    FILE is in one of the formats below.  The CSV files of one Locust run are given together.  What
    a file does not say stays unknown.  An imported run must meet the thresholds that every run must
    meet, and the exit code is that of its verdict.
    """
    from loadtui.importing.run_sources import read_files
    from loadtui.store.project_root import project_here
    from loadtui.verdict.exit_codes import combined_exit_code, stored_exit_code

    if name is not None and not (name.strip() and name.isprintable()):
        raise UsageError(f"--name: {name!r} cannot be the name of a plan")
    outputs.check()
    # All are read before the first is saved: a damaged file leaves nothing behind.
    with _progress_shown(files):
        sources = list(read_files(files))
    beside = [source.beside for source in sources]
    project = project_here()
    runs = _stored(sources, project, name)
    keys_by_run = _keys_by_run(project)
    for run, paths in zip(runs, beside, strict=True):
        _tell(run, on_stdout=not outputs.on_stdout)
        for path in paths:
            say(f"loadtui: {path} lies beside it and was not named")
        _tell_earlier(run, keys_by_run, own=[one.id for one in runs])
    outputs.write_runs(runs, several=len(runs) > 1)
    return combined_exit_code(stored_exit_code(run.manifest) for run in runs)


@contextmanager
def _progress_shown(files: Sequence[Path]) -> Iterator[None]:
    from loadtui.cli.reading_progress import ReadingProgress
    from loadtui.importing.files.watched_file import reading_watched

    unicode = "utf" in (sys.stderr.encoding or "").lower()
    with ReadingProgress(sys.stderr, files, unicode=unicode) as progress, reading_watched(progress):
        yield


def _keys_by_run(project: Path) -> dict[str, list[str]]:
    """The imported runs of a project, newest first, with what tells their files."""
    from loadtui.store.run_folder import runs_root
    from loadtui.store.run_list import list_runs
    from loadtui.store.same_import import import_keys
    from loadtui.store.stored_run import Run

    runs = list_runs(runs_root(project))
    return {run.id: import_keys(run.manifest) for run in runs if isinstance(run, Run)}


def _stored(sources: list[ImportSource], project: Path, name: str | None) -> list[Run]:
    """Save all or, where one fails or somebody interrupts it, none.  Takes the sources out of the
    list, as each holds much memory."""
    from loadtui.importing.imported_run import store_imported_run

    runs: list[Run] = []
    try:
        while sources:
            runs.append(store_imported_run(sources.pop(0), project=project, name=name))
    except BaseException:
        for run in runs:
            shutil.rmtree(run.folder, ignore_errors=True)
        raise
    return runs


def _tell_earlier(run: Run, keys_by_run: Mapping[str, list[str]], own: Sequence[str]) -> None:
    """Say when a run of the same files is there already: it may be meant, as under another name.
    `own` are those of this command."""
    from loadtui.store.same_import import same_import

    keys = keys_by_run.get(run.id, [])
    earlier = [one for one, its in keys_by_run.items() if one not in own and same_import(keys, its)]
    if earlier:
        more = f" and {len(earlier) - 1} more" if len(earlier) > 1 else ""
        say(
            f"loadtui: the same was imported before, as run {earlier[0]}{more}; "
            f"`loadtui runs rm {run.id}` removes this one"
        )


def _tell(run: Run, *, on_stdout: bool) -> None:
    from loadtui.cli.stored_runs import text_width
    from loadtui.report.text.import_text import import_text
    from loadtui.report.text.paint import wants_color

    stream = sys.stdout if on_stdout else sys.stderr
    text = import_text(run, text_width(), wants_color(stream))
    click.echo(text, nl=False, file=stream, color=True)
