"""Which stages a run has: the plan's, or one that Locust's own options or shape decide."""

from __future__ import annotations

import difflib

from locust.env import Environment

from loadtui.engine.director import StageStep
from loadtui.engine.environment import Built
from loadtui.errors import UsageError
from loadtui.plan.model import Plan
from loadtui.wire.spec import RunSpec


def stages_of(spec: RunSpec, built: Built) -> list[StageStep]:
    """The stages in order; without stages in the plan a single one, open-ended without a run time.

    Raises UsageError when a stage names a user class that does not run, or nobody is to run.
    """
    if spec.plan.stages:
        _check_classes(spec.plan, built.environment)
        return [StageStep(s.name, s.users, s.spawn_rate, s.duration_s) for s in spec.plan.stages]
    options = built.resolved.options
    length = float(options.run_time) if options.run_time else None
    if built.environment.shape_class is not None:
        return [StageStep("shape", 0, 1.0, length)]
    users = 1 if options.num_users is None else int(options.num_users)
    if users < 1:
        raise UsageError("-u 0: there is nobody to run, give at least one user")
    return [StageStep("run", users, float(options.spawn_rate or 1.0), length)]


def target_of(environment: Environment, plan: Plan) -> str:
    """The base URL as a person names the target; `several` when the classes differ."""
    if environment.host:
        return str(environment.host)
    hosts = {str(c.host) for c in environment.user_classes if getattr(c, "host", None)}
    return hosts.pop() if len(hosts) == 1 else "several" if hosts else ""


def _check_classes(plan: Plan, environment: Environment) -> None:
    running = [c.__name__ for c in environment.user_classes]
    for stage in plan.stages:
        for name in stage.users if isinstance(stage.users, dict) else ():
            if name not in running:
                near = difflib.get_close_matches(name, running, n=1, cutoff=0.5)
                hint = f", did you mean {near[0]}?" if near else f", it has {', '.join(running)}"
                raise UsageError(
                    f"stage {stage.name}: no user class {name} in {environment.locustfile}{hint}"
                )
