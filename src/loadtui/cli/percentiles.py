"""The option `--percentiles`: which of them reports show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from loadtui.errors import UsageError
from loadtui.percentile_names import DEFAULT_PERCENTILES, parse_percentiles

if TYPE_CHECKING:
    from loadtui.store.stored_run import Run


def _read(ctx: click.Context, option: click.Parameter, text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    try:
        return parse_percentiles(text)
    except ValueError as error:
        raise UsageError(f"--percentiles: {error}") from None


percentiles_option = click.option(
    "--percentiles",
    metavar="N,...",
    callback=_read,
    help=f"Percentiles to show, e.g. 50,90,99.9; default: "
    f"{','.join(name.removeprefix('p') for name in DEFAULT_PERCENTILES)}.",
)
"""A parameter `percentiles`: their names, ascending; empty when the option was not given."""


def wanted_percentiles(given: tuple[str, ...], project: Path) -> tuple[str, ...]:
    """Those of the command line, else those of the project; empty where neither says any.

    Raises UsageError for settings of the project that cannot be read.
    """
    from loadtui.settings import read_settings

    return given or read_settings(project).percentiles


def showing(run: Run, given: tuple[str, ...]) -> Run:
    """The run as reports are to show it: with the percentiles of the command line, else those it
    was made with, else those of its project."""
    import msgspec

    from loadtui.store.project_root import project_of_run
    from loadtui.store.stored_run import Run

    names = (
        given
        or tuple(run.manifest.percentiles)
        or wanted_percentiles((), project_of_run(run.folder))
    )
    if not names:
        return run
    return Run(run.folder, msgspec.structs.replace(run.manifest, percentiles=list(names)))
