"""What a GitHub issue says of a regression: title, body, comment and labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from loadtui.github.issue_marker import IssueMarker
from loadtui.github.issue_wording import IssueWording
from loadtui.issues.judged_items import report_of
from loadtui.issues.reproduction import run_again
from loadtui.plurals import counted
from loadtui.printable_text import visible_text
from loadtui.report.account import formatting
from loadtui.report.account.account import Account, account_of_run
from loadtui.report.account.judgements import Judgement, JudgementOutcome
from loadtui.report.account.shortening import shorten
from loadtui.report.account.subject import RunSubject
from loadtui.report.account.verdict_words import PROVENANCES
from loadtui.report.markdown.escaping import code_span, escaped_text, list_item, markdown_table
from loadtui.report.markdown.verdict_markdown import figures_table, verdict_table
from loadtui.samples.estimate import TOTAL
from loadtui.store.comparison import VerdictWord
from loadtui.store.manifest import Manifest

IssueSeverity = Literal["critical", "warning", "none"]

LABELS = ("performance", "regression", "automated")
CRITICAL = "priority-critical"
LONGEST_BODY = 60_000
"""GitHub takes 65 536 characters."""
_TITLE = 200


def severity_of(account: Account) -> IssueSeverity:
    """Critical when anything failed, a warning when there are warnings.

    That a run was not compared says nothing of the target's performance, and is neither.
    """
    if _telling(account, "error", "fail"):
        return "critical"
    return "warning" if _telling(account, "warning") else "none"


def issue_of_run(
    subject: RunSubject, project: Path, environ: Mapping[str, str]
) -> IssueWording | None:
    """The issue of a run that failed or has warnings, None for one that passed.

    `project` is where the run's files are told from when the run itself does not say; `environ` is
    where CI says who it is and where its artifacts are.
    """
    account = account_of_run(subject)
    level = severity_of(account)
    if level == "none":
        return None
    grave = _grave(account)
    marker = IssueMarker.of(account.title, _endpoints(grave)).text()
    report = report_of(subject, grave).text()
    head = [*_kind(account), _sentence(account, grave), ""]
    rest = [*_ran(account, environ), *_reproduce(subject.manifest, project)]
    shown = [*verdict_table(account), "", "### Numbers", "", *figures_table(subject.contents)]
    labels = (*LABELS, CRITICAL) if level == "critical" else LABELS
    return IssueWording(
        title=_title(account, level, grave),
        body=_fitted(head, shown, [*rest, marker, report]),
        comment=_fitted([f"Seen again in run {code_span(account.run)}.", "", *head], shown, rest),
        labels=labels,
    )


def resolved_comment(subject: RunSubject, environ: Mapping[str, str]) -> str:
    """The comment with which an issue is closed after a run that passed."""
    account = account_of_run(subject)
    head = [
        *_kind(account),
        f"Run {code_span(account.run)} passes: {escaped_text(account.outcome_counts)}. "
        "It is the same load, and judged again what this issue is about.",
        "",
    ]
    return "\n".join([*head, *_ran(account, environ)]) + "\n"


def _grave(account: Account) -> list[Judgement]:
    return _telling(account, "error", "fail") or _telling(account, "warning")


def _telling(account: Account, *outcomes: JudgementOutcome) -> list[Judgement]:
    return [one for one in account.with_outcome(*outcomes) if one.kind != "comparison"]


def _endpoints(judgements: Sequence[Judgement]) -> list[str]:
    """The endpoints that failed; the total moves with every one of them, so it counts only by
    itself."""
    named = {judgement.endpoint for judgement in judgements if judgement.endpoint}
    named -= {"total", TOTAL}
    return sorted(named) or ["total"]


def _all_are(judgements: Sequence[Judgement], word: VerdictWord) -> bool:
    """Whether all of them are of compared metrics of which the verdict is this."""
    return all(one.kind == "metric" and one.reason.startswith(word) for one in judgements)


def _title(account: Account, level: IssueSeverity, grave: Sequence[Judgement]) -> str:
    kind = "" if account.kind == "measured" else f"[{account.kind.upper()}] "
    what = "performance regression" if level == "critical" else "performance warning"
    if _all_are(grave, "not comparable"):
        what = "missing metrics"
    elif _all_are(grave, "inconclusive"):
        what = "undecided metrics"
    first = grave[0]
    named = f"{first.name} at {first.endpoint}" if first.endpoint else first.name
    more = f" and {len(grave) - 1} more" if len(grave) > 1 else ""
    text = f"{kind}{account.title}: {what}, {named}{more}"
    return shorten(visible_text(text), _TITLE)


def _kind(account: Account) -> list[str]:
    sentences = [
        f"These numbers are **{wording.word.upper()}**: {wording.sentence}."
        for kind, wording in PROVENANCES.items()
        if kind in account.kind and kind != "measured"
    ]
    return [f"> {' '.join(sentences)}", ""] if sentences else []


def _sentence(account: Account, grave: Sequence[Judgement]) -> str:
    what = "failed" if account.with_outcome("error", "fail") else "to look at"
    return (
        f"{escaped_text(account.headline)}. {counted(len(grave), 'judgement')} {what} "
        f"in run {code_span(account.run)} ({escaped_text(account.outcome_counts)})."
    )


def _ran(account: Account, environ: Mapping[str, str]) -> list[str]:
    """What ran where: the facts of the run, and where CI has what came of it."""
    facts = [
        (fact.label, code_span(fact.text) if fact.from_others else escaped_text(fact.text))
        for fact in account.facts
    ]
    facts.insert(0, ("numbers", escaped_text(account.provenance)))
    if account.duration_s:
        facts.append(("length", escaped_text(formatting.duration(account.duration_s))))
    if link := artifact_link(environ):
        facts.append(("artifacts", link))
    return [
        "### What ran where",
        "",
        *markdown_table(("", ""), facts),
        "",
        *map(list_item, [*account.remarks, *account.differences]),
        "",
    ]


def artifact_link(environ: Mapping[str, str]) -> str:
    """The page of the CI run that made this, empty outside GitHub Actions."""
    server, repository, run = (
        environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")
    )
    if not (server and repository and run):
        return ""
    return f"{server}/{repository}/actions/runs/{run}"


def _reproduce(manifest: Manifest, project: Path) -> list[str]:
    commands = run_again(manifest, project)
    if not commands:
        return []
    notes = []
    if manifest.git is not None and manifest.git.dirty:
        notes.append("There were changes that this commit does not have.")
    if manifest.invocation is not None and manifest.invocation.edited:
        notes.append("The plan's stages were changed by hand before the run started.")
    return [
        "### How to reproduce",
        "",
        *(f"    {visible_text(command)}" for command in commands),
        "",
        *notes,
        *([""] if notes else []),
    ]


def _fitted(head: Sequence[str], rows: Sequence[str], rest: Sequence[str]) -> str:
    """The parts one after the other; the tables give way when they are too long together."""
    room = LONGEST_BODY - sum(len(line) + 1 for line in (*head, *rest))
    shown: list[str] = []
    for line in rows:
        room -= len(line) + 1
        if room < 0:
            break
        shown.append(line)
    cut = len(rows) - len(shown)
    more = ["", f"and {counted(cut, 'more line')}; `loadtui report` shows them all."] if cut else []
    return "\n".join([*head, *shown, *more, "", *rest]) + "\n"
