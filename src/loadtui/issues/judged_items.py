"""The judgements of a run as an issue remembers them, and as a later run answers for them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from loadtui.github.issue_report import IssueJudgement, IssueLoad, IssueReport
from loadtui.github.run_proof import ProvedJudgement, RunProof
from loadtui.plan.model import Threshold
from loadtui.plan.name_pattern import fits_pattern
from loadtui.plan.threshold_check import parse_check
from loadtui.printable_text import visible_text
from loadtui.report.account.account import account_of_run
from loadtui.report.account.compared_rows import endpoint_if_any
from loadtui.report.account.judgements import Judgement
from loadtui.report.account.subject import RunSubject
from loadtui.store.manifest import Manifest, ThresholdResult
from loadtui.verdict.exit_codes import ON_ERROR_PROMISE
from loadtui.verdict.thresholds import ALWAYS_FAILS_FROM, NEVER_ONLY_FAILS, SOMETHING_FINISHES

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_DIGITS = 12


class _Item(NamedTuple):
    """What was asked and where."""

    kind: str
    name: str
    stage: str | None
    endpoint: str | None

    @property
    def id(self) -> str:
        text = "\0".join((self.kind, self.name, self.stage or "", self.endpoint or ""))
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self.kind}:{digest[:_DIGITS]}"


def report_of(subject: RunSubject, failed: Sequence[Judgement]) -> IssueReport:
    """What an issue remembers of a run in which these judgements failed."""
    manifest = subject.manifest
    limits = _limits(subject)
    host = _host(manifest)
    return IssueReport(
        runs=(manifest.run,),
        started=manifest.started,
        loads=(_load(manifest),),
        baselines=(subject.comparison.base.name,) if subject.comparison else (),
        hosts=(host,) if host else (),
        judgements=tuple(
            IssueJudgement(
                item.id,
                limits.get(item),
                visible_text(f"{judgement.name} ({judgement.where})").removesuffix(" ()"),
            )
            for judgement in failed
            for item in [_item(judgement)]
        ),
    )


def proof_of(subject: RunSubject) -> RunProof:
    """What a run that passes says about the judgements of earlier ones."""
    manifest, comparison = subject.manifest, subject.comparison
    limits = _limits(subject)
    judged = {
        item: ProvedJudgement(judgement.outcome, limits.get(item))
        for judgement in account_of_run(subject).judgements
        for item in [_item(judgement)]
    }
    for item, outcome in _under_other_names(subject):
        judged.setdefault(item, ProvedJudgement(outcome))
    return RunProof(
        run=manifest.run,
        started=manifest.started,
        load=_load(manifest),
        host=_host(manifest),
        steered=manifest.steered,
        baseline=comparison.base.name if comparison else "",
        baseline_runs=frozenset(comparison.base.runs if comparison else ()),
        rows_lost=comparison is not None and subject.base is None,
        judgements={item.id: proved for item, proved in judged.items()},
        not_asked=frozenset(item.id for item in _not_asked(manifest)),
    )


def _item(judgement: Judgement) -> _Item:
    return _Item(judgement.kind, judgement.name, judgement.stage, judgement.endpoint)


def _limits(subject: RunSubject) -> dict[_Item, float]:
    """How far each compared metric might move before it fails."""
    rows = subject.comparison.rows if subject.comparison else []
    return {
        _Item("metric", row.metric, row.stage, endpoint_if_any(row)): round(row.fail, 6)
        for row in rows
        if row.fail is not None
    }


def _load(manifest: Manifest) -> IssueLoad:
    return IssueLoad(manifest.fingerprint, manifest.plan.time_scale, manifest.provenance.kind)


def _host(manifest: Manifest) -> str:
    """Name of the host that the load went to, without the port, which differs from run to run where
    services are started for a test."""
    try:
        name = urlsplit(manifest.plan.target).hostname or ""
    except ValueError:
        return ""
    return "this machine" if name in _LOOPBACK else name


def _under_other_names(subject: RunSubject) -> Iterator[tuple[_Item, str]]:
    """What passes in another place than it fails in: a threshold without anything to judge is
    missing under its own patterns, and the promises about single requests name what broke them."""
    manifest = subject.manifest
    for threshold in manifest.plan.thresholds:
        yield from _by_pattern(threshold, manifest.thresholds)
    if manifest.totals.requests:
        yield _Item("threshold", SOMETHING_FINISHES, None, "total"), "pass"
    if any(r.check == NEVER_ONLY_FAILS and r.status == "pass" for r in manifest.thresholds):
        for row in subject.contents.summary.endpoints:
            if row.stage is None and (row.figures.whole.requests or 0) >= ALWAYS_FAILS_FROM:
                yield _Item("threshold", NEVER_ONLY_FAILS, None, row.endpoint.label), "pass"


def _by_pattern(
    threshold: Threshold, results: Sequence[ThresholdResult]
) -> Iterator[tuple[_Item, str]]:
    check = parse_check(threshold.check).text
    fitting = [
        result
        for result in results
        if result.check == check
        and not result.default
        and _fits(result.stage, threshold.stage)
        and _fits(result.endpoint, threshold.endpoint)
    ]
    for stage in {threshold.stage, *(result.stage for result in fitting)}:
        statuses = {r.status for r in fitting if stage in (r.stage, threshold.stage)}
        if statuses:
            outcome = "pass" if statuses == {"pass"} else "fail"
            yield _Item("threshold", check, stage, threshold.endpoint or "total"), outcome


def _fits(name: str | None, pattern: str | None) -> bool:
    if pattern is None or name is None:
        return name is None or pattern is None
    return fits_pattern(name, pattern)


def _not_asked(manifest: Manifest) -> Iterator[_Item]:
    """Judgements on a whole run that are told only when they fail, and were not asked of this one;
    all others passed."""
    if not manifest.plan.exit_code_on_error:
        yield _Item("run", ON_ERROR_PROMISE, None, None)
