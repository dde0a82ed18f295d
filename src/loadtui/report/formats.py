"""The forms a verdict can be written in: one table, by name and by the end of a file's name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from loadtui.errors import UsageError

if TYPE_CHECKING:
    from loadtui.report.account.subject import ComparisonSubject, RunSubject

PLAIN_WIDTH = 100


class ReportFormat(NamedTuple):
    """One form; both functions give the bytes of a whole file."""

    name: str
    suffixes: tuple[str, ...]
    of_runs: Callable[[Sequence[RunSubject], bool], bytes]
    """Of one or more runs; the second argument says that there could have been several."""
    of_comparison: Callable[[ComparisonSubject], bytes]


def format_named(name: str) -> ReportFormat:
    return next(form for form in REPORT_FORMATS if form.name == name)


def format_for(path: Path) -> ReportFormat:
    """The form that the end of a file's name asks for; UsageError when there is none."""
    for form in REPORT_FORMATS:
        if path.suffix.lower() in form.suffixes:
            return form
    known = ", ".join(suffix for form in REPORT_FORMATS for suffix in form.suffixes)
    raise UsageError(
        f"-o {path}: the end of its name says no format (known are {known}); give --format"
    )


def _text_of_runs(subjects: Sequence[RunSubject], several: bool) -> bytes:
    from loadtui.report.text.run_text import run_text_of

    return "\n".join(run_text_of(one.found, PLAIN_WIDTH, False) for one in subjects).encode(
        "utf-8", "backslashreplace"
    )


def _text_of_comparison(subject: ComparisonSubject) -> bytes:
    from loadtui.report.text.comparison_text import render_comparison

    text = render_comparison(subject.comparison, PLAIN_WIDTH, False, everything=subject.everything)
    return text.encode("utf-8", "backslashreplace")


def _json_of_runs(subjects: Sequence[RunSubject], several: bool) -> bytes:
    from loadtui.report.json.run_document import run_document_of, to_json

    documents = [run_document_of(one.found) for one in subjects]
    return to_json(documents if several or len(documents) != 1 else documents[0])


def _json_of_comparison(subject: ComparisonSubject) -> bytes:
    from loadtui.report.json.comparison_document import comparison_document
    from loadtui.report.json.run_document import to_json

    return to_json(comparison_document(subject.comparison, subject.exit_code))


def _markdown_of_runs(subjects: Sequence[RunSubject], several: bool) -> bytes:
    from loadtui.report.markdown.verdict_markdown import runs_markdown

    return runs_markdown(subjects).encode()


def _markdown_of_comparison(subject: ComparisonSubject) -> bytes:
    from loadtui.report.markdown.verdict_markdown import comparison_markdown

    return comparison_markdown(subject).encode()


def _junit_of_runs(subjects: Sequence[RunSubject], several: bool) -> bytes:
    from loadtui.report.account.account import account_of_run
    from loadtui.report.junit import junit_xml

    return junit_xml([account_of_run(one) for one in subjects])


def _junit_of_comparison(subject: ComparisonSubject) -> bytes:
    from loadtui.report.account.account import account_of_comparison
    from loadtui.report.junit import junit_xml

    return junit_xml([account_of_comparison(subject)])


def _github_of_runs(subjects: Sequence[RunSubject], several: bool) -> bytes:
    from loadtui.report.account.account import account_of_run
    from loadtui.report.github_annotations import print_annotations

    return print_annotations([account_of_run(one) for one in subjects]).encode()


def _github_of_comparison(subject: ComparisonSubject) -> bytes:
    from loadtui.report.account.account import account_of_comparison
    from loadtui.report.github_annotations import print_annotations

    return print_annotations([account_of_comparison(subject)]).encode()


def _html_of_runs(subjects: Sequence[RunSubject], several: bool) -> bytes:
    from loadtui.report.html.html_report import html_of_runs

    return html_of_runs(subjects)


def _html_of_comparison(subject: ComparisonSubject) -> bytes:
    from loadtui.report.html.html_report import html_of_comparison

    return html_of_comparison(subject)


REPORT_FORMATS: tuple[ReportFormat, ...] = (
    ReportFormat("text", (".txt",), _text_of_runs, _text_of_comparison),
    ReportFormat("md", (".md", ".markdown"), _markdown_of_runs, _markdown_of_comparison),
    ReportFormat("json", (".json",), _json_of_runs, _json_of_comparison),
    ReportFormat("junit", (".xml",), _junit_of_runs, _junit_of_comparison),
    ReportFormat("github", (), _github_of_runs, _github_of_comparison),
    ReportFormat("html", (".html", ".htm"), _html_of_runs, _html_of_comparison),
)
FORMAT_NAMES = tuple(form.name for form in REPORT_FORMATS)
