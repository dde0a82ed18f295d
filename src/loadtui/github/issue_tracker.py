"""A repository's issues, as far as regressions need them.

Import this module where GitHub is spoken to: it loads PyGithub.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from github import Auth, Github, GithubException
from github.GithubObject import NotSet

from loadtui.github.access import GithubAccess
from loadtui.github.issue_marker import IssueMarker
from loadtui.github.issue_report import IssueReport, start_moment
from loadtui.github.rate_limits import LONGEST_WAIT_S, RateLimitRetry
from loadtui.github.refusals import refusals_as_usage_errors

COLORS = {
    "performance": "1d76db",
    "regression": "d93f0b",
    "automated": "c5def5",
    "priority-critical": "b60205",
}
SEARCH_LABEL = "regression"
"""Every issue that is looked at has this label: only who may write to a repository can set it."""
PAGE = 100


class GithubIssue(NamedTuple):
    """An open issue about a regression."""

    number: int
    url: str
    marker: IssueMarker
    unlabelled: bool = False
    """True: the token may open issues but not label them, so that no later run finds this one."""
    report: IssueReport | None = None
    """None: an issue of a version that wrote none."""


class IssueTracker:
    """Finds, opens, updates and closes issues; every method raises UsageError for what GitHub or
    the network refuse."""

    def __init__(
        self,
        access: GithubAccess,
        tell: Callable[[str], None] = lambda _: None,
        *,
        pause_s: float | None = 1.0,
        longest_wait_s: float = LONGEST_WAIT_S,
    ) -> None:
        """`tell` hears of waits; `pause_s` lies between two writes, as GitHub asks."""
        _silence()
        self.access = access
        self.github = Github(
            auth=Auth.Token(access.token),
            base_url=access.api_url,
            per_page=PAGE,
            retry=RateLimitRetry(tell, longest=longest_wait_s),
            seconds_between_requests=pause_s and pause_s / 4,
            seconds_between_writes=pause_s,
            lazy=True,
        )
        self.repository = self.github.get_repo(access.repository)

    def open_issues(self, plan: str) -> list[GithubIssue]:
        """Open issues about regressions of a plan, given by its digest, oldest first."""
        return self._issues(plan, "open")

    def closed_issues(self, plan: str, started: str) -> list[GithubIssue]:
        """Closed ones that can tell of a run which started then (RFC 3339)."""
        moment = start_moment(started)
        # Clocks differ: a day more costs nothing.
        since = NotSet if moment is None else moment - timedelta(days=1)
        return self._issues(plan, "closed", since)

    def _issues(self, plan: str, state: str, since: Any = NotSet) -> list[GithubIssue]:
        with self._refusals_while(f"looking for {state} issues"):
            listed = self.repository.get_issues(
                state=state, labels=[SEARCH_LABEL], sort="created", direction="asc", since=since
            )
            issues = [issue for issue in listed if issue.pull_request is None]
            found = [
                GithubIssue(
                    issue.number, issue.html_url, marker, report=IssueReport.read(issue.body)
                )
                for issue in issues
                if (marker := IssueMarker.read(issue.body)) is not None and marker.plan == plan
            ]
            return sorted(found, key=lambda issue: issue.number)

    def open(self, title: str, body: str, labels: Sequence[str]) -> GithubIssue:
        """Open an issue, with labels that are made where they are missing."""
        marker = IssueMarker.read(body)
        assert marker is not None, "without a marker nobody finds the issue again"
        self._make_labels(labels)
        with self._refusals_while("opening an issue"):
            issue = self.repository.create_issue(title=title, body=body, labels=list(labels))
            has = {label.name for label in issue.labels}
            unlabelled = SEARCH_LABEL not in has
            return GithubIssue(issue.number, issue.html_url, marker, unlabelled)

    def update(
        self,
        issue: GithubIssue,
        comment: str,
        labels: Sequence[str],
        report: IssueReport | None = None,
    ) -> None:
        """Tell in a comment what another run found, note it in the issue's own report, and set the
        labels that are missing."""
        self._make_labels(labels)
        with self._refusals_while(f"updating issue {issue.number}"):
            listed = self.repository.get_issue(issue.number)
            listed.create_comment(comment)
            if report is not None:
                listed.edit(body=report.added_to(listed.body or ""))
            has = {label.name for label in listed.labels}
            if missing := [label for label in labels if label not in has]:
                listed.add_to_labels(*missing)

    def close(self, issue: GithubIssue, comment: str, *, duplicate: bool = False) -> None:
        with self._refusals_while(f"closing issue {issue.number}"):
            listed = self.repository.get_issue(issue.number)
            listed.create_comment(comment)
            listed.edit(state="closed", state_reason="not_planned" if duplicate else "completed")

    def _make_labels(self, labels: Sequence[str]) -> None:
        with self._refusals_while("making labels"):
            has = {label.name.lower() for label in self.repository.get_labels()}
            for label in labels:
                if label.lower() not in has:
                    self._make_label(label)

    def _make_label(self, label: str) -> None:
        try:
            self.repository.create_label(label, COLORS.get(label, "ededed"))
        except GithubException as error:
            # 422: another job made it at the same time.  403 and 404: the token may open issues but
            # not make labels; the issue is worth more than its labels.
            if error.status not in (403, 404, 422):
                raise

    def _refusals_while(self, what: str) -> Any:
        return refusals_as_usage_errors(self.access, what)


def _silence() -> None:
    """Keep what the libraries log off standard error: people get sentences of our own.  PyGithub
    gives its logger a handler that prints, when it is imported."""
    for name in ("github", "urllib3"):
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.handlers[:] = [logging.NullHandler()]
