"""What the launcher hands to a run host: the file `spec.json` in the run folder while it starts."""

from __future__ import annotations

import msgspec

from loadtui.plan.model import Flags, Plan
from loadtui.store.manifest import Git


class BaselineToCompare(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a run is held against at its end."""

    baseline: str
    """Absolute path of a baseline's file."""
    strict: bool = False
    """True: a run that leaves anything inconclusive does not pass."""
    others: list[str] = []
    """Folders of runs that are judged together with this one."""


class RunSpec(msgspec.Struct, omit_defaults=True):
    run: str
    """Run id, also the name of the run folder."""
    plan: Plan
    """With its time scale applied and its host given."""
    processes: int
    flags: Flags = Flags()
    locust_args: list[str] = []
    """The locustfile's own arguments, as given after `--`."""
    loglevel: str = "INFO"
    stock_http: bool = False
    """True: Locust's own HTTP clients, not the fast path."""
    note: str = ""
    tags: list[str] = []
    project: str = ""
    """Absolute path of the folder the command was given in: the host's working directory."""
    against: BaselineToCompare | None = None
    fingerprint: str = ""
    git: Git | None = None


class StartReport(msgspec.Struct, omit_defaults=True):
    """One JSON line from the host to its launcher: the run goes on, or why it does not."""

    run: str
    error: str = ""
    """One sentence; empty when the run has started."""
    exit_code: int = 0
    detail: str = ""
    """A traceback, shown with --debug only."""
