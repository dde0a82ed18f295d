"""The formats a verdict can be written in: one table, by name and by the end of a file's name.

To add a format, write its file beside this one and add an entry to REPORT_FORMATS.  What `--help`,
the screens and refusals say of formats is read from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from loadtui.errors import UsageError

if TYPE_CHECKING:
    from loadtui.report.account.subject import ComparisonSubject, RunSubject

PLAIN_WIDTH = 100


class ReportFormat(NamedTuple):
    """One format; both functions give the bytes of a whole file."""

    name: str
    """As `--format` takes it."""
    suffixes: tuple[str, ...]
    """Ends of file names that ask for it, the usual one first; empty: it is asked for by name."""
    of_runs: Callable[[Sequence[RunSubject], bool], bytes]
    """Of one or more runs; the second argument says that there could have been several."""
    of_comparison: Callable[[ComparisonSubject], bytes]
    option: str = ""
    """The option of `run` and `import` that writes it, without dashes; empty: there is none."""
    help: str = ""
    """What `--help` says of that option."""


def format_named(name: str) -> ReportFormat:
    return next(known for known in REPORT_FORMATS if known.name == name)


def format_for(path: Path) -> ReportFormat:
    """The format that the end of a file's name asks for; UsageError when there is none."""
    for known in REPORT_FORMATS:
        if path.suffix.lower() in known.suffixes:
            return known
    suffixes = ", ".join(suffix for known in REPORT_FORMATS for suffix in known.suffixes)
    raise UsageError(
        f"-o {path}: the end of its name says no format (known are {suffixes}); give --format"
    )


def _text_of_runs(subjects: Sequence[RunSubject], several: bool) -> bytes:
    from loadtui.report.text.run_text import run_text_of

    return "\n".join(
        run_text_of(subject.contents, PLAIN_WIDTH, False) for subject in subjects
    ).encode("utf-8", "backslashreplace")


def _text_of_comparison(subject: ComparisonSubject) -> bytes:
    from loadtui.report.text.comparison_text import render_comparison

    text = render_comparison(subject.comparison, PLAIN_WIDTH, False, everything=subject.everything)
    return text.encode("utf-8", "backslashreplace")


def _json_of_runs(subjects: Sequence[RunSubject], several: bool) -> bytes:
    from loadtui.report.json.json_bytes import to_json
    from loadtui.report.json.run_document import run_document_of

    documents = [run_document_of(subject.contents) for subject in subjects]
    return to_json(documents if several or len(documents) != 1 else documents[0])


def _json_of_comparison(subject: ComparisonSubject) -> bytes:
    from loadtui.report.json.comparison_document import comparison_document
    from loadtui.report.json.json_bytes import to_json

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

    return junit_xml([account_of_run(subject) for subject in subjects])


def _junit_of_comparison(subject: ComparisonSubject) -> bytes:
    from loadtui.report.account.account import account_of_comparison
    from loadtui.report.junit import junit_xml

    return junit_xml([account_of_comparison(subject)])


def _github_of_runs(subjects: Sequence[RunSubject], several: bool) -> bytes:
    from loadtui.report.account.account import account_of_run
    from loadtui.report.github_annotations import print_annotations

    return print_annotations([account_of_run(subject) for subject in subjects]).encode()


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
    ReportFormat(
        "html",
        (".html", ".htm"),
        _html_of_runs,
        _html_of_comparison,
        option="html",
        help="Write it as one HTML page with charts, to be opened offline.",
    ),
    ReportFormat(
        "md",
        (".md", ".markdown"),
        _markdown_of_runs,
        _markdown_of_comparison,
        option="markdown",
        help="Write it as Markdown.",
    ),
    ReportFormat(
        "json",
        (".json",),
        _json_of_runs,
        _json_of_comparison,
        option="json",
        help="Write the result as JSON; - prints it on stdout, and nothing else there.",
    ),
    ReportFormat("text", (".txt",), _text_of_runs, _text_of_comparison),
    ReportFormat(
        "junit",
        (".xml",),
        _junit_of_runs,
        _junit_of_comparison,
        option="junit",
        help="Write it as JUnit XML: a case for each threshold and judged metric.",
    ),
    ReportFormat("github", (), _github_of_runs, _github_of_comparison),
)
FORMAT_NAMES = tuple(known.name for known in REPORT_FORMATS)
FILE_ENDINGS = tuple(known.suffixes[0] for known in REPORT_FORMATS if known.suffixes)
"""The usual end of a file's name of each format that has one."""
