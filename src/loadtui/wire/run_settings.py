"""How a run is to be made, whatever its plan."""

from __future__ import annotations

import msgspec

from loadtui.plan.model import Flags


class LocustCommandLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """What `loadtui locust` was given."""

    words: list[str] = []
    """As typed: Locust's own parser reads them, together with what the locustfile adds to it."""
    ignored: list[str] = []
    """Options among them, or in environment and config files, that have no effect."""
    skip_log_setup: bool = False
    """True: logging is set up by the locustfile, if by anybody."""


class RunSettings(msgspec.Struct, frozen=True, omit_defaults=True):
    """Built by a command, and carried as a whole by StartOrder and RunSpec to host and workers.

    A new flag of `run` is written in four places: its option in `cli/run.py`, where settings are
    built from it, a field here, and what acts on it in the engine.
    """

    flags: Flags = Flags()
    """Load given with Locust's own flags."""
    locust_args: list[str] = []
    """The locustfile's own arguments, as given after `--`."""
    processes: int | None = None
    """Worker processes; None: usable cores but one.  Of a run that starts never None."""
    loglevel: str = "INFO"
    stock_http: bool = False
    """True: Locust's own HTTP clients, not the fast path."""
    pin: bool = False
    """True: each worker gets a core of its own."""
    percentiles: tuple[str, ...] = ()
    """Names of the percentiles that its reports show, ascending; empty: p50, p95 and p99."""
    note: str = ""
    tags: list[str] = []
    """Stored with the run; those that choose tasks are the plan's."""
    options: list[str] = []
    """What has to be typed again for the same run; see `Invocation.options`."""
    web_api: bool = False
    """True: the host answers for Locust's web application."""
    edited: bool = False
    """As of `Invocation`."""
    config: str = ""
    """A config file of Locust's that was named; empty: none beside those that it always reads."""
    locust: LocustCommandLine | None = None
    """Of a run by `loadtui locust`: takes the place of the flags and of `locust_args`, which say
    the same as far as it is known without the locustfile."""

    @property
    def sets_up_logging(self) -> bool:
        return self.locust is None or not self.locust.skip_log_setup
