"""`loadtui locust ARGS...`: everything after it is Locust's, `--help` and `--version` too."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loadtui.cli.notices import say
from loadtui.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from loadtui.cli.locust.locust_arguments import LocustArguments


class _AsTyped(click.Command):
    """A command that parses nothing."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.params["words"] = tuple(args)
        return []

    def get_help(self, ctx: click.Context) -> str:
        from loadtui.cli.locust.locust_help import locust_help

        return locust_help().rstrip("\n")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        from click.shell_completion import CompletionItem

        from loadtui.cli.locust_options import LOCUST_OPTIONS

        if not incomplete.startswith("-"):
            return [CompletionItem(incomplete, type="file")]
        shown = [option for option in LOCUST_OPTIONS if option.help]
        return [
            CompletionItem(name, help=option.help)
            for option in shown
            for name in option.strings
            if name.startswith(incomplete)
        ]


@click.command("locust", cls=_AsTyped, add_help_option=False)
def command(words: tuple[str, ...]) -> int:
    """Take what one would type after `locust`."""
    from loadtui.cli.locust.locust_arguments import read_locust_arguments
    from loadtui.cli.locust.locust_help import locust_help, locust_version

    if {"--help", "-h"} & set(words):
        click.echo(locust_help(), nl=False)
        return ExitCode.PASS
    if {"--version", "-V"} & set(words):
        click.echo(locust_version())
        return ExitCode.PASS
    arguments = read_locust_arguments(words)
    options = arguments.options
    if options.autoquit != -1 and not options.autostart:
        raise UsageError(
            "--autoquit is only meaningful in combination with --autostart", exit_code=1
        )
    if options.list_commands or options.show_task_ratio or options.show_task_ratio_json:
        return _listed(arguments)
    if arguments.web_port is not None:
        return _served(arguments, arguments.web_port)
    from loadtui.cli.locust.locust_run import run_locust

    return run_locust(arguments)


def _served(arguments: LocustArguments, port: int) -> int:
    """Answer for Locust's web API, and run what it is asked for, as `loadtui run --web-port`."""
    from loadtui.cli.baseline_options import BaselineChoice
    from loadtui.cli.locust.locust_run import locust_plan, locust_settings, run_locust
    from loadtui.cli.plan_runs import RunOptions
    from loadtui.cli.swarm_runs import serve_swarms
    from loadtui.cli.web_port import LOOPBACK, WebPort

    options = arguments.options
    if not options.autostart:
        for sentence in arguments.without_effect:
            say(f"loadtui: {sentence}")
    stays_s = None if options.autoquit == -1 else float(options.autoquit)
    web = WebPort(port, options.web_host or LOOPBACK, options.autostart, stays_s)
    run_options = RunOptions(
        no_ui=True,
        settings=locust_settings(arguments),
        baseline=BaselineChoice(wanted=True),
    )
    first = partial(run_locust, arguments)
    return serve_swarms(locust_plan(arguments), run_options, web, first)


def _listed(arguments: LocustArguments) -> int:
    from loadtui.cli.locust.locust_run import locust_plan, locust_settings
    from loadtui.launch.listing_process import Listed, list_locustfiles
    from loadtui.wire.run_spec import RunSpec

    options = arguments.options
    what: Listed = "classes" if options.list_commands else "ratio"
    if what == "ratio" and not options.show_task_ratio:
        what = "ratio-json"
    spec = RunSpec(
        "list",
        locust_plan(arguments),
        locust_settings(arguments),
        project=str(Path.cwd()),
    )
    return list_locustfiles(spec, what)
