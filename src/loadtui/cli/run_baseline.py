"""Which baseline a run is compared with, and running again when the verdict is not clear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from loadtui.errors import UsageError
from loadtui.plan.model import Plan
from loadtui.wire.run_spec import BaselineToCompare

if TYPE_CHECKING:
    from loadtui.store.stored_run import Run


class BaselineChoice(NamedTuple):
    """What the command line says about comparing."""

    wanted: bool = False
    """False: runs are not compared."""
    name: str | None = None
    """Baseline to compare with; None: the plan's own, if there is one."""
    strict: bool = False
    confirm: int = 0
    """Runs to add when a comparison does not end with pass."""


def baseline_for(plan: Plan, choice: BaselineChoice) -> BaselineToCompare | None:
    """The baseline that runs of a plan are compared with, None for no comparison.

    It is read, so that one that cannot be used is refused before the run and not after it: raises
    UsageError then, and for one that was named and does not exist.
    """
    if not choice.wanted:
        return None
    from loadtui.store.baseline_file import SUFFIX, baseline_path, read_baseline
    from loadtui.store.run_folder import baselines_root

    root = baselines_root(Path.cwd())
    if choice.name is None:
        path = root / f"{plan.name}{SUFFIX}"
        if not path.is_file():
            return None
    elif choice.name.endswith(SUFFIX):
        path = Path(choice.name).absolute()
    else:
        path = baseline_path(root, choice.name)
    try:
        read_baseline(path)
    except UsageError as error:
        raise UsageError(f"{error} (--no-baseline runs without comparing)") from error
    return BaselineToCompare(str(path), strict=choice.strict)


def confirmed(
    run: Run, choice: BaselineChoice, again: Callable[[Sequence[Path]], Run | None]
) -> list[Run]:
    """The run, and those made to confirm its verdict when that is not pass.

    `again` makes one more run that is judged together with those in the given folders.  Nothing is
    discarded: the last run carries the verdict on all of them.
    """
    runs = [run]
    compared = run.manifest.comparison
    if compared is None or compared.verdict == "pass":
        return runs
    for number in range(1, choice.confirm + 1):
        click.echo(f"{compared.verdict}: run {number} of {choice.confirm} to confirm", err=True)
        more = again([one.folder for one in runs])
        if more is None:
            break
        runs.append(more)
        if more.manifest.comparison is None:
            break
    return runs


def codes_of(runs: Sequence[Run]) -> list[int]:
    """Exit codes of runs that were judged together: of all but the last what they are by
    themselves, as the last one carries the verdict against the baseline."""
    from loadtui.verdict.exit_codes import run_outcome, stored_exit_code

    alone = [run_outcome(run.manifest).code for run in runs[:-1]]
    return [*alone, stored_exit_code(runs[-1].manifest)]
