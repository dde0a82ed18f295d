"""What a report says before and around its judgements, whatever its form."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import msgspec

from loadtui.report.account import formatting
from loadtui.report.account.judgements import (
    Judgement,
    JudgementOutcome,
    comparison_judgements,
    run_judgements,
)
from loadtui.report.account.run_contents import target
from loadtui.report.account.subject import ComparisonSubject, RunSubject
from loadtui.report.json.run_document import exit_code
from loadtui.report.text.comparison_text import banner_word
from loadtui.store.comparison import Comparison, Side
from loadtui.store.manifest import Manifest

_KINDS = {
    "measured": "measured",
    "simulated": "SIMULATED: drawn at random, nothing was measured and no server was asked",
    "imported": "IMPORTED: measured by another program",
}
_WORDS = {
    "pass": "✓ PASS",
    "fail": "✗ FAIL",
    "invalid": "✗ INVALID",
    "inconclusive": "? INCONCLUSIVE",
}
_OUTCOMES: dict[str, JudgementOutcome] = {
    "pass": "pass",
    "fail": "fail",
    "invalid": "error",
    "inconclusive": "undecided",
    "regressed": "warning",
    "not comparable": "undecided",
}
_ORDER: tuple[JudgementOutcome, ...] = ("error", "fail", "warning", "undecided", "pass")
_COUNTED = {
    "error": "error",
    "fail": "failed",
    "warning": "to be warned of",
    "undecided": "undecided",
    "pass": "passed",
}


class Fact(NamedTuple):
    label: str
    text: str
    strange: bool = True
    """Whether others may have written it."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict as it is told: the headline, where the numbers come from, and every case."""

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
    validity: str
    """`valid`, or `INVALID` and why; with how often the load generator was short of CPU."""
    started: str = ""
    """RFC 3339, UTC; empty when not known."""
    duration_s: float = 0.0
    machine: str = ""
    """Name of the host that made the load."""
    facts: list[Fact] = []
    cases: list[Judgement] = []
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
        return [case for case in self.cases if case.outcome in outcomes]

    @property
    def counted(self) -> str:
        """How many cases there are of each outcome, in words."""
        counts = Counter(case.outcome for case in self.cases)
        parts = [f"{counts[one]} {_COUNTED[one]}" for one in _ORDER if counts[one]]
        return ", ".join(parts) or "nothing was judged"


def account_of_run(subject: RunSubject) -> Account:
    manifest = subject.manifest
    comparison = subject.comparison
    kind = manifest.provenance.kind
    source = manifest.provenance.source
    word = manifest.verdict or "interrupted"
    return Account(
        title=manifest.plan.name,
        run=manifest.run,
        word=_word(manifest),
        outcome=_OUTCOMES.get(word, "error"),
        exit_code=exit_code(subject.found),
        kind=kind,
        provenance=f"{_KINDS[kind]} ({source})" if source else _KINDS[kind],
        validity=_validity(manifest),
        started=manifest.started,
        duration_s=manifest.duration_s,
        machine=str(manifest.machine.get("host") or ""),
        facts=list(_facts(manifest, comparison)),
        cases=run_judgements(manifest, comparison),
        remarks=[*_remarks(manifest), *(comparison.remarks if comparison else [])],
        differences=comparison.differences if comparison else [],
    )


def account_of_comparison(subject: ComparisonSubject) -> Account:
    comparison = subject.comparison
    base, current = comparison.base, comparison.current
    last = subject.runs[-1].manifest
    kinds = {run.manifest.provenance.kind for run in subject.runs}
    kind = next((one for one in ("simulated", "imported") if one in kinds), "measured")
    return Account(
        title=f"{current.name} against {_named(base)}",
        run=current.name,
        word=banner_word(comparison)[0],
        outcome=_OUTCOMES[comparison.verdict],
        exit_code=subject.exit_code,
        kind=current.provenance,
        provenance=_KINDS[kind],
        validity="valid",
        started=last.started,
        duration_s=sum(run.manifest.duration_s for run in subject.runs),
        machine=str(last.machine.get("host") or ""),
        facts=[
            Fact("base", _named(base)),
            Fact("base runs", ", ".join(base.runs)),
            Fact("runs", ", ".join(current.runs)),
            Fact("plan", last.plan.name),
            *_tested(comparison),
        ],
        cases=comparison_judgements(comparison),
        remarks=comparison.remarks,
        differences=comparison.differences,
    )


def _word(manifest: Manifest) -> str:
    if manifest.verdict:
        return _WORDS[manifest.verdict]
    if manifest.state == "finished" and manifest.comparison_error:
        return "✗ NOT COMPARED"
    return f"! {manifest.state.upper()}"


def _validity(manifest: Manifest) -> str:
    validity = manifest.validity
    if not validity.valid:
        return f"INVALID, its numbers say nothing: {'; '.join(validity.reasons)}"
    if not validity.measured_seconds or manifest.provenance.kind != "measured":
        return "valid"
    return (
        f"valid; load generator short of CPU in {validity.bad_seconds} of "
        f"{validity.measured_seconds} measured seconds"
    )


def _facts(manifest: Manifest, comparison: Comparison | None) -> list[Fact]:
    facts = [
        Fact("run", manifest.run),
        Fact("plan", manifest.plan.name),
        Fact("target", target(manifest.plan)),
        Fact("started", _started(manifest)),
        Fact("load", _course(manifest)),
    ]
    if manifest.git is not None:
        dirty = " with uncommitted changes" if manifest.git.dirty else ""
        facts.append(Fact("commit", manifest.git.commit + dirty))
    if host := manifest.machine.get("host"):
        cores = manifest.machine.get("cores")
        facts.append(Fact("machine", f"{host}, {cores} cores" if cores else str(host)))
    if manifest.note:
        facts.append(Fact("note", manifest.note))
    if manifest.tags:
        facts.append(Fact("tags", ", ".join(manifest.tags)))
    if comparison is not None:
        facts.append(Fact("against", _named(comparison.base)))
        facts += _tested(comparison)
    return [fact for fact in facts if fact.text]


def _started(manifest: Manifest) -> str:
    imported = manifest.imported
    if imported is None or imported.started_known:
        return manifest.started
    return f"not known, imported {imported.at}"


def _course(manifest: Manifest) -> str:
    length = manifest.length_s
    said = [manifest.state + ("" if length is None else f" after {formatting.duration(length)}")]
    if most := manifest.most_users:
        said.append(f"up to {formatting.count(most)} {'user' if most == 1 else 'users'}")
    if manifest.ended_because:
        said.append(manifest.ended_because)
    return ", ".join(said)


def _remarks(manifest: Manifest) -> list[str]:
    remarks = []
    if manifest.steered:
        remarks.append("users were changed by hand, so the run cannot be compared")
    if manifest.plan.time_scale != 1.0:
        remarks.append(
            f"time scale {manifest.plan.time_scale:g}: stages do not last as the plan says"
        )
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


def _named(side: Side) -> str:
    if side.kind == "run":
        return side.name
    count = len(side.runs)
    return f"baseline {side.name} ({count} {'run' if count == 1 else 'runs'})"


def _tested(comparison: Comparison) -> list[Fact]:
    """What could have been found at all: never claim more."""
    if comparison.finds_p95 is None:
        return []
    low, high = (f"+{share * 100:.0f} %" for share in comparison.finds_p95)
    which = low if low == high else f"{low} to {high}, depending on the endpoint"
    metrics = "1 metric" if comparison.tests == 1 else f"{comparison.tests} metrics"
    text = f"{metrics} tested together; a p95 rise is found 9 times in 10 from {which}"
    return [Fact("power", text, strange=False)]
