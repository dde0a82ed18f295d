"""`loadtui runs`: the saved runs."""

from __future__ import annotations

import shutil
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loadtui.cli import runs_maintenance
from loadtui.cli.described import DescribedGroup
from loadtui.cli.notices import say
from loadtui.cli.percentiles import percentiles_option, showing
from loadtui.cli.runs_option import runs_option
from loadtui.cli.stored_runs import project_of
from loadtui.errors import ExitCode, UsageError
from loadtui.plurals import counted
from loadtui.printable_text import visible_text

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from loadtui.store.stored_run import Run

_PIPED_WIDTH = 160


class _ListByDefault(DescribedGroup):
    """`loadtui runs` and `loadtui runs --json` mean `loadtui runs list`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        wanted = not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names)
        if wanted and not ctx.resilient_parsing:  # what a shell asks for may be another command
            args = ["list", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        items = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            items += self.commands["list"].shell_complete(ctx, incomplete)
        return items


@click.group("runs", cls=_ListByDefault, epilog="Without a command: list.")
def command() -> None:
    """List, show, note, tag, verify, prune and carry saved runs.

    RUN is a run's id, the beginning of one, the path of its folder, or `latest`.
    """


@command.command("list", short_help="List the runs, newest first.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array, newest first.")
@click.option("--plan", metavar="NAME", help="Only runs of this plan; may be a glob.")
@click.option("--limit", type=click.IntRange(min=1), help="Only so many of the newest.")
@click.option("--everywhere", is_flag=True, help="The runs of every project on this machine.")
def list_runs_command(as_json: bool, plan: str | None, limit: int | None, everywhere: bool) -> int:
    """List the runs, newest first."""
    from loadtui.report.json.json_bytes import to_json
    from loadtui.report.json.runs_document import runs_document
    from loadtui.store.projects import known_roots
    from loadtui.store.run_list import list_runs
    from loadtui.store.stored_run import Run

    roots = {_root(), *known_roots()} if everywhere else {_root()}
    found = [run for root in sorted(roots) for run in list_runs(root)]
    for broken in found:
        if broken.error:
            say(f"loadtui: warning: {broken.error}")
    runs = [run for run in found if isinstance(run, Run)]
    if plan is not None:
        runs = [run for run in runs if fnmatchcase(run.manifest.plan.name, plan)]
    runs.sort(key=lambda run: (run.manifest.started, run.id), reverse=True)
    runs = runs[:limit]
    if as_json:
        click.echo(to_json(runs_document(runs)), nl=False)
    elif runs:
        _print_list(runs, everywhere)
    else:
        which = "" if plan is None else f" of plan {plan!r}"
        say(f"No runs{which} in {'any project' if everywhere else _root()}.")
    return 0


def _print_list(runs: list[Run], everywhere: bool) -> None:
    from loadtui.report.text.paint import wants_color
    from loadtui.report.text.run_list_text import runs_text

    color = wants_color(sys.stdout)
    if not everywhere:
        click.echo(runs_text(runs, _width(), color), nl=False, color=True)
        return
    for root in dict.fromkeys(run.folder.parent for run in runs):
        own = [run for run in runs if run.folder.parent == root]
        click.echo(f"{root}\n{runs_text(own, _width(), color)}", color=True)


@command.command("show", short_help="Show a run as at its end.")
@click.argument("run", default="latest")
@click.option("--json", "as_json", is_flag=True, help="Print the run's JSON document.")
@click.option("--history", is_flag=True, help="Show how each metric went over the runs up to now.")
@click.option(
    "--all", "everything", is_flag=True, help="With --history: metrics of every endpoint."
)
@percentiles_option
def show_run(
    run: str, as_json: bool, history: bool, everything: bool, percentiles: tuple[str, ...]
) -> int:
    """Show a run as at its end; without RUN the latest.

    With --history, every metric over the valid runs of the same load (the same fingerprint), and
    since which run it has another level.  That informs and never changes a verdict.
    """
    from loadtui.cli.run_words import words_text
    from loadtui.report.json.json_bytes import to_json
    from loadtui.report.json.run_document import run_document
    from loadtui.report.text.paint import wants_color
    from loadtui.report.text.run_text import run_text
    from loadtui.store.run_list import find

    if everything and not history:
        raise UsageError("--all goes with --history")
    stored = showing(find(_root(), run), percentiles)
    if history:
        return _show_history(stored, as_json=as_json, everything=everything)
    if as_json:
        click.echo(to_json(run_document(stored)), nl=False)
    else:
        text = run_text(stored, _width(), wants_color(sys.stdout)) + words_text(stored.folder)
        click.echo(text, nl=False, color=True)
    return 0


def _show_history(run: Run, *, as_json: bool, everything: bool) -> int:
    from loadtui.report.json.history_document import history_document
    from loadtui.report.json.json_bytes import to_json
    from loadtui.report.text.history_text import history_text
    from loadtui.report.text.paint import wants_color
    from loadtui.store.run_folder import baselines_root
    from loadtui.verdict.plan_history import plan_history_beside

    plan_history = plan_history_beside(run, baselines_root(project_of(run)))
    if as_json:
        click.echo(to_json(history_document(plan_history)), nl=False)
        return 0
    text = history_text(plan_history, _width(), wants_color(sys.stdout), everything=everything)
    click.echo(text, nl=False, color=True)
    return 0


@command.command("note", short_help="Write a note on a run.")
@click.argument("run")
@click.argument("text", nargs=-1, required=True)
def note_run(run: str, text: tuple[str, ...]) -> int:
    """Write a note on a run, in place of the one it has; "" removes it."""
    from loadtui.store.notes import save_notes
    from loadtui.store.run_list import find

    note = " ".join(text)
    stored = save_notes(find(_root(), run), note=note)
    say(f"the note of {stored.id} is {'saved' if note else 'removed'}")
    return 0


@command.command(
    "tag",
    short_help="Add tags to a run and remove some.",
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
@click.argument("run")
@click.argument("tags", nargs=-1, type=click.UNPROCESSED, metavar="[+TAG | -TAG]...")
def tag_run(run: str, tags: tuple[str, ...]) -> int:
    """Add tags to a run (+TAG) and remove some (-TAG); prints those it has then."""
    from loadtui.store.notes import save_notes
    from loadtui.store.run_list import find

    stored = find(_root(), run)
    if tags:
        removed = [tag[1:] for tag in tags if tag.startswith("-")]
        added = [tag.removeprefix("+") for tag in tags if not tag.startswith("-")]
        stored = save_notes(stored, add_tags=added, remove_tags=removed)
    if not stored.manifest.tags:
        say(f"{stored.id} has no tags")
    for tag in stored.manifest.tags:
        click.echo(visible_text(tag))
    return 0


@command.command("rm")
@click.argument("runs", nargs=-1, required=True)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def remove_run_command(runs: tuple[str, ...], yes: bool) -> int:
    """Remove runs for good."""
    from loadtui.store.removal import remove_run

    root = _root()
    folders = list(dict.fromkeys(_folder(root, run) for run in runs))
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("there is no terminal to ask on; give -y to remove without asking")
        names = ", ".join(folder.name for folder in folders)
        if not click.confirm(f"Remove {names}?", err=True):
            return 0
    for folder in folders:
        remove_run(root, folder)
        say(f"removed {folder.name}")
    return 0


@command.command("verify", short_help="Check the files of runs against their checksums.")
@click.argument("runs", nargs=-1)
def verify_run_command(runs: tuple[str, ...]) -> int:
    """Check the files of runs against their checksums; without RUN those of all."""
    from loadtui.store.run_list import find, list_runs
    from loadtui.store.stored_run import Run
    from loadtui.store.stored_run import verify_checksums as wrong_with

    root = _root()
    wrong: list[str] = []
    right = 0
    for run in [find(root, ref) for ref in runs] or list_runs(root):
        problems = wrong_with(run) if isinstance(run, Run) else [run.error]
        wrong += problems
        right += not problems
    for problem in wrong:
        click.echo(visible_text(problem))
    say(f"{counted(right, 'run is', 'runs are')} whole.")
    return ExitCode.USAGE if wrong else ExitCode.PASS


for _command in runs_maintenance.MAINTENANCE_COMMANDS:
    command.add_command(_command)
for _of_runs in command.commands.values():
    runs_option(_of_runs)


def _root() -> Path:
    from loadtui.store.project_root import project_here
    from loadtui.store.run_folder import runs_root

    return runs_root(project_here())


def _folder(root: Path, ref: str) -> Path:
    """Folder of a run, of one that cannot be opened too when its whole id is given."""
    from loadtui.store.run_list import find

    if ref not in (".", "..") and "/" not in ref and (root / ref).is_dir():
        return root / ref
    return find(root, ref).folder


def _width() -> int:
    return shutil.get_terminal_size((_PIPED_WIDTH, 24)).columns
