"""Asks the host of a run for one thing; `stop`, `users` and `mark` share it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from loadtui.errors import UsageError

if TYPE_CHECKING:
    from loadtui.wire.client import Verb


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
