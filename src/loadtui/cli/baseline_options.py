"""Options about baselines: where they are, and what a run is compared with."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import click

from loadtui.cli.runs_option import use_folder
from loadtui.errors import UsageError


class BaselineChoice(NamedTuple):
    """What the command line says about comparing."""

    wanted: bool = False
    """False: runs are not compared."""
    name: str | None = None
    """Baseline to compare with; None: the plan's own, if there is one."""
    strict: bool = False
    confirm: int = 0
    """Runs to add when a comparison does not end with pass."""
    required: bool = False
    """True: no run without a baseline, and what cannot be compared with it fails."""
    declined: bool = False
    """True: a person asked not to compare, which is said of the run."""


def baselines_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--baselines DIR`: what LOADTUI_BASELINES says, for one command."""
    return click.option(
        "--baselines",
        metavar="DIR",
        type=click.Path(file_okay=False, path_type=Path),
        expose_value=False,
        callback=_use_folder,
        help="Folder of baselines; default: LOADTUI_BASELINES, else that of the plan's project.",
    )(function)


def with_baseline_choice(function: Callable[..., Any]) -> Callable[..., Any]:
    """A command with the options about comparing, which it gets as one value `baseline`."""

    @functools.wraps(function)
    def command(*args: Any, **given: Any) -> Any:
        name, declined = given.pop("baseline"), given.pop("no_baseline")
        required, confirm = given.pop("require_baseline"), given.pop("confirm")
        for option, value in (
            ("--baseline", name is not None),
            ("--confirm", confirm),
            ("--require-baseline", required),
        ):
            if declined and value:
                raise UsageError(f"--no-baseline does not go with {option}")
        if given.get("detach") and confirm:
            raise UsageError("--confirm does not go with --detach: nobody is there to run again")
        choice = BaselineChoice(
            not declined, name, given.pop("strict"), confirm, required, declined
        )
        return function(*args, baseline=choice, **given)

    for option in reversed(_OPTIONS):
        command = option(command)
    return baselines_option(command)


_OPTIONS = (
    click.option("--baseline", metavar="NAME", help="Compare with it; default: the plan's own."),
    click.option("--no-baseline", is_flag=True, help="Do not compare with a baseline."),
    click.option(
        "--require-baseline",
        is_flag=True,
        help="Do not run without a baseline, and fail when the run cannot be compared with it.",
    ),
    click.option(
        "--confirm",
        type=click.IntRange(min=0),
        default=0,
        metavar="N",
        help="When the comparison is not pass, run N times more and judge all together.",
    ),
    click.option("--strict", is_flag=True, help="Exit with 4 when the comparison is inconclusive."),
)


def _use_folder(ctx: click.Context, param: click.Parameter, folder: Path | None) -> None:
    from loadtui.store.run_folder import BASELINES_VARIABLE

    use_folder(ctx, param, folder, variable=BASELINES_VARIABLE)
