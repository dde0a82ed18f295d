"""Which stages a run has: the plan's, or one that Locust's own options or shape decide."""

from __future__ import annotations

from locust.env import Environment

from loadtui.engine.host.director import StageStep
from loadtui.engine.locustfile.environment import BuiltEnvironment
from loadtui.engine.locustfile.target_hosts import check_names
from loadtui.errors import UsageError
from loadtui.plan.model import Plan
from loadtui.plan.resolve import with_class_hosts
from loadtui.wire.run_spec import RunSpec


def stages_of(spec: RunSpec, built: BuiltEnvironment) -> list[StageStep]:
    """The stages one after the other; without any in the plan a single one, open-ended without a
    run time.

    Raises UsageError when a stage names a user class that does not run, or nobody is to run.
    """
    if spec.plan.stages:
        for index, stage in enumerate(spec.plan.stages):
            if isinstance(stage.users, dict):
                key = f"stage[{index}].users"
                check_names(spec.plan, key, stage.users, built.environment.user_classes)
        return [StageStep(s.name, s.users, s.spawn_rate, s.duration_s) for s in spec.plan.stages]
    options = built.resolved.options
    if built.environment.shape_class is not None:
        return [StageStep("shape", 0, 1.0, None)]  # Locust's run time does not end it either
    length = float(options.run_time) if options.run_time else None
    users = 1 if options.num_users is None else int(options.num_users)
    if users < 1:
        raise UsageError(f"-u: found {users}, expected more than 0")
    return [StageStep("run", users, float(options.spawn_rate or 1.0), length)]


def set_load_defaults(spec: RunSpec, built: BuiltEnvironment) -> None:
    """What Locust sets before it starts a test by itself, for whoever reads the options then; to be
    done after `init`, and nothing with stages."""
    options = built.resolved.options
    if not spec.plan.stages:
        options.num_users = 1 if options.num_users is None else options.num_users
        options.spawn_rate = 1 if options.spawn_rate is None else options.spawn_rate


def plan_as_run(plan: Plan, environment: Environment) -> Plan:
    """The plan with the user classes that run and the base URLs that they really use."""
    shared = environment.host
    classes = environment.user_classes
    return with_class_hosts(plan, {c.__name__: shared or c.host or None for c in classes})
