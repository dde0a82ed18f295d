"""Which stages a run has: the plan's, or one that Locust's own options or shape decide."""

from __future__ import annotations

from locust.env import Environment

from loadtui.engine.host.director import StageStep
from loadtui.engine.locustfile.environment import BuiltEnvironment
from loadtui.engine.locustfile.target_hosts import check_names
from loadtui.errors import UsageError
from loadtui.plan.model import Plan
from loadtui.wire.run_spec import RunSpec


def stages_of(spec: RunSpec, built: BuiltEnvironment) -> list[StageStep]:
    """The stages in order; without stages in the plan a single one, open-ended without a run time.

    Raises UsageError when a stage names a user class that does not run, or nobody is to run.
    """
    if spec.plan.stages:
        for index, stage in enumerate(spec.plan.stages):
            if isinstance(stage.users, dict):
                key = f"stage[{index}].users"
                check_names(spec.plan, key, stage.users, built.environment.user_classes)
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
