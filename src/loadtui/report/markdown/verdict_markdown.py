"""A verdict as Markdown: what failed, what to look at, what passed, and the numbers.

`loadtui report RUN -o regression-analysis.md`.  All that others wrote - names, messages, notes -
is code or escaped, so that it changes nothing in a document, an issue or a summary it is put into.
"""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.report.account import formatting
from loadtui.report.account.account import Account, account_of_comparison, account_of_run
from loadtui.report.account.judgements import Judgement
from loadtui.report.account.run_contents import RunContents
from loadtui.report.account.subject import ComparisonSubject, RunSubject
from loadtui.report.markdown.escaping import code_span, escaped_text, list_item, markdown_table
from loadtui.samples.figures import Figures

ROWS_SHOWN = 100
"""Cases of one kind that are listed."""
ENDPOINTS_SHOWN = 100
ERRORS_SHOWN = 20

_FIGURES = ("requests", "failures", "error rate", "rps", "p50", "p95", "p99", "max")


def runs_markdown(subjects: Sequence[RunSubject]) -> str:
    """The document of one or more runs, ending in a newline; several begin with a list of them."""
    accounts = [account_of_run(one) for one in subjects]
    parts = [
        _document(account, figures_table(one.found), level=1 if len(subjects) == 1 else 2)
        for account, one in zip(accounts, subjects, strict=True)
    ]
    if len(subjects) != 1:
        parts.insert(0, _contents(accounts))
    return "\n".join(line for part in parts for line in part)


def comparison_markdown(subject: ComparisonSubject) -> str:
    """The document of a comparison, ending in a newline."""
    return "\n".join(_document(account_of_comparison(subject), [], level=1))


def headlines(accounts: Sequence[Account]) -> str:
    """The verdicts alone, a line each, ending in a newline: for where there is no room."""
    return "\n".join([*(line for one in accounts for line in _head(one, 2)), ""])


def verdict_table(account: Account, *, passed: bool = False) -> list[str]:
    """Lines of a table of the account's cases, the gravest first; empty when there are none.

    `passed` takes those in that passed as well.
    """
    grave = ("error", "fail", "warning", "undecided")
    cases = [case for one in grave for case in account.cases if case.outcome == one]
    if passed:
        cases += account.with_outcome("pass")
    words = {"error": "✗ error", "fail": "✗ failed", "warning": "! warning"}
    rows = [(words.get(one.outcome, "?"), *_cells(one)) for one in cases if one.outcome in words]
    rows += [("? undecided", *_cells(one)) for one in cases if one.outcome == "undecided"]
    rows += [("✓ passed", *_cells(one)) for one in cases if one.outcome == "pass"]
    return _shown(("verdict", *_CASE_HEAD), rows) if rows else []


_CASE_HEAD = ("what", "where", "found", "base", "change", "why")


def _document(account: Account, shown: list[str], *, level: int) -> list[str]:
    mark = "#" * (level + 1)
    undecided = account.with_outcome("undecided")
    return [
        *_head(account, level),
        *_section(f"{mark} Failures", account.with_outcome("error", "fail"), "Nothing failed."),
        *_section(f"{mark} Warnings", account.with_outcome("warning"), "No warnings."),
        *(_section(f"{mark} Not decided", undecided, "", folded=True) if undecided else []),
        *_section(f"{mark} Passed", account.with_outcome("pass"), "Nothing passed.", folded=True),
        f"{mark} Summary",
        "",
        f"{account.counted[:1].upper()}{account.counted[1:]}.",
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
            if account.validity.startswith("valid")
            else f"**{escaped_text(account.validity)}**",
        ),
        *(
            (fact.label, code_span(fact.text) if fact.strange else escaped_text(fact.text))
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
    said = f"{failing} of {len(accounts)} do not pass" if failing else "all pass"
    rows = [
        (
            escaped_text(one.word),
            code_span(one.title),
            code_span(one.run),
            escaped_text(one.kind),
            escaped_text(one.counted),
        )
        for one in accounts
    ]
    head = ("verdict", "plan", "run", "numbers", "judged")
    return [f"# {len(accounts)} runs: {said}", "", *markdown_table(head, rows), ""]


def _section(
    title: str, cases: Sequence[Judgement], nothing: str, *, folded: bool = False
) -> list[str]:
    if not cases:
        return [title, "", nothing, ""]
    lines = [f"{title} ({len(cases)})", ""]
    body = _shown(_CASE_HEAD, [_cells(case) for case in cases])
    if folded:
        body = ["<details><summary>show</summary>", "", *body, "", "</details>"]
    return [*lines, *body, ""]


def _shown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = markdown_table(head, rows[:ROWS_SHOWN])
    if len(rows) > ROWS_SHOWN:
        lines += ["", f"and {formatting.count(len(rows) - ROWS_SHOWN)} more."]
    return lines


def _cells(case: Judgement) -> tuple[str, ...]:
    where = " · ".join(code_span(part) for part in (case.stage or "", case.endpoint or "") if part)
    change = f"{case.change} ({case.interval})" if case.interval else case.change
    return (
        code_span(case.name) if case.kind != "run" else escaped_text(case.name),
        where,
        escaped_text(case.found),
        escaped_text(case.base),
        escaped_text(change),
        escaped_text(case.reason),
    )


def _sentences(title: str, sentences: Sequence[str]) -> list[str]:
    if not sentences:
        return []
    return [title, "", *map(list_item, sentences), ""]


def figures_table(found: RunContents) -> list[str]:
    """The numbers of a run: by endpoint, by stage, and its errors."""
    summary = found.summary
    whole = [row for row in summary.endpoints if row.stage is None]
    rows = [(code_span(row.endpoint.label), *_numbers(row.figures.whole)) for row in whole]
    lines = markdown_table(
        ("endpoint", *_FIGURES),
        [*rows[:ENDPOINTS_SHOWN], ("total", *_numbers(summary.totals.whole))],
        right=len(_FIGURES),
    )
    if len(rows) > ENDPOINTS_SHOWN:
        lines += ["", f"and {formatting.count(len(rows) - ENDPOINTS_SHOWN)} more endpoints."]
    lines.append("")
    if summary.stages:
        stages = [
            (
                code_span(stage.span.name),
                formatting.count(stage.users),
                formatting.duration(stage.measured_seconds),
                *_numbers(stage.figures.measured),
            )
            for stage in summary.stages
        ]
        head = ("stage, measured part", "users", "length", *_FIGURES)
        lines += [*markdown_table(head, stages, right=len(_FIGURES) + 2), ""]
    if found.errors:
        errors = [
            (
                formatting.count(one.count),
                code_span(f"{one.method} {one.name}".strip()),
                code_span(one.message),
            )
            for one in found.errors[:ERRORS_SHOWN]
        ]
        lines += [*markdown_table(("errors", "endpoint", "message"), errors), ""]
        if len(found.errors) > ERRORS_SHOWN:
            more = formatting.count(len(found.errors) - ERRORS_SHOWN)
            lines += [f"and {more} more kinds of error.", ""]
    return lines


def _numbers(figures: Figures) -> tuple[str, ...]:
    return (
        formatting.count(figures.requests),
        formatting.count(figures.failures),
        formatting.percent(figures.error_rate),
        formatting.rate(figures.rps),
        *(
            formatting.latency(ms)
            for ms in (figures.p50_ms, figures.p95_ms, figures.p99_ms, figures.max_ms)
        ),
    )
