"""A verdict as Markdown: what failed, what to look at, what passed, and the numbers.

`loadtui report RUN -o regression-analysis.md`.  All that others wrote - names, messages, notes -
is code or escaped, so that it changes nothing in a document, an issue or a summary it is put into.
"""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.plurals import counted
from loadtui.report.account import formatting
from loadtui.report.account.account import Account, account_of_comparison, account_of_run
from loadtui.report.account.judgements import Judgement
from loadtui.report.account.metric_formatting import metric_lines, metrics_left_out
from loadtui.report.account.run_contents import RunContents
from loadtui.report.account.subject import ComparisonSubject, RunSubject
from loadtui.report.account.verdict_words import JUDGEMENT_OUTCOMES, sentence_case
from loadtui.report.markdown.escaping import code_span, escaped_text, list_item, markdown_table
from loadtui.samples.connection_failure import error_text
from loadtui.samples.figures import Figures

ROWS_SHOWN = 100
"""Judgements of one kind that are listed."""
ENDPOINTS_SHOWN = 100
MARKDOWN_ERRORS_SHOWN = 20

_COUNTS = ("requests", "failures", "error rate", "rps")


def runs_markdown(subjects: Sequence[RunSubject]) -> str:
    """The document of one or more runs, ending in a newline; several begin with a list of them."""
    accounts = [account_of_run(subject) for subject in subjects]
    parts = [
        _document(account, figures_table(subject.contents), level=1 if len(subjects) == 1 else 2)
        for account, subject in zip(accounts, subjects, strict=True)
    ]
    if len(subjects) != 1:
        parts.insert(0, _contents(accounts))
    return "\n".join(line for part in parts for line in part)


def comparison_markdown(subject: ComparisonSubject) -> str:
    """The document of a comparison, ending in a newline."""
    return "\n".join(_document(account_of_comparison(subject), [], level=1))


def headlines(accounts: Sequence[Account]) -> str:
    """The verdicts alone, a line each, ending in a newline: for where there is no room."""
    return "\n".join([*(line for account in accounts for line in _head(account, 2)), ""])


def verdict_table(account: Account, *, passed: bool = False) -> list[str]:
    """Lines of a table of the account's judgements, the gravest first; empty when there are none.

    Of those that passed it has the ones that the plan names, with `passed` all.
    """
    rows = [
        (f"{wording.sign} {wording.word}", *_cells(judgement))
        for outcome, wording in JUDGEMENT_OUTCOMES.items()
        for judgement in account.judgements
        if judgement.outcome == outcome and (passed or outcome != "pass" or judgement.named)
    ]
    return _shown(("verdict", *_JUDGEMENT_HEAD), rows) if rows else []


_JUDGEMENT_HEAD = ("what", "where", "found", "base", "change", "why")


def _document(account: Account, shown: list[str], *, level: int) -> list[str]:
    mark = "#" * (level + 1)
    undecided = account.with_outcome("undecided")
    named = [judgement for judgement in undecided if judgement.named]
    others = [judgement for judgement in undecided if not judgement.named]
    return [
        *_head(account, level),
        *_section(f"{mark} Failures", account.with_outcome("error", "fail"), "Nothing failed."),
        *_section(f"{mark} Warnings", account.with_outcome("warning"), "No warnings."),
        *(_section(f"{mark} Named by the plan, and not decided", named, "") if named else []),
        *(_undecided(f"{mark} Not decided", others) if others else []),
        *_section(f"{mark} Passed", account.with_outcome("pass"), "Nothing passed.", folded=True),
        f"{mark} Summary",
        "",
        sentence_case(account.outcome_counts),
        "",
        *_sentences("To know:", account.remarks),
        *_sentences("What else differs:", account.differences),
        *shown,
    ]


def _head(account: Account, level: int) -> list[str]:
    """Verdict, provenance and validity, then what was run."""
    grave = account.kind != "measured"
    facts = [
        ("verdict", f"**{escaped_text(account.word)}**, exit code {account.exit_code}"),
        (
            "numbers",
            f"**{escaped_text(account.provenance)}**"
            if grave
            else escaped_text(account.provenance),
        ),
        (
            "validity",
            escaped_text(account.validity)
            if account.valid
            else f"**{escaped_text(account.validity)}**",
        ),
        *(
            (fact.label, code_span(fact.text) if fact.from_others else escaped_text(fact.text))
            for fact in account.facts
        ),
    ]
    return [
        f"{'#' * level} {escaped_text(account.headline)}",
        "",
        *markdown_table(("", ""), facts),
        "",
    ]


def _contents(accounts: Sequence[Account]) -> list[str]:
    failing = sum(account.exit_code != 0 for account in accounts)
    summary = f"{failing} of {len(accounts)} do not pass" if failing else "all pass"
    rows = [
        (
            escaped_text(account.word),
            code_span(account.title),
            code_span(account.run),
            escaped_text(account.kind),
            escaped_text(account.outcome_counts),
        )
        for account in accounts
    ]
    head = ("verdict", "plan", "run", "numbers", "judged")
    return [f"# {len(accounts)} runs: {summary}", "", *markdown_table(head, rows), ""]


def _section(
    title: str, judgements: Sequence[Judgement], nothing: str, *, folded: bool = False
) -> list[str]:
    if not judgements:
        return [title, "", nothing, ""]
    lines = [f"{title} ({len(judgements)})", ""]
    body = _shown(_JUDGEMENT_HEAD, [_cells(judgement) for judgement in judgements])
    if folded:
        body = ["<details><summary>show</summary>", "", *body, "", "</details>"]
    return [*lines, *body, ""]


def _undecided(title: str, judgements: Sequence[Judgement]) -> list[str]:
    """That there was nothing to compare with has to be seen; of the rest there may be many."""
    telling = any(judgement.kind == "comparison" for judgement in judgements)
    return _section(title, judgements, "", folded=not telling)


def _shown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = markdown_table(head, rows[:ROWS_SHOWN])
    if len(rows) > ROWS_SHOWN:
        lines += ["", f"and {formatting.count(len(rows) - ROWS_SHOWN)} more."]
    return lines


def _cells(judgement: Judgement) -> tuple[str, ...]:
    places = (judgement.stage or "", judgement.endpoint or "")
    where = " · ".join(code_span(place) for place in places if place)
    change = judgement.change
    if judgement.interval:
        change += f" ({judgement.interval})"
    return (
        code_span(judgement.name)
        if judgement.kind in ("threshold", "metric")
        else escaped_text(judgement.name),
        where,
        escaped_text(judgement.value),
        escaped_text(judgement.base),
        escaped_text(change),
        escaped_text(judgement.reason),
    )


def _sentences(title: str, sentences: Sequence[str]) -> list[str]:
    if not sentences:
        return []
    return [title, "", *map(list_item, sentences), ""]


def figures_table(contents: RunContents) -> list[str]:
    """The numbers of a run: by endpoint, by stage, its custom metrics, and its errors."""
    summary = contents.summary
    titles = (*_COUNTS, *contents.manifest.shown_percentiles, "max")
    whole = [row for row in summary.endpoints if row.stage is None]
    rows = [(code_span(row.endpoint.label), *_numbers(row.figures.whole)) for row in whole]
    lines = markdown_table(
        ("endpoint", *titles),
        [*rows[:ENDPOINTS_SHOWN], ("total", *_numbers(summary.totals.whole))],
        right=len(titles),
    )
    if len(rows) > ENDPOINTS_SHOWN:
        lines += ["", f"and {counted(len(rows) - ENDPOINTS_SHOWN, 'more endpoint')}."]
    lines.append("")
    if summary.stages and contents.manifest.imported is None:
        stages = [
            (
                code_span(stage.span.name),
                formatting.count(stage.users),
                formatting.duration(stage.measured_seconds),
                *_numbers(stage.figures.measured),
            )
            for stage in summary.stages
        ]
        head = ("stage, measured part", "users", "length", *titles)
        lines += [*markdown_table(head, stages, right=len(titles) + 2), ""]
    lines += _metric_table(contents)
    if contents.errors:
        errors = [
            (
                formatting.count(error.count),
                code_span(f"{error.method} {error.name}".strip()),
                code_span(error_text(error.message)),
            )
            for error in contents.errors[:MARKDOWN_ERRORS_SHOWN]
        ]
        lines += [*markdown_table(("errors", "endpoint", "message"), errors), ""]
        if len(contents.errors) > MARKDOWN_ERRORS_SHOWN:
            more = counted(len(contents.errors) - MARKDOWN_ERRORS_SHOWN, "more kind")
            lines += [f"and {more} of error.", ""]
    return lines


def _metric_table(contents: RunContents) -> list[str]:
    """The custom metrics over the whole run, and by stage where there are several."""
    rows = [
        (code_span(line.name), line.kind, code_span(line.stage or ""), escaped_text(line.text))
        for line in metric_lines(contents.summary)
    ]
    if not rows:
        return []
    lines = markdown_table(("custom metric", "kind", "stage", "whole run or stage"), rows)
    if left_out := metrics_left_out(contents.summary):
        lines += ["", f"and {left_out}."]
    return [*lines, ""]


def _numbers(figures: Figures) -> tuple[str, ...]:
    return (
        formatting.count(figures.requests),
        formatting.count(figures.failures),
        formatting.percent(figures.error_rate),
        formatting.rate(figures.rps),
        *(formatting.latency(ms) for ms in (*figures.percentiles.values(), figures.max_ms)),
    )
