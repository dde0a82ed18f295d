"""`loadtui stop`: stop a run gracefully and save it."""

from __future__ import annotations

import click

from loadtui.cli.described import DescribedCommand
from loadtui.cli.host_command import EVERYWHERE, ask_host, named_run, wanted_run
from loadtui.cli.notices import say
from loadtui.cli.runs_option import runs_option
from loadtui.errors import UsageError
from loadtui.printable_text import visible_text

SAVE_S = 60.0
"""Beyond the stop timeout, how long the host may take to collect, write and judge the run."""


@click.command("stop", cls=DescribedCommand)
@click.argument("run", required=False)
@click.option("--now", is_flag=True, help="Do not wait for requests in flight.")
@EVERYWHERE
@runs_option
def command(run: str | None, now: bool, everywhere: bool) -> int:
    """Stop a run and wait until it is saved; without RUN the only running one of this project.

    RUN is a run's id or the path of its folder; of a run of this project also the beginning of its
    id.
    """
    from loadtui.launch.running_runs import find_running, wait_until_over
    from loadtui.store.manifest_file import read_manifest
    from loadtui.store.stored_run import Run

    form = "stop RUN --now" if now else "stop RUN"
    folder = find_running(wanted_run(run, everywhere=everywhere, form=form))
    timeout_s = 0.0 if now else read_manifest(folder).plan.stop_timeout_s
    ask_host(folder, "stop", now=now)
    in_flight = "at once" if now else "requests in flight may finish"
    say(f"stopping {named_run(folder)}: {in_flight}")
    if not wait_until_over(folder, timeout_s + SAVE_S):
        raise UsageError(
            f"run {folder.name} has not ended after {timeout_s + SAVE_S:g} s; "
            f"look into {folder / 'host.log'}"
            + ("" if now else f", or try `loadtui stop {folder.name} --now`")
        )
    manifest = Run.open(folder).manifest
    click.echo(
        visible_text(f"{named_run(folder)}: {manifest.state}, {manifest.verdict or 'not judged'}")
    )
    return 0
