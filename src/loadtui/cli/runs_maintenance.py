"""`loadtui runs pin, unpin, prune, export, import`: which saved runs stay, and carrying them."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from loadtui.cli.described import DescribedCommand
from loadtui.cli.notices import say
from loadtui.cli.stored_runs import find_run
from loadtui.errors import UsageError
from loadtui.plurals import counted
from loadtui.printable_text import visible_text

_FILE = click.Path(path_type=Path)


@click.command("pin", cls=DescribedCommand, short_help="Keep runs when others are pruned.")
@click.argument("runs", nargs=-1, required=True)
def pin_run(runs: tuple[str, ...]) -> int:
    """Keep runs when others are pruned."""
    return _pinned(runs, True)


@click.command("unpin", cls=DescribedCommand, short_help="Let pinned runs be pruned again.")
@click.argument("runs", nargs=-1, required=True)
def unpin_run(runs: tuple[str, ...]) -> int:
    """Let pinned runs be pruned again."""
    return _pinned(runs, False)


@click.command("prune", cls=DescribedCommand, short_help="Remove old runs.")
@click.option("--keep", type=click.IntRange(min=0), metavar="N", help="The newest N of each plan.")
@click.option("--older", metavar="AGE", help="Remove runs that began longer ago, e.g. 30d.")
@click.option("--size", metavar="SIZE", help="Remove the oldest until all take less, e.g. 2GB.")
@click.option("--dry-run", is_flag=True, help="Only tell which.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def prune_runs(
    keep: int | None, older: str | None, size: str | None, dry_run: bool, yes: bool
) -> int:
    """Remove runs for good that one of --keep, --older and --size does not let stay.

    Pinned runs stay, and those that are still running.  Baselines hold their own numbers, and lose
    nothing when a run of theirs goes.
    """
    from loadtui.report.account.formatting import size as in_words
    from loadtui.store.project_root import project_here
    from loadtui.store.removal import remove_run
    from loadtui.store.retention import Retention, expendable, size_of
    from loadtui.store.run_folder import runs_root
    from loadtui.store.run_list import list_runs
    from loadtui.store.stored_run import Run

    if keep is None and older is None and size is None:
        raise UsageError("say what may stay: --keep N, --older AGE or --size SIZE")
    retention = Retention(keep, _duration(older), _size(size))
    root = runs_root(project_here())
    listed = list_runs(root)
    for broken in listed:
        if not isinstance(broken, Run):
            say(f"loadtui: warning: left alone: {broken.error}")
    runs = [run for run in listed if isinstance(run, Run)]
    expendable_runs = expendable(runs, retention, datetime.now(UTC))
    for run in expendable_runs:
        click.echo(visible_text(run.id))
    freed = in_words(sum(size_of(run.folder) for run in expendable_runs))
    what = f"{len(expendable_runs)} of {len(runs)} runs, {freed}"
    if dry_run or not expendable_runs:
        click.echo(f"would remove {what}" if expendable_runs else "nothing to remove", err=True)
        return 0
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("there is no terminal to ask on; give -y to remove without asking")
        if not click.confirm(f"Remove {what}?", err=True):
            return 0
    for run in expendable_runs:
        remove_run(root, run.folder)
    say(f"removed {what}")
    return 0


@click.command("export", cls=DescribedCommand, short_help="Write runs into one archive.")
@click.argument("runs", nargs=-1, required=True)
@click.option("-o", "path", required=True, type=_FILE, metavar="FILE", help="The archive (.tar).")
def export_command(runs: tuple[str, ...], path: Path) -> int:
    """Write runs into one archive, for `loadtui runs import` elsewhere."""
    from loadtui.store.archive import export_runs as write

    found = list({run.id: run for run in map(find_run, runs)}.values())
    write(found, path)
    say(f"{path}: {counted(len(found), 'run')}")
    return 0


@click.command("import", cls=DescribedCommand, short_help="Take in the runs of an archive.")
@click.argument("path", type=_FILE, metavar="FILE")
def import_archive_command(path: Path) -> int:
    """Take in the runs of an archive that `loadtui runs export` wrote, all of them or none."""
    from loadtui.store.archive import import_runs
    from loadtui.store.project_root import project_here
    from loadtui.store.run_folder import runs_root

    for run in import_runs(path, runs_root(project_here())):
        click.echo(visible_text(run.id))
    return 0


MAINTENANCE_COMMANDS = (pin_run, unpin_run, prune_runs, export_command, import_archive_command)


def _pinned(refs: tuple[str, ...], pinned: bool) -> int:
    from loadtui.store.notes import save_notes

    for run in [find_run(ref) for ref in refs]:
        save_notes(run, pinned=pinned)
        say(f"{run.id} is {'pinned: it stays when others are pruned' if pinned else 'not pinned'}")
    return 0


def _duration(text: str | None) -> float | None:
    from loadtui.plan.units import parse_duration

    if text is not None and text.strip().replace(".", "", 1).isdigit():
        raise UsageError(f"--older: {text} what? e.g. {text.strip()}d")
    try:
        return None if text is None else parse_duration(text)
    except ValueError as error:
        raise UsageError(f"--older: {error}") from None


def _size(text: str | None) -> int | None:
    from loadtui.plan.units import parse_size

    try:
        return None if text is None else parse_size(text)
    except ValueError as error:
        raise UsageError(f"--size: {error}") from None
