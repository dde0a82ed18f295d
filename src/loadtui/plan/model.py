"""What to run, as typed values: the shape of a plan file after it was read and checked.

Everything here is plain data.  Reading and checking TOML is `toml.py`, numbers with units are
`units.py`, the meaning of a check such as `p95 < 2s` is `check.py`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

STOP_TIMEOUT_S = 5.0
"""How long requests in flight may take at the end of a run, when nothing else is said."""

GIVE_UP_S = 10.0
"""How long a run may have no answer from its start on before it is ended, when nothing is said."""

SEVERAL_TARGETS = "several"
"""Target of a plan whose user classes send to different base URLs."""

Users = int | dict[str, int]
"""How many users: in total (shared out by weight), or for each user class."""


MOST_USERS = 1_000_000
"""That a run can have."""


class Stage(msgspec.Struct, frozen=True, omit_defaults=True):
    """A stretch of the run with a fixed number of users to reach and hold."""

    name: str
    users: Users
    spawn_rate: float
    """Users started (or stopped) a second."""
    duration_s: float
    """Length in seconds, ramp included."""

    @property
    def total_users(self) -> int:
        return self.users if isinstance(self.users, int) else sum(self.users.values())


class Threshold(msgspec.Struct, frozen=True, omit_defaults=True):
    """An absolute promise, e.g. check `p95 < 2s` for endpoint `POST /query` in stage `L3`."""

    check: str
    stage: str | None = None
    """Name (or glob) of the stages it holds for; None: every stage."""
    endpoint: str | None = None
    """Glob over `METHOD name`; None: the total of all requests."""
    abort: bool = False


Undecided = Literal["warn", "fail"]


class Tolerance(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a metric may move against the baseline; `+50%`, `-30%` or `+0.5pp` as written."""

    metric: str
    fail: str | None = None
    warn: str | None = None
    endpoint: str | None = None
    stage: str | None = None
    undecided: Undecided = "warn"
    """What a metric does that cannot be decided."""


class Plan(msgspec.Struct, frozen=True, omit_defaults=True):
    """A whole plan, checked and with its defaults filled in."""

    name: str
    """Identifies the plan's runs and baseline; a plan file's stem."""
    locustfiles: tuple[str, ...]
    """Absolute paths."""
    source: str | None = None
    """Absolute path of the plan file, None for a bare locustfile."""
    user_classes: tuple[str, ...] = ()
    """Names of the classes to run; empty: all of the file."""
    host: str | None = None
    hosts: dict[str, str] = {}
    """User class name -> base URL."""
    tags: tuple[str, ...] = ()
    exclude_tags: tuple[str, ...] = ()
    args: dict[str, str | int | float | bool] = {}
    """The locustfile's own command-line arguments, without their dashes."""
    stages: tuple[Stage, ...] = ()
    """Empty: the locustfile's LoadTestShape or Locust's own options decide."""
    thresholds: tuple[Threshold, ...] = ()
    tolerances: tuple[Tolerance, ...] = ()
    stop_timeout_s: float = STOP_TIMEOUT_S
    default_stop_timeout_given: bool = False
    """True: the stop timeout is the default one, and somebody asked for it."""
    give_up_s: float | None = GIVE_UP_S
    """Seconds after which a run ends whose every request failed to connect; None: never."""
    time_scale: float = 1.0
    """Durations are multiplied by it, spawn times too (a ramp keeps its share of the stage)."""
    allow_exceptions: bool = False
    """True: exceptions raised by user code do not fail the run."""
    defaults_too: bool = False
    """True: what every run without thresholds must meet holds beside the thresholds."""
    exit_code_on_error: int | None = None
    """Exit code of a run in which a request failed or user code raised; None or 0: such a run has
    no exit code of its own."""

    @property
    def finish_tasks(self) -> bool:
        """Whether users that are stopped may finish their task, as in Locust; so with a stop
        timeout that was asked for.  Else they finish the request that they are in."""
        return self.default_stop_timeout_given or self.stop_timeout_s != STOP_TIMEOUT_S

    @property
    def target(self) -> str:
        """The base URL that the plan sends to; `several` when its user classes differ, empty when
        only the locustfile knows.

        A class has its own URL of `hosts`, else `host`; without `user_classes` there may be one
        that is not in `hosts`.
        """
        if self.user_classes:
            urls = {self.hosts.get(name) or self.host for name in self.user_classes}
        else:
            urls = {*self.hosts.values(), self.host}
        known = {url for url in urls if url}
        return known.pop() if len(known) == 1 else SEVERAL_TARGETS if known else ""


class Flags(msgspec.Struct, frozen=True, omit_defaults=True):
    """Load given on the command line with Locust's own flags, None where not given."""

    users: int | None = None
    spawn_rate: float | None = None
    run_time_s: float | None = None
    host: str | None = None
