"""The one comment of a pull request that says what its runs found, written anew by each job.

Import this module where GitHub is spoken to: it loads PyGithub.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from github import GithubException

from loadtui.github.issue_tracker import IssueTracker
from loadtui.github.refusals import refusals_as_usage_errors

if TYPE_CHECKING:
    from github.IssueComment import IssueComment


class PutComment(NamedTuple):
    url: str
    updated: bool
    """False: there was none before."""


def put_comment(tracker: IssueTracker, number: int, marker: str, text: str) -> PutComment:
    """Comment on a pull request, or replace the comment that this token made with that marker.

    Raises UsageError for what GitHub or the network refuse.
    """
    body = f"{marker}\n{text}"
    with refusals_as_usage_errors(tracker.access, f"commenting on pull request {number}"):
        pull_request = tracker.repository.get_issue(number)
        for comment in pull_request.get_comments():
            if (comment.body or "").startswith(marker) and _is_own(tracker, comment):
                comment.edit(body)
                return PutComment(comment.html_url, True)
        return PutComment(pull_request.create_comment(body).html_url, False)


def _is_own(tracker: IssueTracker, comment: IssueComment) -> bool:
    """Whether who asks wrote it: somebody else who writes the marker is not to own our words."""
    if comment.user.type == "Bot":
        return True
    try:
        return comment.user.login == tracker.github.get_user().login
    except GithubException:  # a job's own token may not ask who it is; it is a bot's
        return False
