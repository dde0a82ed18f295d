"""What runs found, as the comment of a pull request."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from loadtui.errors import UsageError
from loadtui.issues.issue_draft import issue_tracker
from loadtui.report.account.subject import RunSubject

_OF_REF = re.compile(r"refs/pull/(\d+)/")


class PullRequestReport(NamedTuple):
    marker: str
    text: str
    """Markdown."""


def pull_request_report(subjects: Sequence[RunSubject]) -> PullRequestReport:
    """The report of runs; their verdicts alone, where GitHub does not take the whole."""
    from loadtui.github.comment_marker import LONGEST_COMMENT, comment_marker
    from loadtui.report.account.account import account_of_run
    from loadtui.report.markdown.verdict_markdown import headlines, runs_markdown

    text = runs_markdown(subjects)
    if len(text) > LONGEST_COMMENT:
        text = headlines([account_of_run(subject) for subject in subjects])[:LONGEST_COMMENT]
    return PullRequestReport(
        comment_marker(subject.manifest.plan.name for subject in subjects), text
    )


def put_pull_request_report(
    report: PullRequestReport,
    number: int,
    repository: str | None,
    project: Path,
    tell: Callable[[str], None],
) -> str:
    """Comment on a pull request, or replace the comment of a run before; what was done, a line.

    `tell` hears of waits.  Raises UsageError for what is missing and what GitHub refuses.
    """
    tracker = issue_tracker(repository, project, tell)
    from loadtui.github.pull_request_comment import put_comment

    put = put_comment(tracker, number, report.marker, report.text)
    return f"{'updated' if put.updated else 'commented'} {put.url}"


def pull_request_of(environ: Mapping[str, str] = os.environ) -> int:
    """The number of the pull request that a job of GitHub's is for.

    Raises UsageError where it is for none.
    """
    if match := _OF_REF.match(environ.get("GITHUB_REF", "")):
        return int(match[1])
    try:
        event = json.loads(Path(environ["GITHUB_EVENT_PATH"]).read_bytes())
        return int((event.get("pull_request") or event["issue"])["number"])
    except (KeyError, OSError, ValueError, TypeError, AttributeError, RecursionError):
        raise UsageError(
            "which pull request? neither GITHUB_REF nor GITHUB_EVENT_PATH says it; "
            "`loadtui comment --pull-request NUMBER` does"
        ) from None
