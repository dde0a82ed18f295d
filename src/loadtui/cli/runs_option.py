"""`--runs DIR`: where runs are, for one command."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def use_folder(
    ctx: click.Context, param: click.Parameter, folder: Path | None, *, variable: str
) -> None:
    """Have an environment variable name a folder until the command is over, so that processes that
    it starts know it too; nothing without a folder."""
    if folder is None:
        return
    before = os.environ.get(variable)
    os.environ[variable] = os.path.abspath(folder)  # noqa: PTH100  (keeps symlinks)

    def restore() -> None:
        if before is None:
            os.environ.pop(variable, None)
        else:
            os.environ[variable] = before

    if not ctx.resilient_parsing:  # else a shell asks what may come next, and is answered later
        ctx.call_on_close(restore)


def _use_runs(ctx: click.Context, param: click.Parameter, folder: Path | None) -> None:
    from loadtui.store.run_folder import RUNS_VARIABLE

    use_folder(ctx, param, folder, variable=RUNS_VARIABLE)


def runs_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """A command with `--runs DIR`: what LOADTUI_RUNS says, for this one."""
    return click.option(
        "--runs",
        "runs_folder",
        metavar="DIR",
        type=click.Path(file_okay=False, path_type=Path),
        expose_value=False,
        callback=_use_runs,
        help="Folder of runs; default: LOADTUI_RUNS, else that of the project.",
    )(function)
