"""The first run of a plan that `loadtui init` wrote."""

from __future__ import annotations

import os
import sys
from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loadtui.cli.notices import say
from loadtui.errors import ExitCode
from loadtui.plurals import counted

if TYPE_CHECKING:
    from loadtui.plan.model import Plan

TRIAL_S = 10
TRIAL_TAG = "trial"
_TRIAL_USERS = 5


def try_plan(plan_file: Path, variables: Set[str], users: int) -> int:
    """Run a plan for some seconds with few users, where its target answers; the run's exit code.

    `variables` of the environment are read by its locustfile; without one of them nothing is run.
    """
    from loadtui.new_project.first_request import silence
    from loadtui.plan.toml import load_plan

    unset = variables - os.environ.keys()
    if unset:
        names = " and ".join(sorted(unset))
        say(
            f"loadtui: nothing was run: the locustfile reads {names} from the environment; "
            f"`export {min(unset)}=...` before a run"
        )
        return ExitCode.PASS
    plan = load_plan(plan_file)
    if plan.host and (why := silence(plan.host)):
        say(f"loadtui: nothing was run: {why}")
        return ExitCode.PASS
    return _run(plan, min(users, _TRIAL_USERS))


def _run(plan: Plan, users: int) -> int:
    import msgspec

    from loadtui.cli.baseline_options import BaselineChoice
    from loadtui.cli.plan_runs import RunOptions, run_plans
    from loadtui.plan.model import Stage
    from loadtui.wire.run_settings import RunSettings

    click.echo(f"\nrunning it for {TRIAL_S} s with {counted(users, 'user')}:")
    sys.stdout.flush()
    stage = Stage(TRIAL_TAG, users, float(users), TRIAL_S)
    trial = msgspec.structs.replace(plan, stages=(stage,), thresholds=(), tolerances=())
    options = RunOptions(
        no_ui=True,
        baseline=BaselineChoice(wanted=False),
        settings=RunSettings(tags=[TRIAL_TAG], note="the first run, by loadtui init"),
    )
    code = run_plans([trial], options)
    if code == ExitCode.INVALID:
        say("loadtui: the requests were sent; this machine was too busy for the figures to count")
    elif code not in (ExitCode.PASS, ExitCode.INTERRUPTED):
        say("loadtui: not all went well: see above, and change the locustfile where it is wrong")
    return code
