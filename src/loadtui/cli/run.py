"""`loadtui run`: run plans or locustfiles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from loadtui.cli.baseline_options import BaselineChoice, with_baseline_choice
from loadtui.cli.outputs import RunOutputs, with_outputs
from loadtui.cli.own_arguments import WithOwnArguments, own_arguments, typed_options
from loadtui.cli.percentiles import percentiles_option
from loadtui.cli.plan_changes import PlanChanges, seconds_of, with_plan_changes
from loadtui.cli.run_targets import NamedLocustfiles, run_targets, with_named_locustfiles
from loadtui.cli.runs_option import runs_option
from loadtui.cli.web_port import WebPort, with_web_port
from loadtui.errors import UsageError
from loadtui.tui.chart.markers import MARKERS, Marker

if TYPE_CHECKING:
    from loadtui.cli.plan_runs import RunOptions
    from loadtui.plan.model import Flags, Plan

LOGLEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

AGAIN = (
    *("users", "spawn_rate", "run_time", "processes", "tags", "exclude_tags", "stop_timeout"),
    *("give_up", "checks", "exit_code_on_error", "stock_http", "pin", "baseline", "strict"),
    *("require_baseline", "config"),
)
"""Parameters that have to be the same for the same run, beside what its plan shows."""


@click.command(
    "run",
    cls=WithOwnArguments,
    epilog="Arguments of the locustfile itself go after `--`.",
)
@click.argument("targets", nargs=-1, metavar="[PLAN|LOCUSTFILE]... [USERCLASS]... [-- ARGS]")
@with_named_locustfiles
@click.option("-H", "--host", metavar="URL", help="Base URL, instead of the plan's or the class's.")
@click.option("-u", "--users", type=int, help="Users to run, for a plan without stages.")
@click.option("-r", "--spawn-rate", type=float, help="Users started per second.")
@click.option("-t", "--run-time", metavar="TIME", help="Length of the run, e.g. 90, 10s or 1h30m.")
@click.option("--time-scale", type=float, default=1.0, help="Multiply all durations, e.g. by 0.05.")
@click.option("--processes", type=int, help="Worker processes; default: usable cores but one.")
@with_plan_changes
@click.option("--no-ui", "--headless", "no_ui", is_flag=True, help="Print instead of a screen.")
@click.option("--detach", is_flag=True, help="Print the run's id and leave the run running.")
@click.option(
    "-q", "--quiet", is_flag=True, help="Print neither progress nor what the locustfile says."
)
@with_outputs
@click.option(
    "-L",
    "--loglevel",
    type=click.Choice(LOGLEVELS, case_sensitive=False),
    metavar="LEVEL",
    help="Of the locustfile's log: debug, info, warning, error or critical; default: info.",
)
@click.option("--stock-http", is_flag=True, help="Locust's own HTTP clients, not the fast ones.")
@click.option("--pin", is_flag=True, help="Give each worker a core of its own (Linux).")
@with_web_port
@percentiles_option
@click.option("--note", default="", show_default=False, help="A note saved with the run.")
@click.option(
    "--tag", "run_tags", multiple=True, help="A label saved with the run (-T chooses tasks)."
)
@with_baseline_choice
@click.option("--no-mouse", is_flag=True, help="Leave the mouse to the terminal.")
@click.option(
    "--marker",
    type=click.Choice(MARKERS),
    help="How charts are drawn; default: as fits the terminal.",
)
@click.pass_context
@runs_option
def command(
    ctx: click.Context,
    targets: tuple[str, ...],
    named: NamedLocustfiles,
    host: str | None,
    users: int | None,
    spawn_rate: float | None,
    run_time: str | None,
    time_scale: float,
    processes: int | None,
    changes: PlanChanges,
    no_ui: bool,
    detach: bool,
    quiet: bool,
    outputs: RunOutputs,
    loglevel: str | None,
    stock_http: bool,
    pin: bool,
    web: WebPort | None,
    percentiles: tuple[str, ...],
    note: str,
    run_tags: tuple[str, ...],
    baseline: BaselineChoice,
    no_mouse: bool,
    marker: Marker | None,
) -> int:
    """Run plans (.toml) or locustfiles (.py), one after the other.

    Without a plan the load is given with Locust's flags, or by the file's LoadTestShape; without a
    file Locust's configuration names it.  On a terminal the run is shown live, else printed.
    """
    from loadtui.cli.plan_runs import RunOptions
    from loadtui.plan.model import Flags
    from loadtui.wire.run_settings import RunSettings

    flags = Flags(users, spawn_rate, seconds_of("-t", run_time), host)
    plans = [_changed(t.read(), flags, changes, time_scale) for t in run_targets(targets, named)]
    options = RunOptions(
        no_ui=no_ui,
        quiet=quiet,
        detach=detach,
        outputs=outputs,
        settings=RunSettings(
            flags=_scaled(flags, time_scale),
            locust_args=own_arguments(ctx),
            config=named.config or "",
            processes=_checked(processes),
            loglevel=(loglevel or "INFO").upper(),
            stock_http=stock_http,
            pin=pin,
            percentiles=percentiles,
            note=note,
            tags=list(run_tags),
            options=typed_options(ctx, AGAIN),
        ),
        marker=marker,
        mouse=not no_mouse,
        baseline=baseline,
    )
    return _run(plans, options, web)


def _run(plans: list[Plan], options: RunOptions, web: WebPort | None) -> int:
    """With the web API and -u the run begins at once, and with -t as well it ends the command."""
    if web is None:
        from loadtui.cli.plan_runs import run_plans

        return run_plans(plans, options)
    from loadtui.cli.swarm_runs import serve_swarms

    if len(plans) > 1:
        raise UsageError("--web-port: give one plan or locustfile, not several")
    flags = options.settings.flags
    if flags.users is not None:
        web = replace(web, begins=True, stays_s=None if flags.run_time_s is None else 0.0)
    return serve_swarms(plans[0], options, web)


def _changed(plan: Plan, flags: Flags, changes: PlanChanges, time_scale: float) -> Plan:
    from loadtui.plan.resolve import scaled, with_flags

    return scaled(changes.made_to(with_flags(plan, flags)), time_scale)


def _scaled(flags: Flags, time_scale: float) -> Flags:
    from loadtui.plan.resolve import scaled_flags

    return scaled_flags(flags, time_scale) if time_scale != 1 else flags


def _checked(processes: int | None) -> int | None:
    """None stands for the default, as Locust's -1 does."""
    if processes is None or processes == -1:
        return None
    if processes < 1:
        raise UsageError(f"--processes: found {processes}, expected 1 or more")
    return processes
