"""What a comparison found, as plain values: drawn by screens, written by reports, saved with a run.

Changes, bounds and tolerances are on the working scale of their metric (samples.estimate), turned
so that positive is worse; `Row.written` gives them as people write a tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

import msgspec

from loadtui.samples.estimate import Key, Scale

VerdictWord = Literal[
    "regressed", "improved", "unchanged", "inconclusive", "not comparable", "new", "shown"
]
RowStatus = Literal["pass", "warning", "fail"]
Verdict = Literal["fail", "regressed", "inconclusive", "not comparable", "pass"]
"""Of a whole comparison: the gravest of its rows.  `fail`: something regressed beyond its
tolerance, or what had to be there is missing; `regressed`: short of the tolerance; `pass`: all that
was judged is unchanged or improved."""

VERDICT_WORDS: tuple[VerdictWord, ...] = (
    "regressed",
    "not comparable",
    "inconclusive",
    "improved",
    "unchanged",
    "new",
    "shown",
)
"""The gravest first."""

MAX_STORED_ROWS = 200
"""Rows that are saved with a run."""


class ComparisonRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """The verdict on one metric of one endpoint in one stage."""

    stage: str
    endpoint: str
    metric: str
    word: VerdictWord
    status: RowStatus
    scale: Scale
    unit: str = ""
    worse: int = 1
    """+1 where more is worse, -1 where less is."""
    reason: str = ""
    base: float | None = None
    """In the unit people read: ms, a second, a fraction, a count; of several runs the mean (the
    geometric one on a log scale), of a counter the most."""
    current: float | None = None
    warn: float | None = None
    fail: float | None = None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    """The 95 % interval of the change."""
    se: float | None = None
    df: float | None = None
    p: float | None = None
    mde90: float | None = None
    """Smallest change for the worse found with 90 % power, as written: 0.34 is +34 %."""
    further_runs: int | None = None
    """More current runs that would decide an inconclusive metric."""
    further_base_runs: int | None = None
    """More baseline runs that would, where no number of current runs does."""

    named: bool = False
    """Whether the plan names the metric, so that it is told whatever came of it."""

    @property
    def key(self) -> Key:
        return Key(self.stage, self.endpoint, self.metric)

    @property
    def undecided(self) -> bool:
        """Whether it was asked of the metric and could not be told."""
        return self.word in ("inconclusive", "not comparable")

    @property
    def tested(self) -> bool:
        """Whether the word comes from a test, and not from what there was to compare."""
        return self.word in ("regressed", "improved", "unchanged") or (
            self.word == "inconclusive" and self.p is not None
        )

    def written(self, on_scale: float) -> float:
        """A number of this row's scale as people write it: 0.31 for +31 %, -0.3 for -30 %, 0.005
        for +0.5 percentage points."""
        return math.expm1(self.worse * on_scale) if self.scale == "log" else self.worse * on_scale


class Side(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of the two sets of runs."""

    name: str
    """A baseline's name, else the ids of the runs."""
    kind: Literal["baseline", "run"]
    plan: str
    provenance: str
    runs: list[str]


class Comparison(msgspec.Struct, frozen=True, omit_defaults=True):
    """A judged comparison of a base with one or more runs, which are judged together."""

    base: Side
    current: Side
    verdict: Verdict
    rows: list[ComparisonRow]
    """By stage in the order they were run, then endpoint and metric; with a saved run only what
    changed, at most MAX_STORED_ROWS, and what the plan names."""
    counts: dict[str, int]
    """Word -> number of rows, of all rows."""
    tests: int
    """Size of the family that was tested together."""
    finds_p95: tuple[float, float] | None = None
    """The smallest p95 increase found nine times in ten, at the best and at the worst of the tested
    places: 0.28 is +28 %."""
    differences: list[str] = []
    """What else differs between the two sides and may explain a change; sentences."""
    remarks: list[str] = []
    """What a reader has to know of the runs themselves; sentences."""
    failures: list[str] = []
    """Why the current runs fail by themselves, whatever the base; sentences."""
    not_compared: list[str] = []
    """Why nothing was compared, and of another load in what it differs; sentences.  Empty: at least
    one stage was."""
    uncompared_stages: dict[str, str] = {}
    """Where some were: stage -> why nothing in it was."""

    @property
    def decided(self) -> bool:
        """False when a test could not tell, or something could not be compared."""
        return not (self.counts.get("inconclusive") or self.counts.get("not comparable"))


def changed_rows(rows: Iterable[ComparisonRow]) -> list[ComparisonRow]:
    """Rows that say more than that all is as it was, and those of metrics that the plan names."""
    return [
        row for row in rows if row.status != "pass" or row.word in ("improved", "new") or row.named
    ]


def as_stored(comparison: Comparison) -> Comparison:
    """The comparison as it is saved with a run: what changed or is named by the plan, and of too
    much the named ones and the gravest."""
    rows = changed_rows(comparison.rows)
    if len(rows) > MAX_STORED_ROWS:
        gravest = sorted(
            rows, key=lambda row: (row.status != "fail", VERDICT_WORDS.index(row.word))
        )
        chosen = {row.key for row in gravest[:MAX_STORED_ROWS]}
        rows = [row for row in rows if row.key in chosen or row.named]
    return msgspec.structs.replace(comparison, rows=rows)
