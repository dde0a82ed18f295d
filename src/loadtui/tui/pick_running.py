"""`pick_running`: asks which of several running runs is meant."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.report.account.formatting import duration
from loadtui.store.manifest_file import read_manifest
from loadtui.store.timestamps import parse_timestamp
from loadtui.tui.terminal.capabilities import on_terminal, speaks_utf8


def pick_running(folders: Sequence[Path], *, mouse: bool = True) -> Path | None:
    """The folder that a person picks, None when they would rather leave.  Needs a terminal; see
    `can_show_screen`.  Raises UsageError for settings that make no sense."""

    def show() -> int | None:
        from loadtui.tui.run_picker import RunPicker
        from loadtui.tui.screen_settings import read_screen_settings

        lines = [run_in_a_line(folder, time.time()) for folder in folders]
        app = RunPicker(lines, read_screen_settings(Path.cwd()), ascii_only=not speaks_utf8())
        return app.run(mouse=mouse)

    picked = on_terminal(show)
    return None if picked is None else folders[picked]


def run_in_a_line(folder: Path, now: float) -> str:
    """Which run, of what plan, against what, for how long; `now` as `time.time` has it."""
    parts = [folder.name]
    # A run that is just starting, or was just removed, still has its name.
    with contextlib.suppress(UsageError):
        manifest = read_manifest(folder)
        parts += [manifest.plan.name, manifest.plan.target]
        if began := parse_timestamp(manifest.started):
            parts.append(f"for {duration(max(0.0, now - began.timestamp()))}")
    return " · ".join(part for part in parts if part)
