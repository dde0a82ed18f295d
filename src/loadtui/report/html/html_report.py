"""Runs and comparisons as one HTML page that needs nothing else: no network, no other file.

The page holds its numbers, its styles, its scripts and Vega, which draws the charts, and forbids
itself to fetch anything.  Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from loadtui.errors import UsageError
from loadtui.printable_text import visible_text
from loadtui.report.account.run_contents import read_run_contents
from loadtui.report.account.subject import ComparisonSubject, RunSubject
from loadtui.report.html.chart_data import island, to_script
from loadtui.report.html.page_view import comparison_page_view, page_view
from loadtui.store.comparison import Comparison
from loadtui.store.stored_run import Run
from loadtui.verdict.run_curves import RunCurves

_SCRIPTS = (
    "vega.js",
    "spec.js",
    "chart.js",
    "pointer.js",
    "intervals.js",
    "panels.js",
    "tables.js",
    "page.js",
)
"""In the order they run."""
_STYLES = ("page.css", "parts.css")


def html_of_runs(subjects: Sequence[RunSubject]) -> bytes:
    """A page about one or more runs, in UTF-8; UsageError when a table of one is damaged."""
    reports = []
    for subject in subjects:
        base = _drawing(subject.base)
        data = island(subject.run, subject.contents, subject.comparison, base)
        reports.append(
            (page_view(subject.contents, subject.comparison, drawn=base is not None), data)
        )
    return _page(reports)


def html_of_comparison(subject: ComparisonSubject) -> bytes:
    """A page about runs judged against a base: the verdict, then each of the runs beside it."""
    base = _drawing(subject.base)
    reports = []
    for run in subject.runs:
        contents = read_run_contents(run)
        shown = comparison_page_view(
            contents, subject.comparison, subject.exit_code, drawn=base is not None
        )
        reports.append((shown, island(run, contents, subject.comparison, base)))
    return _page(reports)


def render_page(
    run: Run, comparison: Comparison | None = None, base: Path | Run | None = None
) -> str:
    """The page of one run, beside the base of its comparison where that is given."""
    contents = read_run_contents(run)
    comparison = contents.manifest.comparison if comparison is None else comparison
    return html_of_runs([RunSubject(run, contents, comparison, base)]).decode()


def _drawing(base: Path | Run | None) -> RunCurves | None:
    """The base to be drawn; None when it cannot be: the verdict stands as it is."""
    try:
        if isinstance(base, Run):
            return RunCurves.of_run(base)
        return None if base is None else RunCurves.of_baseline(base)
    except UsageError:
        return None


def _page(reports: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> bytes:
    styles = "\n".join(_file(name) for name in _STYLES)
    scripts = [_file(name) for name in _SCRIPTS]
    text = (
        _environment()
        .get_template("page.html.j2")
        .render(
            reports=[shown for shown, _ in reports],
            islands=[Markup(to_script(data)) for _, data in reports],
            styles=Markup(styles),
            scripts=[Markup(script) for script in scripts],
            policy=_policy([styles], scripts),
        )
    )
    return text.encode("utf-8", "backslashreplace")


def _policy(styles: Sequence[str], scripts: Sequence[str]) -> str:
    """What the page may do: run and style with these very texts, and nothing from anywhere."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {' '.join(map(_hash, styles))}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def _file(name: str) -> str:
    try:
        return (files("loadtui.report.html") / "page" / name).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UsageError(
            f"loadtui was not built whole: {name} is missing from it; install it again with pip"
        ) from error


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("loadtui.report.html", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters["lines"] = lambda text: [visible_text(line) for line in text.splitlines()]
    return environment


def _shown(value: Any) -> Any:
    """Text that others wrote without control characters; what is markup already as it is."""
    return visible_text(value) if type(value) is str else value
