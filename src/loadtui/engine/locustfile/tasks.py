"""User classes that have nothing to do, refused before anything starts.

Under Locust each of their users raises as fast as it can, which would look like a load generator
that is too slow.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

import locust
from locust.user.task import is_markov_taskset

from loadtui.engine.locustfile.locust_internals import has_listeners
from loadtui.errors import UsageError


def check_tasks(classes: Sequence[type[locust.User]], options: argparse.Namespace) -> list[str]:
    """Warnings about classes that the tags leave without a task.

    Raises UsageError for a class that has no task at all, and when the tags leave none to any
    class; what may still get tasks while it starts is left alone.
    """
    tags = set(options.tags) if options.tags else None
    exclude = set(options.exclude_tags) if options.exclude_tags else None
    idle = [c for c in classes if c.run is locust.User.run and not _may_get_tasks_later(c)]
    for c in idle:
        if not _has_task(c, None, None):
            raise UsageError(
                f"{c.__name__} has no task: give it at least one @task, or make it "
                "`abstract = True` if it is only there to be inherited from"
            )
    untagged = [c for c in idle if not _has_task(c, tags, exclude)]
    if untagged and len(untagged) == len(classes):
        names = ", ".join(c.__name__ for c in untagged)
        chosen = [f"tags {', '.join(sorted(tags))}"] if tags else []
        chosen += [f"exclude_tags {', '.join(sorted(exclude))}"] if exclude else []
        raise UsageError(
            f"{' and '.join(chosen)} leave no task to {names}: choose tags that its tasks have"
        )
    return [f"{c.__name__}: the tags leave it without any task" for c in untagged]


def _has_task(holder: Any, tags: set[str] | None, exclude: set[str] | None) -> bool:
    """Whether Locust's filter leaves a task; nothing is filtered yet."""
    if is_markov_taskset(holder) or getattr(holder, "functions", False):  # of a PytestUser
        return True
    waiting, seen = [*holder.tasks], set()
    while waiting:
        task = waiting.pop()
        if id(task) in seen:
            continue
        seen.add(id(task))
        if is_markov_taskset(task):
            return True
        if hasattr(task, "tasks"):
            waiting += task.tasks
            continue
        own: set[str] = getattr(task, "locust_tag_set", set())
        if (tags is None or own & tags) and (exclude is None or not own & exclude):
            return True
    return False


def _may_get_tasks_later(user_class: type[locust.User]) -> bool:
    events = locust.events
    if has_listeners(events.init) or has_listeners(events.test_start):
        return True
    own = (user_class.__init__, user_class.on_start)
    return not all(method.__module__.startswith("locust.") for method in own) or not isinstance(
        user_class.tasks, list
    )
