"""Which baseline a run is compared with, and running again when the verdict is not clear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from loadtui.cli.baseline_options import BaselineChoice
from loadtui.cli.notices import say
from loadtui.errors import UsageError
from loadtui.plan.model import Plan
from loadtui.wire.run_spec import BaselineToCompare

if TYPE_CHECKING:
    from loadtui.store.stored_run import Run


class Comparing(NamedTuple):
    """What runs of a plan are compared with, or why with nothing."""

    against: BaselineToCompare | None
    not_compared: str = ""
    """A sentence; empty where nothing is to be said."""


def comparing_for(plan: Plan, choice: BaselineChoice, project: Path) -> Comparing:
    """What runs of a plan of this project are compared with; UsageError as `baseline_for`."""
    against = baseline_for(plan, choice, project)
    if against is not None:
        return Comparing(against)
    if choice.declined:
        return Comparing(None, "not compared with a baseline: --no-baseline was given")
    return Comparing(None, f"{_no_baseline(plan, project)}: not compared" if choice.wanted else "")


def baseline_for(
    plan: Plan, choice: BaselineChoice, project: Path | None = None
) -> BaselineToCompare | None:
    """The baseline that runs of a plan are compared with, None for no comparison.

    `project` is that of the plan, where baselines are looked for.  It is read, so that one that
    cannot be used is refused before the run and not after it: raises UsageError then, for one that
    was named or is required and does not exist, and for one of another plan of the same name.
    """
    if not choice.wanted:
        return None
    from loadtui.store.baseline_file import SUFFIX, baseline_path, read_baseline
    from loadtui.store.namesakes import refuse_namesake
    from loadtui.store.project_root import project_of_plan
    from loadtui.store.run_folder import baselines_root

    project = project or project_of_plan(plan)
    root = baselines_root(project)
    if choice.name is None:
        path = root / f"{plan.name}{SUFFIX}"
        if not path.is_file():
            if choice.required:
                raise UsageError(
                    f"{_no_baseline(plan, project)}, and --require-baseline asks for one; make it "
                    "with `loadtui baseline promote RUN`, or name its folder with --baselines DIR"
                )
            return None
    elif choice.name.endswith(SUFFIX):
        path = Path(choice.name).absolute()
    else:
        path = baseline_path(root, choice.name)
    try:
        baseline = read_baseline(path)
    except UsageError as error:
        raise UsageError(f"{error} (--no-baseline runs without comparing)") from error
    if choice.name is None:
        refuse_namesake(plan, project, baseline.plan_file)
    return BaselineToCompare(str(path), strict=choice.strict, required=choice.required)


def _no_baseline(plan: Plan, project: Path) -> str:
    from loadtui.store.run_folder import baselines_root

    return f"no baseline {plan.name!r} in {baselines_root(project)}"


def confirmed(
    run: Run, choice: BaselineChoice, again: Callable[[Sequence[Path]], Run | None]
) -> list[Run]:
    """The run, and those made to confirm its verdict when that is not pass.

    `again` makes one more run that is judged together with those in the given folders.  Nothing is
    discarded: the last run carries the verdict on all of them.
    """
    runs = [run]
    compared = run.manifest.comparison
    if compared is None or compared.verdict == "pass" or compared.not_compared:
        return runs  # What is another load now is one the next time too.
    for number in range(1, choice.confirm + 1):
        say(f"{compared.verdict}: run {number} of {choice.confirm} to confirm")
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
