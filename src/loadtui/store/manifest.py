"""The manifest: what a run was, in one readable JSON file."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from loadtui.percentile_names import DEFAULT_PERCENTILES
from loadtui.plan.fingerprint_parts import FingerprintParts
from loadtui.plan.model import Plan, Users
from loadtui.samples.source_figures import SourceFigureTable
from loadtui.store.comparison import Comparison

RUN_FORMAT = 1
"""Grows when a file of a run folder changes its meaning; newer ones are refused by name."""

FAILURES_BY_KIND = "failures by kind"
EXCEPTIONS = "exceptions"
"""What a source of an import may hold, in the words of `Imported.held`."""

State = Literal["starting", "running", "stopping", "finished", "interrupted", "failed"]
ProvenanceKind = Literal["measured", "simulated", "imported"]


class Provenance(msgspec.Struct, omit_defaults=True):
    """Where the numbers come from; stamped on everything that shows them."""

    kind: ProvenanceKind
    source: str | None = None
    """For imports the file or tool they came from, for simulations the command and its seed."""
    resolution: float | None = None
    """For imports: relative rounding of the latencies."""
    resolution_ms: float | None = None
    """For imports: rounding of the latencies that is the same for short and long ones."""


class ImportedFile(msgspec.Struct, frozen=True):
    """A file that numbers were taken from."""

    name: str
    """Without its folder."""
    size: int
    """Bytes."""
    sha256: str


class Imported(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where an imported run comes from, and how much its source says."""

    format: str
    """In words: `Locust CSV`, `JMeter JTL (XML)`."""
    files: list[ImportedFile]
    at: str
    """When it was imported; RFC 3339, UTC."""
    held: list[str] = []
    """What was taken from the source, in words."""
    absent: list[str] = []
    """What the source does not say, in words; none of it was made up."""
    left_out: list[str] = []
    """What the source says and was not taken, in words."""
    remarks: list[str] = []
    """Notes of the source itself, and what a reader has to know of the numbers."""
    given: SourceFigureTable | None = None
    """The figures, of a source without samples."""
    thresholds: list[ThresholdResult] = []
    """What the program judged the run by itself, and how that ended; it counts here as well."""
    users_known: bool = False
    started_known: bool = False
    """False: `started` of the manifest is the time of the import."""
    duration_known: bool = False
    by_second: bool = True
    """False: nothing is known of what happened when, so there is nothing to draw over time."""


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
    planned_s: float | None = None
    """How long it was to take; None: until somebody stops it, and in runs of older versions."""


class WorkerRecord(msgspec.Struct, omit_defaults=True):
    index: int
    pid: int
    host: str
    requests: int = 0
    lost: str = ""
    """Why the worker was lost, empty when it stopped gracefully."""
    lost_deltas: int = 0
    """Messages with samples that never arrived; above 0 the run is invalid."""
    lost_requests: int = 0
    """Requests the worker recorded that are in none of the messages that arrived, or could not be
    saved."""
    started: int = 0
    """Requests the worker began before the end: `requests`, `unfinished` and `lost_requests`; 0 in
    runs of older versions."""
    unfinished: int = 0
    """Requests that were under way when the worker ended, or were killed."""

    @property
    def unbalanced(self) -> bool:
        """Whether more was saved of it than it has recorded by its own books."""
        return self.started not in (0, self.requests + self.unfinished + self.lost_requests)


class Git(msgspec.Struct, frozen=True):
    commit: str
    dirty: bool


class Invocation(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a run was asked for beside its plan, so that it can be asked for again."""

    folder: str = ""
    """Where the command was given, from the root of the git checkout: `services/api`; empty for the
    root, and outside of a checkout."""
    targets: list[str] = []
    """The plan file, or the locustfiles, from that folder."""
    user_classes: list[str] = []
    """Those named beside a locustfile."""
    options: list[str] = []
    """Options of `loadtui run` as they were typed; not those that the plan shows: -H and
    --time-scale."""
    arguments: list[str] = []
    """The locustfile's own, as given after `--`, secrets blacked out."""
    edited: bool = False
    """True: stages were changed by hand before the run started."""


class LocustStatistics(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the locustfile set in `locust.stats`, for what is written as Locust writes it."""

    percentiles: list[float] = []
    """PERCENTILES_TO_REPORT, as shares; empty: Locust's own."""
    table_every_s: float | None = None
    """CONSOLE_STATS_INTERVAL_SEC; None: Locust's own."""


class LateRequests(msgspec.Struct, frozen=True, omit_defaults=True):
    """Requests of one endpoint that started after the end of the run."""

    method: str
    name: str
    requests: int
    failures: int = 0


class Totals(msgspec.Struct, omit_defaults=True):
    requests: int | None = 0
    """None, as for `failures`: an import whose source does not say."""
    failures: int | None = 0
    unfinished: int = 0
    """Requests still in flight when the stop timeout ended or their worker was gone, killed and not
    in `requests`."""
    lost: int = 0
    """Requests that finished and are in no figure: their worker was killed before it had sent
    them, or they could not be saved."""
    late: int = 0
    """Requests that started after the end of the run; not in `requests`, in no rate or verdict."""
    users_max: int = 0
    users_left: int = 0
    """Users that ended before they were stopped: they left, or what they raised ended them."""
    exceptions: int = 0

    @property
    def started(self) -> int | None:
        """Requests that began before the end, whatever became of them; None: not known."""
        return None if self.requests is None else self.requests + self.unfinished + self.lost


class CpuUser(msgspec.Struct, frozen=True):
    """A process that is none of ours, or several of one name."""

    name: str
    cores: float
    """How many it used on average."""


class GeneratorLoad(msgspec.Struct, frozen=True):
    """Who used the CPU while the load generator was short of it, in cores on average."""

    cores: int
    """Of the machine."""
    seconds: float
    """How long was looked at."""
    workers: float
    """All of them together."""
    host: float
    others: list[CpuUser] = []
    """Those that used most, most first."""


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
    status: Literal["pass", "fail", "missing", "waived"]
    """`waived`: it would have failed, and the locustfile set an exit code of 0 over it."""
    default: bool = False
    """True: not in the plan, but one of the promises that every run must meet."""
    reason: str = ""


MAX_MARKS = 1_000
"""That people may put on a run: each is in every picture of its timeline."""
MAX_MARK = 1_000
"""Characters of one."""


class Mark(msgspec.Struct):
    """Something that happened at a second of the run: a note, a change of users, a stop."""

    second: float
    kind: str
    text: str


class Remark(msgspec.Struct):
    """What a reader has to know of what was recorded, and how often it came about."""

    text: str
    """A sentence without its full stop and without the number."""
    count: int


class Manifest(msgspec.Struct, omit_defaults=True):
    format: int
    run: str
    state: State
    provenance: Provenance
    plan: Plan
    fingerprint: str
    started: str
    """RFC 3339, UTC."""
    fingerprint_parts: FingerprintParts | None = None
    """What the fingerprint was made of; None for imports and runs of older versions."""
    duration_s: float = 0.0
    ended_because: str = ""
    ended_by: Literal["", "locustfile", "threshold", "person"] = ""
    """Who ended it before it was done; empty: nobody, or not known."""
    gave_up: bool = False
    """True: it was ended since no request ever got an answer; `ended_because` says why."""
    git: Git | None = None
    versions: dict[str, str] = {}
    machine: dict[str, Any] = {}
    stock_http: bool = False
    """True: Locust's own HTTP clients were used, one of them at least: as the user wanted, or since
    the fast path cannot work with what is installed."""
    workers: list[WorkerRecord] = []
    stages: list[StageSpan] = []
    endpoints: list[Endpoint] = []
    late: list[LateRequests] = []
    """Those of `totals.late` by endpoint."""
    marks: list[Mark] = []
    steered: bool = False
    note: str = ""
    tags: list[str] = []
    pinned: bool = False
    """True: pruning leaves it alone."""
    percentiles: list[str] = []
    """Names of the percentiles that reports of it show, ascending; empty: p50, p95 and p99."""
    totals: Totals = msgspec.field(default_factory=Totals)
    validity: Validity = msgspec.field(default_factory=Validity)
    generator: GeneratorLoad | None = None
    """Of the seconds that were bad, None when there were none or nobody looked."""
    thresholds: list[ThresholdResult] = []
    comparison: Comparison | None = None
    """With the baseline the run was compared with; only what changed, None when there was none."""
    comparison_error: str = ""
    """Why it could not be compared with the baseline it was to be compared with."""
    not_compared: str = ""
    """That, and why, a run of the kind that is compared was not: a sentence; else empty."""
    baseline_required: bool = False
    """True: a run that cannot be compared with its baseline fails."""
    baseline_file: str = ""
    """Absolute path of the baseline the run was compared with."""
    verdict: str = ""
    """`pass`, `fail`, `invalid`, `inconclusive`, or empty when it was not judged."""
    exit_code: int | None = None
    process_exit_code: int | None = None
    """What the locustfile set in environment.process_exit_code."""
    exit_asked: bool = False
    """True: user code ended the program with that code, by sys.exit or os._exit."""
    ignored_options: list[str] = []
    """What was set for Locust and has no effect here, e.g. `--csv (from LOCUST_CSV)`."""
    locust_statistics: LocustStatistics | None = None
    """None: nothing was set."""
    invocation: Invocation | None = None
    """None for runs that were not made by `loadtui run` or the workbench, and older ones."""
    imported: Imported | None = None
    remarks: list[Remark] = []
    """Of the workers and the host, on what was recorded; those of an import are in `imported`."""
    not_saved: list[str] = []
    """What of it could not be saved or read again, sentences; it makes the run invalid."""
    checksums: dict[str, str] = {}
    """File name -> sha256 hex."""

    @property
    def ignored_remark(self) -> str:
        """That there were such options, a sentence without its full stop; empty without any."""
        listed = ", ".join(self.ignored_options)
        return f"options of Locust's that have no effect here: {listed}" if listed else ""

    @property
    def shown_percentiles(self) -> tuple[str, ...]:
        """Names of the percentiles that its reports show, ascending."""
        return tuple(self.percentiles) or DEFAULT_PERCENTILES

    @property
    def uncompared(self) -> str:
        """That, and why, nothing of the run was compared with a baseline; empty when it was, and
        when nobody asked."""
        if self.not_compared or self.comparison is None or not self.comparison.not_compared:
            return self.not_compared
        why = "; ".join(self.comparison.not_compared)
        return f"not compared with baseline {self.comparison.base.name}: {why}"

    @property
    def began(self) -> str | None:
        """When the run began, RFC 3339, UTC; None for an import whose source does not say."""
        known = self.imported is None or self.imported.started_known
        return self.started if known else None

    @property
    def known_valid(self) -> bool | None:
        """Whether its numbers can be trusted; None for an import with nothing against it: nobody
        looked after the program that made the load."""
        return None if self.imported is not None and self.validity.valid else self.validity.valid

    @property
    def by_second(self) -> bool:
        """Whether it is known what happened in which second."""
        return self.imported is None or self.imported.by_second

    @property
    def errors_known(self) -> bool:
        """Whether it is known what failed and how; a source without samples may only count."""
        imported = self.imported
        return (
            imported is None
            or imported.given is None
            or self.totals.failures == 0
            or FAILURES_BY_KIND in imported.held
        )

    @property
    def exceptions_known(self) -> bool:
        """Whether it is known what user code raised."""
        return self.imported is None or EXCEPTIONS in self.imported.held

    @property
    def length_s(self) -> float | None:
        """How long the run took, None for an import whose source does not say."""
        known = self.imported is None or self.imported.duration_known
        return self.duration_s if known else None

    @property
    def most_users(self) -> int | None:
        """The most users there were, None for an import whose source does not say."""
        known = self.imported is None or self.imported.users_known
        return self.totals.users_max if known else None
