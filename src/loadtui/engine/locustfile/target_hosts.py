"""Which base URL each user class will use, checked before anything starts.

A user without a host stops inside its worker while the run continues with nobody in it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Literal

import locust
from locust.env import Environment

from loadtui.engine.locustfile.locust_internals import has_listeners
from loadtui.errors import UsageError
from loadtui.plan.model import Plan
from loadtui.plan.target_probe import is_base_url
from loadtui.suggestion import did_you_mean


def kind(user_class: type[locust.User]) -> Literal["http", "fasthttp", "other"]:
    """The HTTP client that a user class is built on, `other` for none of Locust's."""
    if issubclass(user_class, locust.FastHttpUser):
        return "fasthttp"
    return "http" if issubclass(user_class, locust.HttpUser) else "other"


def effective_hosts(
    classes: Iterable[type[locust.User]], plan: Plan, options: argparse.Namespace
) -> dict[str, str | None]:
    """User class name -> base URL: the plan's `hosts`, then host as resolved in `options` (flag,
    plan, LOCUST_HOST, config file), then the class's own.  -H has emptied the plan's `hosts`."""
    return {
        c.__name__: plan.hosts.get(c.__name__) or options.host or c.host or None for c in classes
    }


def check_hosts(
    classes: Sequence[type[locust.User]], plan: Plan, options: argparse.Namespace
) -> list[str]:
    """Raise UsageError when a class with an HTTP client has no host.

    Returns warnings instead for classes that may still get one while they start: from an event
    listener, or in an `__init__` of their own.
    """
    check_names(plan, "hosts", plan.hosts, classes)
    hosts = effective_hosts(classes, plan, options)
    missing = [c for c in classes if kind(c) != "other" and hosts[c.__name__] is None]
    if not missing:
        return []
    names = ", ".join(c.__name__ for c in missing)
    sentence = f"no host for {names}: give -H URL, host in the plan, or host in the class"
    if all(_may_get_host_later(c) for c in missing):
        return [f"{sentence}, unless the locustfile sets it while it starts"]
    raise UsageError(sentence)


def hosts_without_url(
    classes: Sequence[type[locust.User]], plan: Plan, options: argparse.Namespace
) -> list[str]:
    """Remarks on hosts of classes with an HTTP client that are no URL: `kafka-1:29092` is fine for
    a class that never uses that client."""
    named: dict[str, list[str]] = {}
    for name, host in effective_hosts(
        (c for c in classes if kind(c) != "other"), plan, options
    ).items():
        if host and not is_base_url(host):
            named.setdefault(host, []).append(name)
    return [
        f'the host "{host}" of {", ".join(names)} is no base URL such as http://127.0.0.1:8000: '
        "requests of an HTTP client would fail"
        for host, names in named.items()
    ]


def http_targets(environment: Environment) -> dict[str, bool]:
    """Base URL -> whether its certificate must be trusted, of the classes with an HTTP client whose
    host is a URL."""
    targets: dict[str, bool] = {}
    for user_class in environment.user_classes:
        host = environment.host or user_class.host
        if kind(user_class) != "other" and host and is_base_url(host):
            targets[host] = targets.get(host, False) or kind(user_class) == "http"
    return targets


def check_names(
    plan: Plan, key: str, names: Iterable[str], classes: Sequence[type[locust.User]]
) -> None:
    """Raise UsageError when `names`, from the plan's `key`, are not classes that will run."""
    known = [c.__name__ for c in classes]
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known)
            where = plan.source or "the plan"
            raise UsageError(f"{where}: {key}.{name}: no such user class will run, {hint}")


def _may_get_host_later(user_class: type[locust.User]) -> bool:
    events = locust.events
    if has_listeners(events.init) or has_listeners(events.test_start):
        return True
    return not user_class.__init__.__module__.startswith("locust.")
