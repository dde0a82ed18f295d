"""`loadtui baseline`: what counts as normal."""

from __future__ import annotations

import sys

import click

from loadtui.cli.baseline_options import baselines_option
from loadtui.cli.described import DescribedGroup
from loadtui.cli.notices import say
from loadtui.cli.runs_option import runs_option
from loadtui.cli.stored_runs import baselines_folder, find_run, text_width
from loadtui.errors import ExitCode, UsageError
from loadtui.plurals import counted
from loadtui.printable_text import visible_text


@click.group("baseline", cls=DescribedGroup)
def command() -> None:
    """Promote runs to a baseline; list, show and remove baselines.

    A baseline is the file baselines/NAME.json: up to ten runs of a plan, made to be committed and
    reviewed.  RUN is a run's id, the beginning of one, the path of its folder, or `latest`.
    """


@command.command("promote", short_help="Add a run to the baseline of its plan.")
@click.argument("run")
@click.option("--name", metavar="NAME", help="Of the baseline; default: the plan's name.")
@click.option("--replace", is_flag=True, help="Start the baseline anew, with this run alone.")
@click.option("--force", is_flag=True, help="Promote a run that did not meet its thresholds.")
@baselines_option
@runs_option
def promote_command(run: str, name: str | None, replace: bool, force: bool) -> int:
    """Add a run to the baseline of its plan, or to the one of the given name.

    Refused are runs that are simulated, invalid, interrupted, failed or steered, and those of
    another load than the runs before them.  Of more than ten runs the oldest goes.
    """
    from loadtui.verdict.promotion import promote as promoted

    chosen = find_run(run)
    root = baselines_folder(chosen)
    found = promoted(chosen, root, name=name, replace=replace, force=force)
    for old in found.dropped:
        say(f"dropped {old}, the oldest of more than ten runs")
    for earlier in found.instead:
        say(f"took the place of {earlier}, which was made of the same files")
    again = ", which it was part of before" if found.again else ""
    runs = counted(len(found.baseline.runs), "run")
    click.echo(visible_text(f"{found.path}: {runs} of {found.baseline.plan}{again}"))
    return 0


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@baselines_option
def list_baselines_command(as_json: bool) -> int:
    """List the baselines."""
    from loadtui.report.json.baselines_document import baselines_document
    from loadtui.report.json.json_bytes import to_json
    from loadtui.report.text.baselines_text import baselines_text
    from loadtui.report.text.paint import wants_color
    from loadtui.store.baseline import Baseline
    from loadtui.store.baseline_file import BrokenBaseline, list_baselines

    root = baselines_folder()
    listed = list_baselines(root)
    for broken in listed:
        if isinstance(broken, BrokenBaseline):
            say(f"loadtui: warning: {broken.error}")
    baselines = [entry for entry in listed if isinstance(entry, Baseline)]
    if as_json:
        click.echo(to_json(baselines_document(baselines)), nl=False)
    elif baselines:
        click.echo(
            baselines_text(baselines, text_width(), wants_color(sys.stdout)), nl=False, color=True
        )
    else:
        say(f"No baselines in {root}.")
    return ExitCode.USAGE if len(baselines) < len(listed) else ExitCode.PASS


@command.command("show", short_help="Show what a baseline says.")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print the file as it is.")
@baselines_option
def show_baseline(name: str, as_json: bool) -> int:
    """Show the values of a baseline, of several runs their mean."""
    from loadtui.report.text.baselines_text import baseline_text
    from loadtui.report.text.paint import wants_color
    from loadtui.store.baseline_file import baseline_path, read_baseline

    path = baseline_path(baselines_folder(), name)
    baseline = read_baseline(path)
    if as_json:
        click.echo(path.read_bytes(), nl=False)
    else:
        click.echo(
            baseline_text(baseline, text_width(), wants_color(sys.stdout)), nl=False, color=True
        )
    return 0


@command.command("rm")
@click.argument("names", nargs=-1, required=True)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@baselines_option
def remove_baseline_command(names: tuple[str, ...], yes: bool) -> int:
    """Remove baselines."""
    from loadtui.store.baseline_file import remove_baseline

    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("there is no terminal to ask on; give -y to remove without asking")
        if not click.confirm(f"Remove {', '.join(names)}?", err=True):
            return 0
    for name in names:
        remove_baseline(baselines_folder(), name)
        say(f"removed {name}")
    return 0
