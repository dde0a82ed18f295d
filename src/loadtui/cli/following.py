"""Stays with a running run, on a screen or without; `run` and `attach` share it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from loadtui.cli.interrupts import InterruptAction
from loadtui.cli.left_running import left_running_text
from loadtui.cli.run_printer import RunPrinter
from loadtui.launch.running_runs import wait_until_over
from loadtui.tui.chart.markers import Marker

if TYPE_CHECKING:
    from loadtui.cli.run_words import RunWords
    from loadtui.wire.messages import Snapshot


class Followed(NamedTuple):
    to_the_end: bool
    """False: the run was left running."""
    last: Snapshot | None
    """The last snapshot that came."""


def has_terminal() -> bool:
    """Whether there is a person to show a screen to."""
    from loadtui.tui.terminal.capabilities import can_show_screen

    return can_show_screen()


def follow_run(
    folder: Path,
    *,
    on_screen: bool,
    quiet: bool = False,
    words: RunWords | None = None,
    marker: Marker | None = None,
    mouse: bool = True,
    on_interrupt: InterruptAction = InterruptAction.STOP,
    printer: RunPrinter | None = None,
    leave_after_s: float | None = None,
    held_back: Callable[[], int] = int,
    noted: Callable[[], object] = bool,
) -> Followed:
    """Stay with the run in `folder` until it is saved, or was left running.

    How charts are drawn is `marker`, `mouse` whether the screen takes the mouse, `leave_after_s`
    how long after the end of the run it closes by itself.  `on_interrupt` is for runs that are not
    on a screen, which asks by itself, as are `printer`, in place of the progress, `words`, which
    prints what the locustfile says, `held_back`: asked once, how many signals came before they
    could be answered, and `noted`, called for each signal.  Says so when the run is left running.
    """
    snapshot: Snapshot | None = None
    if on_screen:
        from loadtui.tui.watch_run import watch_run

        departure = watch_run(folder, marker=marker, leave_after_s=leave_after_s, mouse=mouse)
        seen, snapshot = departure.to_the_end, departure.snapshot
    else:
        # Not before the run's host is on its way: asyncio takes a while to import.
        from loadtui.cli.headless import follow_headless

        def take(newest: Snapshot) -> None:
            nonlocal snapshot
            snapshot = newest

        seen = follow_headless(
            folder,
            quiet=quiet,
            words=words,
            on_interrupt=on_interrupt,
            printer=printer,
            held_back=held_back,
            noted=noted,
            seen=take,
        )
    if not seen:
        click.echo(left_running_text(folder, snapshot if on_screen else None), err=True)
        return Followed(False, snapshot)
    wait_until_over(folder)
    return Followed(True, snapshot)
