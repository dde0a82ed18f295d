"""A run's locustfiles, imported once, and their options: what host and workers share by fork."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import locust

from loadtui.engine.locustfile.load import LoadedLocustfiles, load_locustfiles
from loadtui.engine.locustfile.locust_argv import locust_argv
from loadtui.engine.locustfile.options import ResolvedOptions, resolve_options
from loadtui.engine.locustfile.requests_at_import import RequestsAtImport
from loadtui.engine.locustfile.run_secrets import learn_from_spec
from loadtui.engine.locustfile.user_code import UserCode
from loadtui.known_secrets import SECRETS
from loadtui.wire.run_spec import RunSpec


@dataclass(frozen=True)
class LoadedRun:
    spec: RunSpec
    loaded: LoadedLocustfiles
    resolved: ResolvedOptions
    requests: RequestsAtImport
    """What `events.request` is until host and workers put a hook of their own in its place."""
    user_code: UserCode
    """The watch on what user code raises."""


def load_run(spec: RunSpec) -> LoadedRun:
    """Import the locustfiles and resolve their options, in the process that is forked afterwards.

    Raises UsageError for everything that is wrong with them.
    """
    learn_from_spec(spec)
    user_code = UserCode(_ignored, _ignored)
    user_code.watch()
    user_code.watch_os_exit()
    locust.events.request = requests = RequestsAtImport()
    sys.argv[:] = locust_argv(spec)
    loaded = load_locustfiles(spec.plan.locustfiles)
    SECRETS.look()  # at what the file has put into the environment, as from a .env
    return LoadedRun(spec, loaded, resolve_options(spec), requests, user_code)


def _ignored(*_: object) -> None:
    """Nothing is recorded yet."""
