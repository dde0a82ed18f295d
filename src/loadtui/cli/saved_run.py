"""Opens a run that was followed to its end, wherever it was saved."""

from __future__ import annotations

from pathlib import Path

from loadtui.cli.left_running import so_far
from loadtui.cli.notices import say
from loadtui.errors import ExitCode, UsageError
from loadtui.printable_text import visible_text
from loadtui.store.rescue import rescued
from loadtui.store.stored_run import Run
from loadtui.wire.messages import Snapshot


def saved_run(folder: Path, last: Snapshot | None = None) -> Run:
    """The run of this folder; says so when it had to be saved elsewhere.  `last` is the last that
    was seen of it.

    Raises UsageError as `Run.open`; of a run that could be saved nowhere with what was seen of it,
    and with the exit code of one that is invalid.
    """
    elsewhere = rescued(folder)
    if elsewhere is not None:
        say(f"loadtui: warning: {folder} cannot be written; the run was saved in {elsewhere}")
        return Run.open(elsewhere)
    try:
        return Run.open(folder)
    except UsageError as error:
        if last is None or last.verdict or last.exit_code != ExitCode.INVALID:
            raise
        reasons = "; ".join(visible_text(reason) for reason in last.invalid_reasons)
        raise UsageError(f"{so_far(last)}; {reasons}", exit_code=ExitCode.INVALID) from error
