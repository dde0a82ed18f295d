"""Whether a run can be trusted, by rules: above all, was the load generator the bottleneck?

A second is bad when a worker was short of CPU, had to wait for one, or came late to its own
timers, since latencies taken then are partly the generator's.  The same rule serves the host, which
counts second by second, and whoever judges a saved run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from loadtui.plurals import counted
from loadtui.samples.generator_limits import GeneratorLimit
from loadtui.store.journal import WorkerSecond
from loadtui.store.manifest import GeneratorLoad, StageSpan, Validity
from loadtui.verdict.remedy import remedy

if TYPE_CHECKING:
    import polars as pl

CPU_MAX = 0.90
WAIT_MAX = 0.10
LAG_MIN_MS = 2.0
LAG_SHARE_OF_P50 = 0.05
BAD_SHARE_MAX = 0.10


class Cause(Enum):
    """Why a second is bad; the value is how the report names it."""

    CPU = "CPU above 90 %"
    WAIT = "waiting for a CPU"
    LAG = "loop lag"


def causes(workers: Iterable[WorkerSecond], p50_ms: float | None) -> frozenset[Cause]:
    """Why this second is bad, over all workers; empty when it is good.

    `p50_ms` is the median latency of the run or stage, None while there is none: lag up to
    5 % of it, and at least 2 ms, is tolerated.
    """
    lag_max = max(LAG_MIN_MS, LAG_SHARE_OF_P50 * (p50_ms or 0.0))
    present = set()
    for worker in workers:
        if worker.cpu > CPU_MAX:
            present.add(Cause.CPU)
        if worker.wait > WAIT_MAX:
            present.add(Cause.WAIT)
        if worker.lag_ms > lag_max:
            present.add(Cause.LAG)
    return frozenset(present)


def bad_second(workers: Iterable[WorkerSecond], p50_ms: float | None) -> bool:
    return bool(causes(workers, p50_ms))


class BadSeconds:
    """Counts seconds, bad ones and their causes."""

    def __init__(self) -> None:
        self.seconds = 0
        self.bad = 0
        self.by_cause = dict.fromkeys(Cause, 0)

    def add(self, workers: Iterable[WorkerSecond], p50_ms: float | None) -> bool:
        """Count a second; True when it is bad."""
        present = causes(workers, p50_ms)
        self.seconds += 1
        self.bad += bool(present)
        for cause in present:
            self.by_cause[cause] += 1
        return bool(present)

    def reason(self, kind: str = "measured") -> str:
        """In words why these seconds make a run invalid; empty when they do not."""
        if self.bad <= BAD_SHARE_MAX * self.seconds:
            return ""
        parts = [f"{cause.value}: {count}" for cause, count in self.by_cause.items() if count]
        return (
            f"the load generator was the bottleneck in {self.bad} of {self.seconds} {kind} "
            f"seconds ({', '.join(parts)})"
        )


def is_measured(second: int, stages: Iterable[StageSpan]) -> bool:
    """Whether a second lies in the measured part of one of the stages."""
    return any(span.measured_from <= second < span.measured_to for span in stages)


class RunSecond(NamedTuple):
    """A second of a stored run, as its timeline has it."""

    second: int
    workers: Sequence[WorkerSecond]
    """Without those that said nothing."""
    users: int | None = None
    """None: nobody said."""


def bad_seconds(
    rows: Sequence[RunSecond],
    stages: Sequence[StageSpan],
    p50_ms: float | None,
) -> tuple[BadSeconds, str]:
    """Count the measured seconds; when none was measured, as in a very short run, all of them.
    Also gives the word for what was counted."""
    measured = [row for row in rows if is_measured(row.second, stages)]
    counted = BadSeconds()
    for row in measured or rows:
        counted.add(row.workers, p50_ms)
    return counted, "measured" if measured else "unmeasured"


def run_seconds(timeline: pl.DataFrame) -> list[RunSecond]:
    """The seconds of a stored run."""
    return [
        RunSecond(
            second,
            [
                WorkerSecond(index, *load)
                for index, load in enumerate(zip(cpu, wait, lag_ms, strict=True))
                if None not in load
            ],
            users,
        )
        for second, cpu, wait, lag_ms, users in timeline.select(
            "second", "cpu", "wait", "lag_ms", "users"
        ).iter_rows()
    ]


@dataclass(frozen=True)
class ValidityFacts:
    """What the rules look at."""

    counted: BadSeconds
    kind: str = "measured"
    """Which seconds were counted, in a word: `measured` or `unmeasured`."""
    load: GeneratorLoad | None = None
    """Who used the CPU in the bad seconds, as far as somebody looked."""
    workers: int = 1
    """Worker processes."""
    limited: Mapping[GeneratorLimit, int] = field(default_factory=dict)
    """Requests that failed since the generator's machine ran out of something."""
    lost_deltas: int = 0
    """Messages of samples that were missing by their sequence numbers."""
    lost_requests: int = 0
    """Requests that are missing by the workers' own counts."""
    lost_workers: Sequence[str] = ()
    """For each worker that vanished what became of it."""
    unbalanced: Sequence[str] = ()
    """For each worker whose books do not balance what they say."""
    unlike_the_plan: Sequence[str] = ()
    """Where the load was not the planned one; sentences."""
    started: int = 1
    """Requests that were started, finished or not."""
    not_saved: Sequence[str] = ()
    """What of the run could not be saved or read again; sentences."""
    broken_off: str = ""
    """Why the run broke off, empty when it did not."""


class ValidityRule(NamedTuple):
    """A reason why a run cannot be trusted."""

    name: str
    looks_at: str
    reasons: Callable[[ValidityFacts], Iterable[str]]
    """In words; none when the run is valid by this rule."""


def _bottleneck(facts: ValidityFacts) -> Iterable[str]:
    reason = facts.counted.reason(facts.kind)
    if reason and facts.load is not None:
        by_cause = facts.counted.by_cause
        cpu, wait = by_cause[Cause.CPU] > 0, by_cause[Cause.WAIT] > 0
        reason += f"; {remedy(facts.load, facts.workers, cpu=cpu, wait=wait)}"
    return [reason] if reason else []


def _limited(facts: ValidityFacts) -> Iterable[str]:
    for limit, requests in facts.limited.items():
        yield (
            f"{counted(requests, 'request')} failed since the load generator's machine ran out of "
            f"{limit.value}"
        )


def _lost_samples(facts: ValidityFacts) -> Iterable[str]:
    parts = []
    if deltas := facts.lost_deltas:
        parts.append(f"{counted(deltas, 'message')} missing")
    if (requests := facts.lost_requests) and parts:
        parts.append(f"{counted(requests, 'request')} missing")
    if parts:
        yield f"samples were lost between workers and host ({', '.join(parts)})"
    elif requests:
        yield f"{counted(requests, 'request')} finished and could not be saved"
    for what in facts.unbalanced:
        yield f"the request counts do not balance: {what}"


def _lost_workers(facts: ValidityFacts) -> Iterable[str]:
    for what in facts.lost_workers:
        lost = "a worker was lost in mid-run, and with it what it recorded last"
        yield f"{lost}: {what}{_killed_remedy(what)}"


def _killed_remedy(what: str) -> str:
    """What to look at, of a worker that the system killed."""
    if "SIGKILL" not in what:
        return ""
    return "; was the machine out of memory (`dmesg` tells)? fewer users need less"


def _unlike_the_plan(facts: ValidityFacts) -> Iterable[str]:
    return facts.unlike_the_plan


def _nothing_started(facts: ValidityFacts) -> Iterable[str]:
    return [] if facts.started else ["no request was started"]


def _not_saved(facts: ValidityFacts) -> Iterable[str]:
    return facts.not_saved


def _broken_off(facts: ValidityFacts) -> Iterable[str]:
    return [f"the run broke off: {facts.broken_off}"] if facts.broken_off else []


VALIDITY_RULES = (
    ValidityRule("bottleneck", "CPU, run queue and loop lag of the workers", _bottleneck),
    ValidityRule("limits", "failures for want of open files or ports", _limited),
    ValidityRule("lost samples", "sequence numbers and counts of the workers", _lost_samples),
    ValidityRule("lost workers", "workers that vanished while users ran", _lost_workers),
    ValidityRule("planned load", "users in each second, and the length", _unlike_the_plan),
    ValidityRule("nothing started", "requests, finished or not", _nothing_started),
    ValidityRule("not saved", "damage of the journal", _not_saved),
    ValidityRule("broken off", "how the run ended", _broken_off),
)
"""The reasons of a run are in this order; to add a rule, add it here and to ValidityFacts what it
looks at."""


def validity(facts: ValidityFacts) -> Validity:
    """Judge a run by all rules."""
    reasons = [reason for rule in VALIDITY_RULES for reason in rule.reasons(facts)]
    return Validity(
        valid=not reasons,
        reasons=reasons,
        bad_seconds=facts.counted.bad,
        measured_seconds=facts.counted.seconds if facts.kind == "measured" else 0,
    )
