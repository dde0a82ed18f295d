"""`loadtui mark`: put a note on the timeline of a running run."""

from __future__ import annotations

import click


@click.command("mark")
@click.argument("words", nargs=-1, required=True, metavar="[RUN] TEXT")
def command(words: tuple[str, ...]) -> int:
    """Put TEXT on the timeline at this second; without RUN in the only running one.

    A text of several words needs quotes, or the first of them is taken for the run.
    """
    from loadtui.cli.host_command import ask_host
    from loadtui.launch.running_runs import find_running

    folder = find_running(words[0] if len(words) > 1 else None)
    text = " ".join(words[1:] or words).strip()
    ask_host(folder, "mark", text=text)
    click.echo(f"{folder.name}: marked {text!r}")
    return 0
