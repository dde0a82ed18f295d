"""From a judged run to an issue: opened once, updated while it lasts, closed when it is over.

Import this module where GitHub is spoken to: it loads PyGithub.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from loadtui.github.issue_marker import IssueMarker, plan_digest
from loadtui.github.issue_report import IssueReport
from loadtui.github.issue_tracker import GithubIssue, IssueTracker
from loadtui.github.issue_wording import IssueWording
from loadtui.github.run_proof import RunProof

PublishAction = Literal["opened", "updated", "closed", "known", "nothing"]


class PublishOutcome(NamedTuple):
    action: PublishAction
    issues: list[GithubIssue]
    """Those that were opened, updated or closed, or told of this run before (`known`)."""
    kept: tuple[tuple[GithubIssue, str], ...] = ()
    """Those that a run which passes does not close, each with why."""

    def lines(self) -> list[str]:
        """What was done, and where to see it."""
        if self.action == "known":
            return [f"reported before in {issue.url}" for issue in self.issues]
        return [f"{self.action} {issue.url}" for issue in self.issues]

    def remarks(self) -> list[str]:
        """Sentences: what else there is to know."""
        if self.action == "nothing":
            return ["no open issue to close"]
        if self.kept:
            return [f"{issue.url} stays open: {why}" for issue, why in self.kept]
        if any(issue.unlabelled for issue in self.issues):
            return ["the token may not set labels, so a later run will not find this issue"]
        return []


def publish_issue(tracker: IssueTracker, wording: IssueWording) -> PublishOutcome:
    """Open an issue for a regression, or tell the open one of the same regression about it.

    A run that an issue tells of already is not told again, be the issue open or closed.  Of two
    jobs that open one at the same time the later one closes its own and comments on the other's, so
    that one stays open.
    """
    marker, report = IssueMarker.read(wording.body), IssueReport.read(wording.body)
    assert marker is not None, "without a marker nobody finds the issue again"
    same = _same(tracker, marker)
    if told := _telling_of(report, same):
        return PublishOutcome("known", [told])
    if same:
        tracker.update(same[0], wording.comment, wording.labels, report)
        return PublishOutcome("updated", same[:1])
    closed = tracker.closed_issues(marker.plan, report.started) if report else []
    if told := _telling_of(report, closed):
        return PublishOutcome("known", [told])
    opened = tracker.open(wording.title, wording.body, wording.labels)
    if opened.unlabelled:
        return PublishOutcome("opened", [opened])
    older = [issue for issue in _same(tracker, marker) if issue.number < opened.number]
    if not older:
        return PublishOutcome("opened", [opened])
    tracker.close(opened, f"Opened at the same time as #{older[0].number}.", duplicate=True)
    if told := _telling_of(report, older):
        return PublishOutcome("known", [told])
    tracker.update(older[0], wording.comment, wording.labels, report)
    return PublishOutcome("updated", older[:1])


def close_resolved(
    tracker: IssueTracker, plan: str, comment: str, proof: RunProof
) -> PublishOutcome:
    """Close those open issues of a plan that a run proves resolved, each with a comment."""
    issues = tracker.open_issues(plan_digest(plan))
    reasons = [(issue, proof.why_not(issue.report)) for issue in issues]
    closed = [issue for issue, why in reasons if not why]
    for issue in closed:
        tracker.close(issue, comment)
    kept = tuple((issue, why) for issue, why in reasons if why)
    return PublishOutcome("closed" if issues else "nothing", closed, kept)


def _telling_of(report: IssueReport | None, issues: Sequence[GithubIssue]) -> GithubIssue | None:
    """The first issue that tells of the run of a report already."""
    if report is None:
        return None
    runs = set(report.runs)
    telling = (issue for issue in issues if issue.report and runs & set(issue.report.runs))
    return next(telling, None)


def _same(tracker: IssueTracker, marker: IssueMarker) -> list[GithubIssue]:
    return [
        issue
        for issue in tracker.open_issues(marker.plan)
        if issue.marker.is_same_regression(marker)
    ]
