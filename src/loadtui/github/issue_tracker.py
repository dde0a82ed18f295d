"""A repository's issues, as far as regressions need them.

Import this module where GitHub is spoken to: it loads PyGithub.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from github import Auth, Github, GithubException

from loadtui.github.access import Access
from loadtui.github.issue_marker import IssueMarker
from loadtui.github.rate_limits import LONGEST_S, RateLimitRetry
from loadtui.github.refusals import refusal_sentence

COLORS = {
    "performance": "1d76db",
    "regression": "d93f0b",
    "automated": "c5def5",
    "priority-critical": "b60205",
}
FOUND_BY = "regression"
"""Every issue that is looked at has this label: only who may write to a repository can set it."""
PAGE = 100


class GithubIssue(NamedTuple):
    """An open issue about a regression."""

    number: int
    url: str
    marker: IssueMarker
    unlabelled: bool = False
    """True: the token may open issues but not label them, so that no later run finds this one."""


class IssueTracker:
    """Finds, opens, updates and closes issues; every method raises UsageError for what GitHub or
    the network refuse."""

    def __init__(
        self,
        access: Access,
        tell: Callable[[str], None] = lambda _: None,
        *,
        pause_s: float | None = 1.0,
        longest_wait_s: float = LONGEST_S,
    ) -> None:
        """`tell` hears of waits; `pause_s` lies between two writes, as GitHub asks."""
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
        with self._doing("looking for open issues"):
            listed = self.repository.get_issues(
                state="open", labels=[FOUND_BY], sort="created", direction="asc"
            )
            found = [
                (one, IssueMarker.read(one.body)) for one in listed if one.pull_request is None
            ]
            return sorted(
                GithubIssue(one.number, one.html_url, marker)
                for one, marker in found
                if marker is not None and marker.plan == plan
            )

    def open(self, title: str, body: str, labels: Sequence[str]) -> GithubIssue:
        """Open an issue, with labels that are made where they are missing."""
        marker = IssueMarker.read(body)
        assert marker is not None, "without a marker nobody finds the issue again"
        self._make_labels(labels)
        with self._doing("opening an issue"):
            issue = self.repository.create_issue(title=title, body=body, labels=list(labels))
            has = {label.name for label in issue.labels}
            return GithubIssue(issue.number, issue.html_url, marker, FOUND_BY not in has)

    def update(self, issue: GithubIssue, comment: str, labels: Sequence[str]) -> None:
        """Tell in a comment what a later run found, and set the labels that are missing."""
        self._make_labels(labels)
        with self._doing(f"updating issue {issue.number}"):
            found = self.repository.get_issue(issue.number)
            found.create_comment(comment)
            has = {label.name for label in found.labels}
            if missing := [label for label in labels if label not in has]:
                found.add_to_labels(*missing)

    def close(self, issue: GithubIssue, comment: str, *, duplicate: bool = False) -> None:
        with self._doing(f"closing issue {issue.number}"):
            found = self.repository.get_issue(issue.number)
            found.create_comment(comment)
            found.edit(state="closed", state_reason="not_planned" if duplicate else "completed")

    def _make_labels(self, labels: Sequence[str]) -> None:
        with self._doing("making labels"):
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

    def _doing(self, what: str) -> Any:
        return refusal_sentence(self.access, what)
