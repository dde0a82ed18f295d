"""Opens a run that was followed to its end, wherever it was saved."""

from __future__ import annotations

from pathlib import Path

from loadtui.cli.notices import say
from loadtui.store.rescue import rescued
from loadtui.store.stored_run import Run


def saved_run(folder: Path) -> Run:
    """The run of this folder; says so when it had to be saved elsewhere.

    Raises UsageError as `Run.open`.
    """
    elsewhere = rescued(folder)
    if elsewhere is None:
        return Run.open(folder)
    say(f"loadtui: warning: {folder} cannot be written; the run was saved in {elsewhere}")
    return Run.open(elsewhere)
