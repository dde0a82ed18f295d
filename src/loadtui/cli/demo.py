"""`loadtui demo`: the gateway scenario against the embedded target, in about a minute; or, with
--serve, the target alone."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loadtui.cli.described import DescribedCommand
from loadtui.cli.notices import say
from loadtui.cli.runs_option import runs_option
from loadtui.errors import UsageError

if TYPE_CHECKING:
    from loadtui.cli.plan_runs import RunOptions

CHECK_RUN_EVERY_S = 0.5
DEMO_BASELINE = "demo"
"""Name of the baseline that --regress makes."""
REGRESSED_SLOW = 2.0
"""How much longer the target takes in the second run of --regress."""


@click.command("demo", cls=DescribedCommand)
@click.option("--no-ui", "--headless", "no_ui", is_flag=True, help="Print instead of a screen.")
@click.option("-q", "--quiet", is_flag=True, help="Print no progress.")
@click.option(
    "--json",
    "json_path",
    type=click.Path(allow_dash=True, dir_okay=False, readable=False, path_type=Path),
    metavar="FILE",
    help="Write the result as JSON; - prints it on stdout, and nothing else there.",
)
@click.option("--seed", default=1, show_default=True, help="Of the target's service times.")
@click.option(
    "--regress",
    is_flag=True,
    help="Promote that run, run again on a target made slower, and compare; without a screen.",
)
@click.option("--serve", is_flag=True, help="Run nothing: have all three services up till Ctrl-C.")
@click.option("--port-gateway", type=int, metavar="PORT", help="With --serve; default 8000.")
@click.option("--port-rag", type=int, metavar="PORT", help="With --serve; default 8002.")
@click.option("--port-mcp", type=int, metavar="PORT", help="With --serve; default 8020.")
@click.option("--free-ports", is_flag=True, help="With --serve: any free ports for the others.")
@click.option(
    "--pin/--no-pin",
    default=True,
    help="With --serve: keep to the first core, off those that `run --pin` gives its workers.",
)
@click.option("--slow", type=float, default=1.0, metavar="FACTOR", help="Multiply service times.")
@click.option(
    "--error-rate", default="0%", metavar="SHARE", help="Of failing requests, e.g. 2% or 0.02."
)
@click.option("--stall", metavar="LENGTH/PERIOD", help="Answer nothing now and then, e.g. 5s/60s.")
@runs_option
def command(
    no_ui: bool,
    quiet: bool,
    json_path: Path | None,
    seed: int,
    regress: bool,
    serve: bool,
    free_ports: bool,
    slow: float,
    error_rate: str,
    stall: str | None,
    pin: bool,
    **ports: int | None,
) -> int:
    """Start a small OpenAI-compatible gateway and put load on it: 10, 50, then 100 users.

    The target is a process of its own on a free loopback port.  The run is the plan
    scenarios/gateway.toml, shortened to about a minute, and is saved like any other.

    With --serve a RAG service and an MCP server come beside the gateway, and all stay until
    Ctrl-C, for plans of your own or those in scenarios/.
    """
    named = {name.removeprefix("port_"): port for name, port in ports.items() if port is not None}
    if not serve and (named or free_ports):
        raise UsageError("ports are for --serve; the guided run takes a free one by itself")
    if serve and (regress or json_path is not None):
        raise UsageError(f"--serve does not go with {'--regress' if regress else '--json'}")
    degradation = _degradation(slow, error_rate, stall)
    if regress and degradation:
        raise UsageError(
            f"--regress does not go with --{next(iter(degradation)).replace('_', '-')}"
        )
    if serve:
        from loadtui.cli.demo_services import serve_target

        return serve_target(_ports(named, free_ports), {"seed": seed, "pin": pin, **degradation})
    from loadtui.cli.outputs import json_output
    from loadtui.cli.plan_runs import RunOptions
    from loadtui.store.project_root import project_here
    from loadtui.wire.run_settings import RunSettings

    # Target and workers are kept apart: on two cores they would wait for each other.
    options = RunOptions(
        no_ui=no_ui,
        quiet=quiet,
        outputs=json_output(json_path),
        lifeline=True,
        # Its plan is the program's own.
        project=project_here(),
        settings=RunSettings(pin=True),
    )
    return _regress(options, seed) if regress else _guided_run(options, seed, degradation)


def _guided_run(options: RunOptions, seed: int, degradation: dict[str, Any]) -> int:
    """One run against the gateway, which stays for as long as the run is running; its exit code."""
    from loadtui.cli.plan_runs import run_plans
    from loadtui.demo.target import DemoTarget
    from loadtui.demo.tour import GATEWAY_SLOTS, demo_plan

    with DemoTarget(seed=seed, slots=GATEWAY_SLOTS, pin=True, **degradation) as target:
        plan = demo_plan(target.url)
        if not options.quiet:
            say(f"a gateway is up at {target.url}, the load starts now")
        code = run_plans([plan], options)
        folder = _still_running(target.url)
        if folder is None:
            return code
        # The screen was left during the run, which without its target would measure failures.
        say("the demo's target stays until that run is over; Ctrl-C ends both")
        return _outlast(folder)


def _ports(named: dict[str, int], free: bool) -> dict[str, int]:
    from loadtui.demo.stack import FREE, PORTS

    for name, port in named.items():
        if not 0 <= port <= 65_535:
            raise UsageError(f"--port-{name}: found {port}, expected a port such as {PORTS[name]}")
    return {**(FREE if free else PORTS), **named}


def _degradation(slow: float, error_rate: str, stall: str | None) -> dict[str, Any]:
    """What of these was asked for, as arguments of Target; UsageError for what makes no sense."""
    from loadtui.plan.units import parse_share

    if not 0 < slow < float("inf"):
        raise UsageError(f"--slow: found {slow:g}, expected a factor above 0 such as 1.3")
    try:
        failing = parse_share(error_rate)
    except ValueError as error:
        raise UsageError(f"--error-rate: {error}") from None
    if stall is not None:
        from loadtui.demo.degradation import parse_stall

        try:
            parse_stall(stall)
        except ValueError as error:
            raise UsageError(f"--stall: {error}") from None
    given = {"slow": slow, "error_rate": failing, "stall": stall}
    usual = {"slow": 1.0, "error_rate": 0.0, "stall": None}
    return {name: value for name, value in given.items() if value != usual[name]}


def _regress(options: RunOptions, seed: int) -> int:
    """Two runs, the second against a slower target: what a regression looks like.

    The first one becomes the baseline `demo`, replacing one of that name.  Returns the first run's
    exit code when it cannot be one, else the second's, which is 1 for a regression.
    """
    from loadtui.cli.baseline_options import BaselineChoice
    from loadtui.cli.outputs import RunOutputs
    from loadtui.cli.plan_runs import run_one, run_plans, tell
    from loadtui.cli.stored_runs import baselines_folder
    from loadtui.demo.target import DemoTarget
    from loadtui.demo.tour import GATEWAY_SLOTS, demo_plan
    from loadtui.verdict.exit_codes import stored_exit_code
    from loadtui.verdict.promotion import promote

    first_options = replace(options, no_ui=True, outputs=RunOutputs())
    with DemoTarget(seed=seed, slots=GATEWAY_SLOTS, pin=True) as target:
        say(f"first run, against a gateway at {target.url}")
        first = run_one(demo_plan(target.url), first_options)
    assert first is not None, "a run without a screen is stayed with to its end"
    tell(first, on_stdout=not options.outputs.on_stdout)
    if code := stored_exit_code(first.manifest):
        return code
    promoted = promote(first, baselines_folder(), name=DEMO_BASELINE, replace=True)
    say(f"{first.id} is now the baseline {promoted.path}")
    against = BaselineChoice(wanted=True, name=DEMO_BASELINE)
    with DemoTarget(seed=seed, slow=REGRESSED_SLOW, slots=GATEWAY_SLOTS, pin=True) as target:
        say(f"second run, against one that takes {REGRESSED_SLOW:g} times as long")
        return run_plans([demo_plan(target.url)], replace(options, no_ui=True, baseline=against))


def _still_running(url: str) -> Path | None:
    """The folder of this project's run against `url` when its host lives."""
    from loadtui.launch.running_runs import is_run_of, running_runs
    from loadtui.store.manifest_file import read_manifest
    from loadtui.store.run_folder import runs_root

    runs = runs_root(Path.cwd())
    for folder in running_runs():
        # A run of another project may have been against this port before.
        if not is_run_of(folder, runs):
            continue
        # Runs of others may be about to start or to be removed.
        with contextlib.suppress(UsageError):
            if read_manifest(folder).plan.host == url:
                return folder
    return None


def _outlast(folder: Path) -> int:
    """Wait until a run's host has ended, and tell what came of the run; its exit code."""
    from loadtui.cli.plan_runs import tell
    from loadtui.store import run_lock
    from loadtui.store.stored_run import Run
    from loadtui.verdict.exit_codes import stored_exit_code

    while run_lock.is_held(folder):
        time.sleep(CHECK_RUN_EVERY_S)
    run = Run.open(folder)
    tell(run)
    return stored_exit_code(run.manifest)
