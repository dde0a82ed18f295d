"""Builds the Locust environment of host and workers: the same files, options and classes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import locust
from locust.dispatch import UsersDispatcher
from locust.env import Environment

from loadtui.engine.locustfile.load import LoadedLocustfiles, choose
from loadtui.engine.locustfile.loaded_run import LoadedRun
from loadtui.engine.locustfile.options import ResolvedOptions
from loadtui.engine.locustfile.start_remarks import start_remarks
from loadtui.engine.locustfile.target_hosts import check_hosts, effective_hosts
from loadtui.errors import UsageError
from loadtui.plan.model import Plan


@dataclass
class BuiltEnvironment:
    environment: Environment
    loaded: LoadedLocustfiles
    resolved: ResolvedOptions
    warnings: list[str]
    """For the log: what may turn out well while the run starts."""
    remarks: list[str]
    """For whoever reads the run's result."""


def build_environment(
    run: LoadedRun, dispatcher_class: Callable[..., UsersDispatcher] = UsersDispatcher
) -> BuiltEnvironment:
    """Make the environment of this process.

    `dispatcher_class` hands users out to workers, in the host.

    Raises UsageError for everything that is wrong with them.
    """
    plan, loaded, resolved = run.spec.plan, run.loaded, run.resolved
    options = resolved.options
    classes = choose(loaded, options.user_classes)
    shape = None if plan.stages else loaded.shape
    environment = Environment(
        locustfile=Path(loaded.files[0]).name,
        user_classes=classes,
        shape_class=shape,
        events=locust.events,
        host=options.host,
        stop_timeout=float(options.stop_timeout or 0.0),
        parsed_options=options,
        parsed_locustfiles=loaded.files,
        available_user_classes=loaded.user_classes,
        available_shape_classes=loaded.shapes,
        available_user_tasks={name: c.tasks for name, c in loaded.user_classes.items()},
        dispatcher_class=dispatcher_class,
        profile=options.profile,
    )
    warnings = check_hosts(classes, plan, options)
    remarks = start_remarks(classes, plan, options, shape)
    if plan.hosts:
        _apply_hosts(environment, plan)
    _apply_user_config(environment)
    if options.equal_weights:
        environment.events.init.add_listener(
            lambda environment, **_: environment.assign_equal_weights()
        )
    return BuiltEnvironment(environment, loaded, resolved, warnings, remarks)


def _apply_hosts(environment: Environment, plan: Plan) -> None:
    """Base URLs per class; Locust's own single host would override those of all classes."""
    hosts = effective_hosts(environment.user_classes, plan, environment.parsed_options)
    environment.host = None
    for user_class in environment.user_classes:
        user_class.host = hosts[user_class.__name__]


def _apply_user_config(environment: Environment) -> None:
    """Locust's --config-users."""
    for config in itertools.chain(*(environment.parsed_options.config_users or [])):
        try:
            environment.update_user_class(config)
        except KeyError as error:
            raise UsageError(
                f"--config-users names {error}, which the locustfile has not"
            ) from None
