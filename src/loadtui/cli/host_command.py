"""Which running run a command means, and asking its host for one thing; `attach`, `stop`, `users`
and `mark` share it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from loadtui.errors import UsageError

if TYPE_CHECKING:
    from loadtui.launch.running_runs import Wanted
    from loadtui.wire.client import Verb

EVERYWHERE = click.option(
    "--everywhere", is_flag=True, help="Also the runs of other projects on this machine."
)


def wanted_run(ref: str | None, *, everywhere: bool, form: str) -> Wanted:
    """The running run that a person means in the current folder; `form` is the command with RUN in
    place of a run's id.  UsageError for settings that make no sense."""
    from loadtui.launch.running_runs import Wanted
    from loadtui.store.run_folder import runs_root

    return Wanted(ref, runs_root(Path.cwd()), everywhere, form)


def named_run(folder: Path) -> str:
    """A run's id, and where it is when it is none of the current folder's project."""
    from loadtui.launch.running_runs import is_run_of
    from loadtui.store.run_folder import runs_root

    here = is_run_of(folder, runs_root(Path.cwd()))
    return folder.name if here else f"{folder.name} in {folder.parent}"


def ask_host(
    folder: Path, do: Verb, *, users: int | None = None, text: str = "", now: bool = False
) -> None:
    """Have it done.  Raises UsageError with the host's reason when it was not."""
    from loadtui.wire.messages import Command
    from loadtui.wire.single_command import call

    run = folder.name
    try:
        reply = call(folder, Command(1, do, users=users, text=text, now=now))
    except TimeoutError as error:
        raise UsageError(f"the host of run {run} did not answer in time; try again") from error
    except OSError as error:
        raise UsageError(
            f"run {run} has ended meanwhile; `loadtui runs show {run}` shows what was saved"
        ) from error
    if reply.error:
        raise UsageError(f"run {run}: {reply.error}")
