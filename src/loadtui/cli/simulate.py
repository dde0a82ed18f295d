"""`loadtui simulate`: runs that nobody measured, drawn from a profile and a seed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loadtui.cli.described import DescribedCommand
from loadtui.cli.plan_file import plan_from
from loadtui.errors import UsageError

if TYPE_CHECKING:
    from loadtui.plan.model import Plan
    from loadtui.simulate.profile import Profile
    from loadtui.store.stored_run import Run

_WIDTH = 100


@click.command("simulate", cls=DescribedCommand)
@click.argument("plan_file", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--requests", type=int, help="Requests to expect; default: as the users send.")
@click.option("--seed", default=1, show_default=True, help="The same seed draws the same run.")
@click.option("--runs", default=1, show_default=True, help="So many runs, each with the next seed.")
@click.option(
    "--shift",
    "shifts",
    multiple=True,
    metavar="GLOB=+60%",
    help="Make the endpoints that fit slower by so much, or quicker; may be repeated.",
)
@click.option("--error-rate", metavar="SHARE", help="Of every endpoint, e.g. 1% or 0.01.")
@click.option("--run-to-run", metavar="SHARE", help="How much runs differ (sd), e.g. 5%.")
@click.option("--endpoints", type=click.IntRange(1, 65_000), help="So many made-up endpoints.")
@click.option(
    "--profile",
    "profile_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What the service is like, in TOML; default: made up from the plan.",
)
@click.option("--time-scale", type=float, default=1.0, help="Multiply all durations, e.g. by 0.05.")
@click.option("-q", "--quiet", is_flag=True, help="Print only where the runs are saved.")
@click.option(
    "--json",
    "json_path",
    type=click.Path(allow_dash=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the result as JSON; - prints it on stdout, and nothing else there.",
)
def command(
    plan_file: Path,
    requests: int | None,
    seed: int,
    runs: int,
    shifts: tuple[str, ...],
    error_rate: str | None,
    run_to_run: str | None,
    endpoints: int | None,
    profile_file: Path | None,
    time_scale: float,
    quiet: bool,
    json_path: Path | None,
) -> int:
    """Draw runs of a plan at random and save them like real ones, marked as SIMULATED.

    No server is asked.  Such runs show what reports and comparisons look like; they are compared
    with each other only, and never become a baseline.
    """
    from loadtui.cli.outputs import json_output
    from loadtui.plan.resolve import scaled
    from loadtui.simulate.simulated_run import simulate_run

    if runs < 1:
        raise UsageError(f"--runs: found {runs}, expected 1 or more")
    plan = scaled(plan_from(plan_file, "simulate"), time_scale)
    profile = _profile(plan, profile_file, endpoints, error_rate, run_to_run)
    for shift in shifts:
        profile = _shifted(profile, shift)
    outputs = json_output(json_path)
    outputs.check()
    drawn = []
    for number in range(runs):
        run = simulate_run(plan, profile, seed + number, requests, note=", ".join(shifts))
        _tell(run, quiet, on_stdout=not outputs.on_stdout)
        drawn.append(run)
    outputs.write_runs(drawn, several=runs > 1)
    return 0


def _profile(
    plan: Plan,
    file: Path | None,
    endpoints: int | None,
    error_rate: str | None,
    run_to_run: str | None,
) -> Profile:
    import msgspec

    from loadtui.simulate.profile import default_profile, load_profile, with_error_rate

    if file is not None and endpoints is not None:
        raise UsageError("--endpoints: the profile names the endpoints, leave one of the two out")
    profile = default_profile(plan, endpoints) if file is None else load_profile(file)
    if error_rate is not None:
        profile = with_error_rate(profile, _share("--error-rate", error_rate))
    if run_to_run is not None:
        sd = _share("--run-to-run", run_to_run)
        profile = msgspec.structs.replace(profile, run_to_run=sd)
    return profile


def _share(option: str, text: str) -> float:
    from loadtui.plan.units import parse_share

    try:
        return parse_share(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def _shifted(profile: Profile, shift: str) -> Profile:
    from loadtui.plan.units import parse_change
    from loadtui.simulate.profile import shifted_profile

    glob, _, text = shift.rpartition("=")
    try:
        change = parse_change(text)
    except ValueError as error:
        raise UsageError(
            f'--shift: {error}, after an endpoint (or glob) as in "GET /health=+60%"'
        ) from None
    if not glob or change.points or change.amount <= -1:
        raise UsageError(
            f"--shift: found {shift!r}, expected an endpoint (or glob) and a change, "
            'such as "GET /health=+60%"'
        )
    return shifted_profile(profile, glob, 1 + change.amount)


def _tell(run: Run, quiet: bool, *, on_stdout: bool) -> None:
    from loadtui.report.text.paint import wants_color
    from loadtui.report.text.run_text import run_text

    stream = sys.stdout if on_stdout else sys.stderr
    if quiet:
        click.echo(f"SIMULATED {run.id}, saved in {run.folder}", file=stream)
    else:
        click.echo(run_text(run, _WIDTH, wants_color(stream)), file=stream)
