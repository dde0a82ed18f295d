"""`loadtui calibrate`: one plan run again and again, to learn how much its runs differ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from loadtui.cli.notices import say
from loadtui.cli.own_arguments import WithOwnArguments, own_arguments
from loadtui.cli.plan_file import plan_from
from loadtui.errors import ExitCode, UsageError
from loadtui.plurals import counted
from loadtui.printable_text import visible_text

if TYPE_CHECKING:
    from loadtui.store.calibration_file import Calibration
    from loadtui.store.stored_run import Run

RECOMMENDED = 10
_SHOWN = 12


@click.command(
    "calibrate",
    cls=WithOwnArguments,
    epilog="Arguments of the locustfile itself go after `--`.",
)
@click.argument("plan_file", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--runs", default=RECOMMENDED, show_default=True, help="How often to run it.")
@click.option("-H", "--host", metavar="URL", help="Base URL, instead of the plan's.")
@click.option("--time-scale", type=float, default=1.0, help="Multiply all durations, e.g. by 0.05.")
@click.option("--processes", type=click.IntRange(min=1), help="Worker processes.")
@click.option("-q", "--quiet", is_flag=True, help="Print no progress.")
@click.pass_context
def command(
    ctx: click.Context,
    plan_file: Path,
    runs: int,
    host: str | None,
    time_scale: float,
    processes: int | None,
    quiet: bool,
) -> int:
    """Run a plan several times against the same build, and keep how much the runs differ.

    Verdicts on this machine take that deviation from then on, in place of an assumed one.  Invalid
    runs do not count; at least two must be left.
    """
    from loadtui.cli.plan_runs import RunOptions, run_one, tell_of_processes
    from loadtui.plan.model import Flags
    from loadtui.plan.resolve import scaled, with_flags
    from loadtui.store.calibration_file import save_calibration
    from loadtui.store.project_root import project_of_plan
    from loadtui.verdict.calibration import FEWEST_RUNS, calibration_of
    from loadtui.wire.run_settings import RunSettings

    if runs < FEWEST_RUNS:
        raise UsageError(
            f"--runs: found {runs}, expected {FEWEST_RUNS} or more, best {RECOMMENDED}"
        )
    plan = scaled(with_flags(plan_from(plan_file, "calibrate"), Flags(host=host)), time_scale)
    options = RunOptions(
        no_ui=True,
        quiet=quiet,
        settings=RunSettings(
            locust_args=own_arguments(ctx),
            processes=processes,
            note="calibration",
            tags=["calibration"],
        ),
    )
    tell_of_processes(processes)
    kept: list[Run] = []
    for number in range(1, runs + 1):
        if not quiet:
            say(f"calibration run {number} of {runs}")
        run = run_one(plan, options)
        assert run is not None, "only a detached run is not stayed with"
        if run.manifest.exit_code == ExitCode.INTERRUPTED or run.manifest.state == "interrupted":
            say("interrupted; nothing was calibrated, the runs are saved")
            return ExitCode.INTERRUPTED
        if why := _useless(run):
            say(f"loadtui: warning: {run.id} does not count: {why}")
        else:
            kept.append(run)
    found = calibration_of(kept)
    path = save_calibration(project_of_plan(plan), found)
    _tell(found, path)
    return 0


def _useless(run: Run) -> str:
    """Why a run tells nothing of the deviation, empty when it does."""
    manifest = run.manifest
    if not manifest.validity.valid:
        return "it is invalid, " + "; ".join(manifest.validity.reasons)
    if manifest.state != "finished":
        return f"it {manifest.state}: {manifest.ended_because or 'for an unknown reason'}"
    return "its users were changed by hand" if manifest.steered else ""


def _tell(found: Calibration, path: Path) -> None:
    """The largest deviations first, since those decide what can be found."""
    from loadtui.report.account.formatting import percent

    click.echo(
        f"{found.plan}: run-to-run deviation of {counted(len(found.runs), 'run')} on this machine"
    )
    largest = sorted(found.deviations, key=lambda one: -one.tau)
    for one in largest[:_SHOWN]:
        place = " · ".join(part for part in (one.stage, one.endpoint, one.metric) if part)
        click.echo(f"  {percent(one.tau):>8}  {visible_text(place)}")
    if len(largest) > _SHOWN:
        click.echo(f"  and {len(largest) - _SHOWN} smaller ones")
    if len(found.runs) < RECOMMENDED:
        few = f"loadtui: warning: {len(found.runs)} runs say little, best are {RECOMMENDED} or more"
        say(few)
    click.echo(f"Saved in {path}")
