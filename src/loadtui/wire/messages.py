"""What host and viewers say to each other over the control socket.

Frames are four bytes of length (big endian) and a msgpack body.  A viewer sends `Command`s; the
host answers each `Command` with one `Reply` carrying its number, and pushes `Snapshot`s, at most
one unsent per viewer, to those that subscribed.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

from loadtui.samples.figures import Figures
from loadtui.samples.tallies import MetricKind
from loadtui.store.manifest import Mark, ThresholdResult
from loadtui.verdict.run_summary import MetricValues
from loadtui.wire.http_exchange import HttpAnswer, HttpQuestion
from loadtui.wire.swarm import Swarm


class EndpointRow(msgspec.Struct):
    """An endpoint over the whole run so far, and its requests/s over the last seconds."""

    method: str
    name: str
    figures: Figures
    rps_now: float
    measured: Figures | None = None
    """The current stage's measured part so far, to be compared with a baseline; None before it, and
    without one."""
    min_ms: float | None = None
    """The shortest over the whole run so far."""


class MetricRow(msgspec.Struct):
    """A custom metric over the whole run so far, and over the last seconds."""

    kind: MetricKind
    name: str
    unit: str
    better: str
    """`lower` or `higher`; of a Trend."""
    endpoint: str | None
    """What the scenario gave, "" for none; None: all of them together."""
    whole: MetricValues
    now: MetricValues
    measured: MetricValues | None = None
    """The current stage's measured part so far; None before it, and without a baseline."""


class ErrorRow(msgspec.Struct):
    """A kind of failure; times are seconds since the run's start, None where not known, as of the
    row that counts all further kinds."""

    method: str
    name: str
    message: str
    count: int
    first: float | None
    last: float | None


class ExceptionRow(msgspec.Struct):
    """A kind of exception that user code raised; times as of an ErrorRow."""

    message: str
    traceback: str
    count: int
    first: float | None
    last: float | None


class WorkerRow(msgspec.Struct):
    """A worker's health over its last full second; `cpu` and `wait` are shares of one core."""

    index: int
    pid: int
    state: Literal["ready", "running", "stopped", "lost"]
    cpu: float = 0.0
    wait: float = 0.0
    lag_ms: float = 0.0
    users: int = 0
    in_flight: int = 0


class TrendPoint(msgspec.Struct):
    """What was recorded of a Trend in a step of the charts, in its own unit."""

    count: int
    p50: float | None = None
    p95: float | None = None


class Point(msgspec.Struct):
    """A step of the charts: what completed in `span` seconds from `second` on."""

    second: int
    span: int
    users: int
    stage: int
    rps: float
    """Completions a second, failures included."""
    failures: float
    """Failed completions a second."""
    bytes: float
    """A second."""
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    trends: dict[str, TrendPoint] = {}
    """By name of the Trend, over all its endpoints."""


class StageRow(msgspec.Struct):
    """A stage of the run; `start` is None until it began, `duration_s` None when open-ended."""

    name: str
    users: int
    duration_s: float | None
    start: float | None = None


Unknown = Literal["users", "users now", "length", "seconds", "generator", "bytes", "errors"]
"""`users now`: only the most there were are known; `seconds`: nothing of what happened when."""


class Snapshot(msgspec.Struct):
    """All that a live screen shows, once a second.  Immutable by convention."""

    run: str
    plan: str
    target: str
    """Base URL, or `several` with per-class hosts, or empty."""
    provenance: str
    state: str
    folder: str
    elapsed_s: float
    duration_s: float | None
    """Planned length of the whole run, None when open-ended."""
    stage: int
    """Index into `stages`; -1 before the first."""
    stages: list[StageRow]
    users: int
    users_target: int
    now: Figures
    """The last 10 seconds: completions a second, percentiles of what completed in them."""
    totals: Figures
    """The whole run so far, by the same rules as the final document."""
    endpoints: list[EndpointRow]
    errors: list[ErrorRow]
    """The 50 kinds seen last, newest first."""
    error_kinds: int
    exceptions: int
    last_exception: str
    workers: list[WorkerRow]
    in_flight: int
    unfinished: int
    bad_seconds: int
    measured_seconds: int
    invalid_reasons: list[str]
    """Why the run is, or is becoming, invalid."""
    thresholds: list[ThresholdResult]
    steered: bool
    marks: list[Mark]
    point: Point | None
    """The last full second, for the charts."""
    ended_because: str = ""
    exit_code: int | None = None
    """Set on the very last snapshot, whose totals are those of the stored run."""
    verdict: str = ""
    measured: Figures | None = None
    """All requests of the current stage's measured part so far; None before it, and without a
    baseline."""
    metrics: list[MetricRow] = []
    """Custom metrics: a row for all endpoints together, then one for each."""
    exception_rows: list[ExceptionRow] = []
    """The kinds of exceptions seen last, newest first."""
    baseline: str = ""
    """Absolute path of the baseline's file the run is compared with, empty when there is none."""
    not_compared: str = ""
    """On the very last snapshot: that, and why, nothing was compared; a sentence."""
    unknown: frozenset[Unknown] = frozenset()
    """What the source of an imported run does not say: it is shown as a dash, whatever the field
    of its name holds."""


class StopReason(StrEnum):
    """Why a viewer stops a run; the text of its `stop`, and why the run ended."""

    BY_HAND = "stopped by hand"
    """Somebody decided it; the reason without a text."""
    INTERRUPTED = "interrupted"
    """Ctrl-C or a signal in the command that follows the run."""
    BY_WEB_API = "stopped through the web API"
    """Locust's `/stop`, the ordinary end of what `/swarm` began."""


class Command(msgspec.Struct, omit_defaults=True):
    """A viewer's request."""

    id: int
    do: Literal[
        "subscribe", "snapshot", "history", "users", "stop", "mark", "swarm", "http", "last_http"
    ]
    """`last_http` is replied to when the run is over."""
    users: int | None = None
    text: str = ""
    """Of a `mark` what it says, of a `stop` a StopReason."""
    now: bool = False
    """With `stop`: do not wait for requests in flight."""
    swarm: Swarm | None = None
    http: HttpQuestion | None = None


class Reply(msgspec.Struct, omit_defaults=True):
    """The host's answer to the command with this id; `error` is empty when it was done."""

    id: int
    error: str = ""
    snapshot: Snapshot | None = None
    history: list[Point] = []
    http: HttpAnswer | None = None
    last_http: dict[str, HttpAnswer] = {}
    """Path -> what Locust's web application says from now on."""


class Pushed(msgspec.Struct, omit_defaults=True):
    """A frame from host to viewer: either a reply or a snapshot."""

    reply: Reply | None = None
    snapshot: Snapshot | None = None
