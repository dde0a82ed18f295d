"""From a judged run to an issue: opened once, updated while it lasts, closed when it is over.

Import this module where GitHub is spoken to: it loads PyGithub.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from loadtui.github.issue_marker import IssueMarker, plan_digest
from loadtui.github.issue_tracker import GithubIssue, IssueTracker
from loadtui.github.issue_wording import IssueWording

Done = Literal["opened", "updated", "closed", "nothing"]


class PublishOutcome(NamedTuple):
    done: Done
    issues: list[GithubIssue]
    """Those that were opened, updated or closed."""

    def lines(self) -> list[str]:
        """What was done, and where to see it."""
        return [f"{self.done} {issue.url}" for issue in self.issues]

    def remarks(self) -> list[str]:
        """Sentences: what else there is to know."""
        if self.done == "nothing":
            return ["no open issue to close"]
        if any(issue.unlabelled for issue in self.issues):
            return ["the token may not set labels, so a later run will not find this issue"]
        return []


def publish_issue(tracker: IssueTracker, wording: IssueWording) -> PublishOutcome:
    """Open an issue for a regression, or tell the open one of the same regression about it.

    Of two jobs that open one at the same time the later one closes its own and comments on the
    other's, so that one stays open.
    """
    marker = IssueMarker.read(wording.body)
    assert marker is not None, "without a marker nobody finds the issue again"
    if found := _same(tracker, marker):
        tracker.update(found[0], wording.comment, wording.labels)
        return PublishOutcome("updated", found[:1])
    opened = tracker.open(wording.title, wording.body, wording.labels)
    if opened.unlabelled:
        return PublishOutcome("opened", [opened])
    older = [issue for issue in _same(tracker, marker) if issue.number < opened.number]
    if not older:
        return PublishOutcome("opened", [opened])
    tracker.close(opened, f"Opened at the same time as #{older[0].number}.", duplicate=True)
    tracker.update(older[0], wording.comment, wording.labels)
    return PublishOutcome("updated", older[:1])


def close_resolved(tracker: IssueTracker, plan: str, comment: str) -> PublishOutcome:
    """Close the open issues of a plan whose run passed, each with a comment."""
    found = tracker.open_issues(plan_digest(plan))
    for issue in found:
        tracker.close(issue, comment)
    return PublishOutcome("closed" if found else "nothing", found)


def _same(tracker: IssueTracker, marker: IssueMarker) -> list[GithubIssue]:
    return [issue for issue in tracker.open_issues(marker.plan) if issue.marker.same(marker)]
