"""A verdict as single judgements: everything a run was held to, and what came of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from loadtui.report.account import comparison_formatting, formatting
from loadtui.report.account.threshold_formatting import threshold_value
from loadtui.samples.estimate import NO_ENDPOINT, TOTAL
from loadtui.store.comparison import Comparison, ComparisonRow
from loadtui.store.manifest import Manifest, ThresholdResult

JudgementOutcome = Literal["error", "fail", "warning", "undecided", "pass"]
"""`error`: the run says nothing; `undecided`: could not be judged, or too little to tell."""
JudgementKind = Literal["run", "threshold", "metric"]

JUDGED = ("regressed", "improved", "unchanged", "inconclusive", "not comparable")
"""Words that are a verdict; of the others nothing was asked."""
NOT_JUDGED = "not judged, because the run is invalid"


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """One judgement.  Texts are for people and may hold what others wrote."""

    kind: JudgementKind
    outcome: JudgementOutcome
    name: str
    """What was asked: `p95 < 2s`, the metric `p95`, `the run is valid`."""
    stage: str | None = None
    """None: the whole run."""
    endpoint: str | None = None
    """`METHOD name` or `total`; None where there is none."""
    found: str = ""
    base: str = ""
    change: str = ""
    """How far it moved from the base."""
    interval: str = ""
    """95 % interval of the change."""
    reason: str = ""

    @property
    def where(self) -> str:
        return " · ".join(part for part in (self.stage or "", self.endpoint or "") if part)

    @property
    def sentence(self) -> str:
        """The case in one line, for where there is no table."""
        text = f"{self.name} ({self.where})" if self.where else self.name
        said = []
        if self.found:
            said.append(f"{self.found}, was {self.base}" if self.base else self.found)
        if self.change:
            said.append(f"{self.change} ({self.interval})" if self.interval else self.change)
        if self.reason:
            said.append(self.reason)
        return f"{text}: {'; '.join(said)}" if said else text


def run_judgements(manifest: Manifest, comparison: Comparison | None) -> list[Judgement]:
    """What a judged run was held to: to be valid and to end in order, its thresholds, and the
    metrics that were judged against its baseline."""
    cases = list(_of_the_run(manifest))
    judged = [_threshold(result) for result in manifest.thresholds]
    if not manifest.validity.valid:
        judged = [_unjudged(case) for case in judged]
    cases += judged
    if manifest.comparison_error:
        cases.append(
            Judgement(
                kind="run",
                outcome="error",
                name="the run is compared with its baseline",
                reason=manifest.comparison_error,
            )
        )
    if comparison is not None:
        cases += _others_failures(manifest, comparison)
        cases += metric_judgements(comparison)
    return cases


def comparison_judgements(comparison: Comparison) -> list[Judgement]:
    """What a comparison alone says: why the runs fail by themselves, and every judged metric."""
    return [*map(_failure, comparison.failures), *metric_judgements(comparison)]


def metric_judgements(comparison: Comparison) -> list[Judgement]:
    """Every judged metric; of a comparison that keeps only what changed the rest as one case."""
    cases = [_metric(row) for row in comparison.rows if row.word in JUDGED]
    left_out = sum(comparison.counts.get(word, 0) for word in JUDGED) - len(cases)
    if left_out > 0:
        what = "1 more metric" if left_out == 1 else f"{formatting.count(left_out)} more metrics"
        cases.append(
            Judgement(
                kind="metric",
                outcome="pass",
                name=f"{what} against {comparison.base.name}",
                reason="not kept one by one, because nothing changed",
            )
        )
    return cases


def _of_the_run(manifest: Manifest) -> Iterable[Judgement]:
    valid = manifest.validity.valid
    yield Judgement(
        kind="run",
        outcome="pass" if valid else "error",
        name="the run is valid",
        reason="" if valid else "; ".join(manifest.validity.reasons),
    )
    if manifest.state == "interrupted":
        why = f"interrupted after {formatting.duration(manifest.duration_s)}"
        yield Judgement(kind="run", outcome="error", name="the run ends in order", reason=why)
    if count := manifest.totals.exceptions:
        allowed = manifest.plan.allow_exceptions
        yield Judgement(
            kind="run",
            outcome="warning" if allowed else "fail",
            name="user code raises nothing",
            found=formatting.count(count),
            reason="allowed by the plan" if allowed else "",
        )
    if code := manifest.process_exit_code:
        yield Judgement(
            kind="run",
            outcome="fail",
            name="the locustfile is content",
            reason=f"it set process_exit_code {code}",
        )
    if lost := manifest.totals.unfinished:
        yield Judgement(
            kind="run",
            outcome="warning",
            name="all requests finish",
            found=f"{formatting.count(lost)} unfinished",
            reason="killed in flight at the end, not in the counts",
        )


def _threshold(result: ThresholdResult) -> Judgement:
    reasons = ["missing"] if result.status == "missing" else []
    reasons += [
        part for part in (result.reason, "asked of every run" if result.default else "") if part
    ]
    return Judgement(
        kind="threshold",
        outcome="pass" if result.status == "pass" else "fail",
        name=result.check,
        stage=result.stage,
        endpoint=result.endpoint or "total",
        found="" if result.value is None else threshold_value(result),
        reason="; ".join(reasons),
    )


def _unjudged(case: Judgement) -> Judgement:
    reason = f"{NOT_JUDGED}; {case.reason}" if case.reason else NOT_JUDGED
    return msgspec.structs.replace(case, outcome="undecided", reason=reason)


def _others_failures(manifest: Manifest, comparison: Comparison) -> list[Judgement]:
    """Failures of runs that were judged together with this one; its own are cases already."""
    return [_failure(one) for one in comparison.failures if f"run {manifest.run}" not in one]


def _failure(sentence: str) -> Judgement:
    return Judgement(
        kind="run", outcome="fail", name="the runs pass by themselves", reason=sentence
    )


def _metric(row: ComparisonRow) -> Judgement:
    outcome: JudgementOutcome = "pass"
    if row.status == "fail":
        outcome = "fail"
    elif row.word in ("inconclusive", "not comparable"):
        outcome = "undecided"
    elif row.status == "warning":
        outcome = "warning"
    parts = [row.word, row.reason]
    if row.word in ("regressed", "inconclusive") and row.fail is not None and row.scale != "count":
        parts.append(f"fails at {comparison_formatting.moved_text(row, row.written(row.fail))}")
    return Judgement(
        kind="metric",
        outcome=outcome,
        name=row.metric,
        stage=row.stage,
        endpoint=place(row),
        found="" if row.current is None else comparison_formatting.value_text(row, row.current),
        base="" if row.base is None else comparison_formatting.value_text(row, row.base),
        change=""
        if row.base is None or row.current is None
        else comparison_formatting.change_text(row),
        interval=comparison_formatting.interval_text(row),
        reason="; ".join(part for part in parts if part),
    )


def place(row: ComparisonRow) -> str | None:
    """The endpoint of a row, None for a metric without one."""
    if row.endpoint == NO_ENDPOINT:
        return None
    return "total" if row.endpoint == TOTAL else row.endpoint
