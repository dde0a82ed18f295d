"""The `loadtui` command: a group whose subcommands are imported only when they are used.

The help lines are kept here, so that `--help` and `--version` import none of the modules behind
them (the charts, the tables and the engine take many times longer to import than to print a line).
"""

from __future__ import annotations

import difflib
import importlib
from pathlib import Path
from typing import NamedTuple

import click

from loadtui import __version__
from loadtui.errors import UsageError
from loadtui.tui.chart.markers import MARKERS, Marker


class CommandEntry(NamedTuple):
    """A subcommand that is not imported yet."""

    module: str
    """Module that holds a click command in its attribute `command`."""
    help: str


COMMANDS: dict[str, CommandEntry] = {
    "run": CommandEntry("loadtui.cli.run", "Run plans or locustfiles, live or with --no-ui."),
    "check": CommandEntry(
        "loadtui.cli.check", "Check a plan and its locustfile; sends no request."
    ),
    "runs": CommandEntry("loadtui.cli.runs", "List, show, note, tag, verify and remove kept runs."),
    "baseline": CommandEntry(
        "loadtui.cli.baseline", "Promote runs to a baseline; list and show them."
    ),
    "compare": CommandEntry("loadtui.cli.compare", "Compare runs with a baseline or another run."),
    "report": CommandEntry("loadtui.cli.report", "Write kept runs as Markdown, JUnit, HTML, CSV."),
    "issue": CommandEntry("loadtui.cli.issue", "Open or update a GitHub issue for a regression."),
    "status": CommandEntry("loadtui.cli.status", "Tell what is known of each plan."),
    "attach": CommandEntry("loadtui.cli.attach", "Watch a run that is going on."),
    "serve": CommandEntry("loadtui.cli.serve", "Show the workbench in a browser."),
    "stop": CommandEntry("loadtui.cli.stop", "Stop a run in order and keep it."),
    "users": CommandEntry("loadtui.cli.users", "Change the users of a run that is going on."),
    "mark": CommandEntry(
        "loadtui.cli.mark", "Put a note on the timeline of a run that is going on."
    ),
    "import": CommandEntry("loadtui.cli.import_", "Keep the results of other programs as runs."),
    "simulate": CommandEntry(
        "loadtui.cli.simulate", "Draw runs at random, to try out what reads them."
    ),
    "calibrate": CommandEntry(
        "loadtui.cli.calibrate", "Measure how much runs of one build differ here."
    ),
    "demo": CommandEntry(
        "loadtui.cli.demo", "Run the built-in scenario against a built-in target."
    ),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is invoked."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = importlib.import_module(entry.module).command
        assert isinstance(command, click.Command), entry.module
        return command

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
    if Path(name).suffix in (".py", ".toml") or Path(name).exists():
        return f"there is no command {name!r}; to run that file: loadtui run {name}"
    near = difflib.get_close_matches(name, COMMANDS, n=1)
    hint = f"did you mean `{near[0]}`?" if near else "`loadtui --help` lists the commands"
    return f"there is no command {name!r}; {hint}"


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Without a command, on a terminal: opens the workbench.",
)
@click.version_option(__version__, prog_name="loadtui", message="%(prog)s %(version)s")
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

    return workbench(Path.cwd(), marker=marker, mouse=not no_mouse)
