"""`loadtui users`: change the users of a running run."""

from __future__ import annotations

import click

from loadtui.cli.described import DescribedCommand
from loadtui.cli.host_command import EVERYWHERE, ask_host, named_run, wanted_run
from loadtui.cli.runs_option import runs_option
from loadtui.errors import UsageError
from loadtui.plurals import counted


@click.command("users", cls=DescribedCommand)
@click.argument("words", nargs=-1, metavar="[RUN] N")
@EVERYWHERE
@runs_option
def command(words: tuple[str, ...], everywhere: bool) -> int:
    """Have N users until the next stage begins; without RUN in this project's only running one.

    The stage is marked as steered, which makes it unfit for comparisons.
    """
    from loadtui.launch.running_runs import find_running

    if not 1 <= len(words) <= 2:
        raise UsageError(
            "give the number of users, and the run before it when several are running: "
            "loadtui users 50"
        )
    try:
        users = int(words[-1])
    except ValueError:
        raise UsageError(f"users: found {words[-1]!r}, expected a number such as 50") from None
    run = words[0] if len(words) > 1 else None
    folder = find_running(wanted_run(run, everywhere=everywhere, form=f"users RUN {users}"))
    ask_host(folder, "users", users=users)
    click.echo(
        f"{named_run(folder)}: {counted(users, 'user')} until the next stage; "
        "this one counts as steered"
    )
    return 0
