"""The manifest: what a run was, in one readable JSON file."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from loadtui.plan.model import Plan, Users
from loadtui.store.comparison import Comparison

FORMAT = 1
"""Grows when a file of a run folder changes its meaning; newer ones are refused by name."""

State = Literal["starting", "running", "stopping", "finished", "interrupted", "failed"]
Kind = Literal["measured", "simulated", "imported"]


class Provenance(msgspec.Struct, omit_defaults=True):
    """Where the numbers come from; stamped on everything that shows them."""

    kind: Kind
    source: str | None = None
    """For imports the file or tool they came from, for simulations the command and its seed."""
    resolution: float | None = None
    """For imports: relative rounding of the latencies."""


class Endpoint(msgspec.Struct, frozen=True):
    """A row of the endpoint table; its position is the number used in the parquet files."""

    method: str
    name: str

    @property
    def label(self) -> str:
        return f"{self.method} {self.name}" if self.method else self.name


class StageSpan(msgspec.Struct, omit_defaults=True):
    """A stage as it was really run; seconds count from the run's start, `end` is exclusive."""

    name: str
    start: int
    end: int
    users: Users
    spawn_rate: float
    measured_from: int
    """First second of the measured part, after the ramp and min(10 s, 10 % of the stage)."""
    measured_to: int
    """One past its last second; == measured_from when nothing is left to measure."""
    steered: bool = False
    """True: users were changed by hand in it."""


class WorkerRecord(msgspec.Struct, omit_defaults=True):
    index: int
    pid: int
    host: str
    requests: int = 0
    lost: str = ""
    """Why the worker was lost, empty when it stopped in order."""
    lost_deltas: int = 0
    """Messages with samples that never arrived; above 0 the run is invalid."""
    lost_requests: int = 0
    """Requests the worker recorded that are in none of the messages that arrived."""


class Git(msgspec.Struct, frozen=True):
    commit: str
    dirty: bool


class Totals(msgspec.Struct, omit_defaults=True):
    requests: int = 0
    failures: int = 0
    unfinished: int = 0
    """Requests still in flight when the stop timeout ended, killed and not in `requests`."""
    users_max: int = 0
    exceptions: int = 0


class Validity(msgspec.Struct, omit_defaults=True):
    valid: bool = True
    reasons: list[str] = []
    """In words; empty when valid."""
    bad_seconds: int = 0
    measured_seconds: int = 0


class ThresholdResult(msgspec.Struct, omit_defaults=True):
    check: str
    stage: str | None
    """Stage it was judged on; None: the whole run."""
    endpoint: str | None
    """Endpoint label it was judged on; None: the total."""
    value: float | None
    """In the check's own unit scale (ms, fraction, requests/s, count); None: nothing to judge."""
    status: Literal["pass", "fail", "missing"]
    default: bool = False
    """True: not in the plan, but one of the promises every run is held to."""
    reason: str = ""


class Mark(msgspec.Struct):
    """Something that happened at a second of the run: a note, a change of users, a stop."""

    second: float
    kind: str
    text: str


class Manifest(msgspec.Struct, omit_defaults=True):
    format: int
    run: str
    state: State
    provenance: Provenance
    plan: Plan
    fingerprint: str
    started: str
    """RFC 3339, UTC."""
    duration_s: float = 0.0
    ended_because: str = ""
    git: Git | None = None
    versions: dict[str, str] = {}
    machine: dict[str, Any] = {}
    stock_http: bool = False
    """True: Locust's own HTTP client was used."""
    workers: list[WorkerRecord] = []
    stages: list[StageSpan] = []
    endpoints: list[Endpoint] = []
    marks: list[Mark] = []
    steered: bool = False
    note: str = ""
    tags: list[str] = []
    totals: Totals = msgspec.field(default_factory=Totals)
    validity: Validity = msgspec.field(default_factory=Validity)
    thresholds: list[ThresholdResult] = []
    comparison: Comparison | None = None
    """With the baseline the run was held against; only what changed, None when there was none."""
    comparison_error: str = ""
    """Why it could not be compared with the baseline it was to be held against."""
    verdict: str = ""
    """`pass`, `fail`, `invalid`, `inconclusive`, or empty when it was not judged."""
    exit_code: int | None = None
    process_exit_code: int | None = None
    """What the locustfile set in environment.process_exit_code."""
    ignored_options: list[str] = []
    checksums: dict[str, str] = {}
    """File name -> sha256 hex."""
