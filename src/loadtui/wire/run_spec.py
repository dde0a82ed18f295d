"""What the launcher hands to a run host, through a pipe while it starts."""

from __future__ import annotations

import msgspec

from loadtui.plan.fingerprint_parts import FingerprintParts
from loadtui.plan.model import Plan
from loadtui.store.manifest import Git, Invocation
from loadtui.wire.run_settings import RunSettings


class BaselineToCompare(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a run is compared with at its end."""

    baseline: str
    """Absolute path of a baseline's file."""
    strict: bool = False
    """True: a run that leaves anything inconclusive does not pass."""
    required: bool = False
    """True: a run that cannot be compared does not pass."""
    others: list[str] = []
    """Folders of runs that are judged together with this one."""


class RunSpec(msgspec.Struct, omit_defaults=True):
    run: str
    """Run id, also the name of the run folder."""
    plan: Plan
    """With its time scale applied and its host set."""
    settings: RunSettings = RunSettings()
    project: str = ""
    """Absolute path of the plan's project."""
    working_folder: str = ""
    """Absolute path of the folder the command was given in, which relative paths in locustfiles
    start from, as with Locust; empty: the project."""
    against: BaselineToCompare | None = None
    not_compared: str = ""
    """Why there is nothing to compare with, a sentence; empty where nothing is to be said."""
    fingerprint: str = ""
    fingerprint_parts: FingerprintParts | None = None
    git: Git | None = None
    invocation: Invocation | None = None

    @property
    def folder(self) -> str:
        """Absolute path of the working directory of host and workers."""
        return self.working_folder or self.project


class StartReport(msgspec.Struct, omit_defaults=True):
    """One JSON line from the host to its launcher: the run is running, or why it is not."""

    run: str
    error: str = ""
    """One sentence; empty when the run has started."""
    exit_code: int = 0
    detail: str = ""
    """A traceback, shown with --debug only."""
    locust_code: int = 1
    """What Locust would end with."""
