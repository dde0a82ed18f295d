"""What a report says before and around its judgements, whatever its format."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import msgspec

from loadtui.plurals import counted
from loadtui.report.account import formatting
from loadtui.report.account.compared_rows import comparison_remarks, power_sentence, side_name
from loadtui.report.account.judgements import (
    Judgement,
    JudgementOutcome,
    comparison_judgements,
    run_judgements,
)
from loadtui.report.account.metric_formatting import metric_lines
from loadtui.report.account.recorded_remarks import recorded_remarks
from loadtui.report.account.subject import ComparisonSubject, RunSubject
from loadtui.report.account.verdict_words import (
    JUDGEMENT_OUTCOMES,
    PROVENANCES,
    STEERED,
    UNKNOWN_VALIDITY,
    VALID_RUN,
    Wording,
    comparison_wording,
    late_sentence,
    provenance_word,
    provenance_wording,
    run_wording,
    time_scale_wording,
    validity_sentence,
)
from loadtui.store.comparison import Comparison
from loadtui.store.manifest import Manifest
from loadtui.verdict.exit_codes import stored_exit_code

_OUTCOMES: dict[str, JudgementOutcome] = {
    "pass": "pass",
    "fail": "fail",
    "invalid": "error",
    "inconclusive": "undecided",
    "regressed": "warning",
    "not comparable": "undecided",
}
"""What a verdict is as a judgement; a run without one is an error."""


class Fact(NamedTuple):
    label: str
    text: str
    from_others: bool = True
    """Whether others may have written it."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict as it is told: the headline, where the numbers come from, and every judgement."""

    title: str
    """The plan's name; of a comparison what is compared with what."""
    run: str
    """Id of the run, of several the ids."""
    word: str
    """Sign and word of the verdict."""
    outcome: JudgementOutcome
    exit_code: int
    kind: str
    """`measured`, `simulated`, `imported`, of mixed runs several of them."""
    provenance: str
    """The kind, and what a reader has to know of it."""
    valid: bool
    validity: str
    """`valid` with how often the load generator was short of CPU, or `INVALID` and why, or that it
    is not known."""
    started: str = ""
    """RFC 3339, UTC; empty when not known."""
    duration_s: float = 0.0
    machine: str = ""
    """Name of the host that made the load."""
    facts: list[Fact] = []
    metrics: list[Fact] = []
    """Custom metrics over the whole run and in each stage."""
    judgements: list[Judgement] = []
    remarks: list[str] = []
    """Sentences that a reader has to know, grave ones first."""
    differences: list[str] = []
    """What may explain a change; sentences."""

    @property
    def label(self) -> str:
        """The title, with the kind of the numbers unless they are measured: for where each line
        stands by itself."""
        return self.title if self.kind == "measured" else f"{self.title} ({self.kind.upper()})"

    @property
    def headline(self) -> str:
        """Plan, verdict and, when the numbers are not measured, that."""
        kind = "" if self.kind == "measured" else f" on {self.kind.upper()} numbers"
        return f"{self.title}: {self.word}{kind}"

    def with_outcome(self, *outcomes: JudgementOutcome) -> list[Judgement]:
        return [judgement for judgement in self.judgements if judgement.outcome in outcomes]

    @property
    def outcome_counts(self) -> str:
        """How many judgements there are of each outcome, in words."""
        counts: Counter[str] = Counter(judgement.outcome for judgement in self.judgements)
        parts = [
            _outcome_count(outcome, counts[outcome])
            for outcome in JUDGEMENT_OUTCOMES
            if counts[outcome]
        ]
        return ", ".join(parts) or "nothing was judged"


def _outcome_count(outcome: str, number: int) -> str:
    """`2 warnings`, `3 failed`."""
    word = JUDGEMENT_OUTCOMES[outcome].word
    noun = outcome in ("error", "warning")
    return counted(number, word) if noun else counted(number, word, word)


def account_of_run(subject: RunSubject) -> Account:
    manifest = subject.manifest
    comparison = subject.comparison
    source = manifest.provenance.source
    provenance = _provenance(provenance_wording(manifest))
    return Account(
        title=manifest.plan.name,
        run=manifest.run,
        word=run_wording(
            manifest.state, manifest.verdict, comparison_error=manifest.comparison_error
        ).headline,
        outcome=_OUTCOMES.get(manifest.verdict, "error"),
        exit_code=stored_exit_code(manifest),
        kind=manifest.provenance.kind,
        provenance=f"{provenance} ({source})" if source else provenance,
        valid=manifest.validity.valid,
        validity=validity_sentence(manifest),
        started=manifest.began or "",
        duration_s=manifest.length_s or 0.0,
        machine=str(manifest.machine.get("host") or ""),
        facts=list(_facts(manifest, comparison)),
        metrics=[
            Fact(" · ".join(part for part in (line.name, line.stage) if part), line.text)
            for line in metric_lines(subject.contents.summary)
        ],
        judgements=run_judgements(manifest, comparison),
        remarks=[*_remarks(manifest), *(comparison_remarks(comparison) if comparison else [])],
        differences=comparison.differences if comparison else [],
    )


def account_of_comparison(subject: ComparisonSubject) -> Account:
    comparison = subject.comparison
    base, current = comparison.base, comparison.current
    last = subject.runs[-1].manifest
    kinds = {run.manifest.provenance.kind for run in subject.runs}
    kind = next((name for name in ("simulated", "imported") if name in kinds), "measured")
    return Account(
        title=f"{current.name} against {side_name(base)}",
        run=current.name,
        word=comparison_wording(comparison).explained,
        outcome=_OUTCOMES[comparison.verdict],
        exit_code=subject.exit_code,
        kind=current.provenance,
        provenance=_provenance(PROVENANCES[kind]),
        valid=True,
        validity=UNKNOWN_VALIDITY.phrase if kind == "imported" else VALID_RUN.word,
        started=last.began or "",
        duration_s=sum(run.manifest.length_s or 0.0 for run in subject.runs),
        machine=str(last.machine.get("host") or ""),
        facts=[
            Fact("base", side_name(base)),
            Fact("base runs", ", ".join(base.runs)),
            Fact("runs", ", ".join(current.runs)),
            Fact("plan", last.plan.name),
            *_power(comparison),
        ],
        judgements=comparison_judgements(comparison),
        remarks=comparison_remarks(comparison),
        differences=comparison.differences,
    )


def _provenance(wording: Wording) -> str:
    """The kind; of numbers that are not measured with what that means."""
    word = provenance_word(wording.word)
    return word if wording.word == "measured" else f"{word}: {wording.sentence}"


def _facts(manifest: Manifest, comparison: Comparison | None) -> list[Fact]:
    facts = [
        Fact("run", manifest.run),
        Fact("plan", manifest.plan.name),
        Fact("target", manifest.plan.target),
        Fact("started", _started(manifest)),
        Fact("load", ", ".join(load_parts(manifest))),
    ]
    if manifest.git is not None:
        dirty = " with uncommitted changes" if manifest.git.dirty else ""
        facts.append(Fact("commit", manifest.git.commit + dirty))
    if host := manifest.machine.get("host"):
        cores = manifest.machine.get("cores")
        known = f", {counted(cores, 'core')}" if isinstance(cores, int) else ""
        facts.append(Fact("machine", f"{host}{known}"))
    if manifest.note:
        facts.append(Fact("note", manifest.note))
    if manifest.tags:
        facts.append(Fact("tags", ", ".join(manifest.tags)))
    if comparison is not None:
        facts.append(Fact("against", side_name(comparison.base)))
        facts += _power(comparison)
    return [fact for fact in facts if fact.text]


def _started(manifest: Manifest) -> str:
    imported = manifest.imported
    if imported is None or imported.started_known:
        return manifest.started
    return f"not known, imported {imported.at}"


def load_parts(manifest: Manifest) -> list[str]:
    """How long the run was, how many users it had, and why it ended, as far as that is known."""
    length, users = manifest.length_s, manifest.most_users
    parts = [manifest.state + ("" if length is None else f" after {formatting.duration(length)}")]
    if users:
        parts.append(f"up to {counted(users, 'user')}")
    if manifest.ended_because:
        parts.append(manifest.ended_because)
    return parts


def _remarks(manifest: Manifest) -> list[str]:
    remarks = recorded_remarks(manifest)
    if manifest.steered:
        remarks.append(STEERED.sentence)
    if (time_scale := time_scale_wording(manifest)) is not None:
        remarks.append(f"{time_scale.word}: {time_scale.sentence}")
    if late := late_sentence(manifest):
        remarks.append(late)
    if (imported := manifest.imported) is not None:
        remarks += [f"not in the source: {what}" for what in imported.absent]
        remarks += imported.remarks
    return remarks + _rounding(manifest)


def _rounding(manifest: Manifest) -> list[str]:
    provenance = manifest.provenance
    if provenance.resolution:
        share = formatting.percent(provenance.resolution)
        return [f"the source rounds latencies by up to {share}"]
    if provenance.resolution_ms:
        return [f"the source rounds latencies to {formatting.latency(provenance.resolution_ms)}"]
    return []


def _power(comparison: Comparison) -> list[Fact]:
    sentence = power_sentence(comparison)
    return [Fact("power", sentence, from_others=False)] if sentence else []
