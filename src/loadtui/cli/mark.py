"""`loadtui mark`: put a note on the timeline of a running run."""

from __future__ import annotations

import shlex

import click

from loadtui.cli.described import DescribedCommand
from loadtui.cli.host_command import EVERYWHERE, ask_host, named_run, wanted_run
from loadtui.cli.runs_option import runs_option
from loadtui.known_secrets import hidden_by_command


@click.command("mark", cls=DescribedCommand)
@click.argument("words", nargs=-1, required=True, metavar="[RUN] TEXT")
@EVERYWHERE
@runs_option
def command(words: tuple[str, ...], everywhere: bool) -> int:
    """Put TEXT on the timeline at this second; without RUN in this project's only running one.

    A text of several words needs quotes, or the first of them is taken for the run.
    """
    from loadtui.launch.running_runs import find_running

    run = words[0] if len(words) > 1 else None
    text = " ".join(words[1:] or words).strip()
    form = f"mark RUN {shlex.quote(text)}"
    folder = find_running(wanted_run(run, everywhere=everywhere, form=form))
    ask_host(folder, "mark", text=text)
    click.echo(f"{named_run(folder)}: marked {hidden_by_command(text)!r}")
    return 0
