"""`loadtui users`: change the users of a running run."""

from __future__ import annotations

import click

from loadtui.errors import UsageError
from loadtui.plurals import counted


@click.command("users")
@click.argument("words", nargs=-1, metavar="[RUN] N")
def command(words: tuple[str, ...]) -> int:
    """Have N users until the next stage begins; without RUN in the only running one.

    The stage is marked as steered, which makes it unfit for comparisons.
    """
    from loadtui.cli.host_command import ask_host
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
    folder = find_running(words[0] if len(words) > 1 else None)
    ask_host(folder, "users", users=users)
    click.echo(
        f"{folder.name}: {counted(users, 'user')} until the next stage; this one counts as steered"
    )
    return 0
