"""What a person has to know of a run before it starts, though nothing keeps it from starting."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import locust

from loadtui.engine.locustfile.target_hosts import hosts_without_url
from loadtui.engine.locustfile.tasks import check_tasks
from loadtui.plan.model import Plan

_LOAD_OPTIONS = {"num_users": "--users", "spawn_rate": "--spawn-rate", "run_time": "--run-time"}
"""Destination -> option, of those that a load shape does without; COMMON_OPTIONS of Locust."""


def start_remarks(
    classes: Sequence[type[locust.User]],
    plan: Plan,
    options: argparse.Namespace,
    shape: locust.LoadTestShape | None,
) -> list[str]:
    """Sentences without a full stop; `shape` is what drives the users, if any does.

    Raises UsageError as `check_tasks`.
    """
    return [
        *hosts_without_url(classes, plan, options),
        *check_tasks(classes, options),
        *_idle_options(options, shape),
    ]


def _idle_options(options: argparse.Namespace, shape: locust.LoadTestShape | None) -> list[str]:
    """A shape decides by itself; one with `use_common_options` reads them."""
    if shape is None or shape.use_common_options:
        return []
    given = [option for name, option in _LOAD_OPTIONS.items() if getattr(options, name)]
    if not given:
        return []
    have = "have" if len(given) > 1 else "has"
    return [
        f"{', '.join(given)} {have} no effect, as in Locust: the load shape "
        f"{type(shape).__name__} decides about users and about the end"
    ]
