"""The `loadtui` command: a group whose subcommands are imported only when they are used.

The help lines are here, so that `--help` and `--version` import none of the modules behind
them (the charts, the tables and the engine take many times longer to import than to print a line).
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from loadtui import __version__
from loadtui.cli.described import CLOSE_NAMES, HELP_WIDTH, DescribedGroup
from loadtui.cli.runs_option import runs_option
from loadtui.errors import UsageError
from loadtui.suggestion import did_you_mean
from loadtui.tui.chart.markers import MARKERS, Marker

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class CommandEntry(NamedTuple):
    """A subcommand that is not imported yet."""

    module: str
    """Module that holds a click command in its attribute `command`; with a dot, one of ours."""
    help: str
    """Line in the list of commands; the command itself does not repeat it."""


COMMANDS: dict[str, CommandEntry] = {
    "run": CommandEntry(".run", "Run plans or locustfiles, live or with --no-ui."),
    "locust": CommandEntry(".locust.locust_command", "Run what one would type after `locust`."),
    "init": CommandEntry(".init", "Make a locustfile and a plan for a service of yours."),
    "check": CommandEntry(".check", "Check a plan and its locustfile; sends no request."),
    "runs": CommandEntry(".runs", "List, show, note, tag, verify and remove saved runs."),
    "baseline": CommandEntry(".baseline", "Promote runs to a baseline; list and show them."),
    "compare": CommandEntry(".compare", "Compare runs with a baseline or another run."),
    "report": CommandEntry(".report", "Write saved runs as Markdown, JUnit, HTML, CSV."),
    "comment": CommandEntry(".comment", "Say in a comment of a pull request what runs found."),
    "issue": CommandEntry(".issue", "Open or update a GitHub issue for a regression."),
    "status": CommandEntry(".status", "Show the status of each plan."),
    "attach": CommandEntry(".attach", "Watch a running run."),
    "serve": CommandEntry(".serve", "Show the workbench in a browser."),
    "stop": CommandEntry(".stop", "Stop a run gracefully and save it."),
    "users": CommandEntry(".users", "Change the users of a running run."),
    "mark": CommandEntry(".mark", "Put a note on the timeline of a running run."),
    "import": CommandEntry(".import_", "Save the results of other programs as runs."),
    "simulate": CommandEntry(".simulate", "Draw runs at random, to try out what reads them."),
    "calibrate": CommandEntry(".calibrate", "Measure how much runs of one build differ here."),
    "doctor": CommandEntry(".doctor", "Show what would spoil a measurement on this machine."),
    "schema": CommandEntry(
        ".schema", "Print the JSON schema of plans, for editors, and of results."
    ),
    "completion": CommandEntry(".completion_script", "Print the script for completion in a shell."),
    "help": CommandEntry(".help_command", "Show the help of a command."),
    "demo": CommandEntry(".demo", "Run the built-in scenario against a built-in target."),
}


class LazyGroup(DescribedGroup):
    """A group that knows its commands by name and imports one when it is invoked."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = importlib.import_module(entry.module, __package__).command
        assert isinstance(command, click.Command), entry.module
        command.short_help = entry.help
        if ctx.resilient_parsing:
            from loadtui.cli.shell_answers import attach_answers

            return attach_answers(command, cmd_name)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Without importing any command; options are those of the program."""
        from click.shell_completion import CompletionItem

        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        fitting = [name for name in COMMANDS if name.startswith(incomplete)]
        return [CompletionItem(name, help=COMMANDS[name].help) for name in fitting]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS:
            raise UsageError(_unknown(name))
        return super().resolve_command(ctx, args)


def _unknown(name: str) -> str:
    if name.startswith("-"):
        return f"no such option: {name}; `loadtui --help` lists the options"
    to_run = f"there is no command {name!r}; to run that: loadtui run {name}"
    if Path(name).suffix in (".py", ".toml") or Path(name).is_file():
        return to_run
    if hint := did_you_mean(name, COMMANDS, "", close=CLOSE_NAMES):
        return f"there is no command {name!r}; {hint}"
    if Path(name).exists():
        return to_run
    return f"there is no command {name!r}; `loadtui --help` lists the commands"


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": HELP_WIDTH,
        "show_default": True,
    },
    epilog="Without a command, on a terminal: opens the workbench.",
)
@click.version_option(
    __version__, "-V", "--version", prog_name="loadtui", message="%(prog)s %(version)s"
)
@click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    help="Show tracebacks (also: LOADTUI_DEBUG=1).",
)
@click.option(
    "--marker",
    type=click.Choice(MARKERS),
    help="In the workbench: how charts are drawn; default: as fits the terminal.",
)
@click.option("--no-mouse", is_flag=True, help="In the workbench: leave the mouse to the terminal.")
@runs_option
@click.pass_context
def loadtui(ctx: click.Context, marker: Marker | None, no_mouse: bool) -> int:
    """The terminal workbench for load tests."""
    if ctx.invoked_subcommand is not None:
        return 0
    from loadtui.cli.following import has_terminal

    if not has_terminal():
        click.echo(ctx.get_help(), err=True)
        raise UsageError(
            "the workbench needs a terminal; give a command, for example `loadtui run PLAN --no-ui`"
        )
    from loadtui.cli.open_workbench import workbench
    from loadtui.store.project_root import project_here

    return workbench(project_here(), marker=marker, mouse=not no_mouse)
