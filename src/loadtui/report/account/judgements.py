"""A verdict as single judgements: everything a run must meet, and what came of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from loadtui.plurals import counted
from loadtui.report.account import comparison_formatting, formatting
from loadtui.report.account.compared_rows import endpoint_if_any
from loadtui.report.account.threshold_formatting import threshold_value
from loadtui.report.account.verdict_words import (
    LOST_REQUESTS,
    NOT_JUDGED,
    RUN_STATES,
    UNFINISHED_REQUESTS,
)
from loadtui.store.comparison import Comparison, ComparisonRow
from loadtui.store.manifest import Manifest, ThresholdResult
from loadtui.verdict.exit_codes import ON_ERROR_PROMISE, failing_on_error

JudgementOutcome = Literal["error", "fail", "warning", "undecided", "pass"]
"""`error`: the run cannot be trusted; `undecided`: could not be judged, or too little to tell."""
JudgementKind = Literal["run", "threshold", "metric", "comparison"]
"""`comparison`: whether there was one at all, which says nothing of how the target did."""

JUDGED = ("regressed", "improved", "unchanged", "inconclusive", "not comparable")
"""Words that are a verdict; of the others nothing was asked."""


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
    value: str = ""
    base: str = ""
    change: str = ""
    """How far it moved from the base."""
    interval: str = ""
    """95 % interval of the change."""
    reason: str = ""
    named: bool = False
    """Whether it is a metric that the plan names."""

    @property
    def where(self) -> str:
        return " · ".join(part for part in (self.stage or "", self.endpoint or "") if part)

    @property
    def sentence(self) -> str:
        """The judgement in one line, for where there is no table."""
        text = f"{self.name} ({self.where})" if self.where else self.name
        parts = []
        if self.value:
            parts.append(f"{self.value}, was {self.base}" if self.base else self.value)
        if self.change:
            parts.append(f"{self.change} ({self.interval})" if self.interval else self.change)
        if self.reason:
            parts.append(self.reason)
        return f"{text}: {'; '.join(parts)}" if parts else text


def run_judgements(manifest: Manifest, comparison: Comparison | None) -> list[Judgement]:
    """What a judged run must meet: to be valid and to come to its end, its thresholds, and what is
    judged against its baseline."""
    judgements = list(_of_the_run(manifest))
    thresholds = [_threshold(result) for result in manifest.thresholds]
    if not manifest.validity.valid:
        thresholds = [_unjudged(judgement) for judgement in thresholds]
    judgements += thresholds
    if manifest.comparison_error:
        judgements.append(_compared("error", manifest.comparison_error))
    if manifest.not_compared:
        judgements.append(_compared("undecided", manifest.not_compared))
    if comparison is not None:
        judgements += _others_failures(manifest, comparison)
        judgements += _not_compared(comparison, required=manifest.baseline_required)
        judgements += metric_judgements(comparison)
    return judgements


def comparison_judgements(comparison: Comparison) -> list[Judgement]:
    """What a comparison alone says: why the runs fail by themselves, and every judged metric."""
    return [
        *map(_failure, comparison.failures),
        *_not_compared(comparison, required=False),
        *metric_judgements(comparison),
    ]


def metric_judgements(comparison: Comparison) -> list[Judgement]:
    """Every judged metric; of a comparison that was saved without what did not change, the rest as
    one judgement.  What could not be compared with all else in its stage is no judgement of its
    own, unless it had to be there."""
    judged = [row for row in comparison.rows if row.word in JUDGED]
    judgements = [
        _metric(row)
        for row in comparison.rows
        if (row.word in JUDGED and not _told_with_its_stage(comparison, row))
        or (row.named and row.word == "new")
    ]
    left_out = sum(comparison.counts.get(word, 0) for word in JUDGED) - len(judged)
    if left_out > 0 and not comparison.not_compared:
        judgements.append(
            Judgement(
                kind="metric",
                outcome="pass",
                name=f"{counted(left_out, 'more metric')} against {comparison.base.name}",
                reason="not saved one by one, because nothing changed",
            )
        )
    return judgements


def _told_with_its_stage(comparison: Comparison, row: ComparisonRow) -> bool:
    whole = bool(comparison.not_compared) or row.stage in comparison.uncompared_stages
    return whole and row.word == "not comparable" and row.status != "fail"


def _not_compared(comparison: Comparison, *, required: bool) -> list[Judgement]:
    """That the runs, or stages of them, were not compared: once, and not for each metric."""
    outcome: JudgementOutcome = "fail" if required else "undecided"
    if comparison.not_compared:
        return [_compared(outcome, "; ".join(("not comparable", *comparison.not_compared)))]
    return [
        _compared(outcome, f"not comparable; {why}", stage)
        for stage, why in comparison.uncompared_stages.items()
    ]


def _compared(outcome: JudgementOutcome, reason: str, stage: str | None = None) -> Judgement:
    what = "the run" if stage is None else "the stage"
    return Judgement(
        kind="comparison",
        outcome=outcome,
        name=f"{what} is compared with its baseline",
        stage=stage,
        reason=reason,
    )


def _of_the_run(manifest: Manifest) -> Iterable[Judgement]:
    valid = manifest.known_valid
    if valid is not None:
        yield Judgement(
            kind="run",
            outcome="pass" if valid else "error",
            name="the run is valid",
            reason="" if valid else "; ".join(manifest.validity.reasons),
        )
    if manifest.state == "interrupted":
        why = f"{RUN_STATES['interrupted'].word} after {formatting.duration(manifest.duration_s)}"
        yield Judgement(kind="run", outcome="error", name="the run comes to its end", reason=why)
    if count := manifest.totals.exceptions:
        allowed = manifest.plan.allow_exceptions
        yield Judgement(
            kind="run",
            outcome="warning" if allowed else "fail",
            name="user code raises nothing",
            value=formatting.count(count),
            reason="allowed by the plan" if allowed else "",
        )
    if code := manifest.process_exit_code:
        yield Judgement(
            kind="run",
            outcome="fail",
            name="the locustfile sets no failing exit code",
            reason=f"it set process_exit_code {code}",
        )
    if on_error := failing_on_error(manifest):
        yield Judgement(
            kind="run",
            outcome="fail",
            name=ON_ERROR_PROMISE,
            value=on_error,
            reason=f"asked for by --exit-code-on-error {manifest.plan.exit_code_on_error}",
        )
    if unfinished := manifest.totals.unfinished:
        yield Judgement(
            kind="run",
            outcome="warning",
            name="all requests finish",
            value=f"{formatting.count(unfinished)} unfinished",
            reason=UNFINISHED_REQUESTS,
        )
    if lost := manifest.totals.lost:
        yield Judgement(
            kind="run",
            outcome="warning",
            name="all requests are saved",
            value=f"{formatting.count(lost)} lost",
            reason=LOST_REQUESTS,
        )


_THRESHOLD_OUTCOMES: dict[str, JudgementOutcome] = {"pass": "pass", "waived": "warning"}


def _threshold(result: ThresholdResult) -> Judgement:
    reasons = ["missing"] if result.status == "missing" else []
    reasons += [
        part for part in (result.reason, "asked of every run" if result.default else "") if part
    ]
    return Judgement(
        kind="threshold",
        outcome=_THRESHOLD_OUTCOMES.get(result.status, "fail"),
        name=result.check,
        stage=result.stage,
        endpoint=result.endpoint or "total",
        value="" if result.value is None else threshold_value(result),
        reason="; ".join(reasons),
    )


def _unjudged(judgement: Judgement) -> Judgement:
    reasons = (NOT_JUDGED.sentence, judgement.reason)
    reason = "; ".join(part for part in reasons if part)
    return msgspec.structs.replace(judgement, outcome="undecided", reason=reason)


def _others_failures(manifest: Manifest, comparison: Comparison) -> list[Judgement]:
    """Failures of runs that were judged together with this one; its own are judgements already."""
    return [
        _failure(sentence)
        for sentence in comparison.failures
        if f"run {manifest.run}" not in sentence
    ]


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
        endpoint=endpoint_if_any(row),
        value="" if row.current is None else comparison_formatting.value_text(row, row.current),
        base="" if row.base is None else comparison_formatting.value_text(row, row.base),
        change=""
        if row.base is None or row.current is None
        else comparison_formatting.change_text(row),
        interval=comparison_formatting.interval_text(row),
        reason="; ".join(part for part in parts if part),
        named=row.named,
    )
