"""GitHub's issues of a project's runs: what they would say, and saying it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from loadtui.errors import UsageError

if TYPE_CHECKING:
    from loadtui.issues.issue_draft import IssueDraft

LONGEST_WAIT_S = 60.0
"""A person looks on, so limits of GitHub's that are further away are told instead of waited for."""


@dataclass(frozen=True)
class IssuePreview:
    draft: IssueDraft
    repository: str
    """owner/name, empty when nothing says which."""
    problem: str = ""
    """Why there is no repository, a sentence."""


class IssuePublisher(Protocol):
    def preview(self, folder: Path) -> IssuePreview:
        """What would be said of the run in `folder`, without speaking with GitHub; UsageError for
        a run of which there is nothing to say."""

    def publish(self, draft: IssueDraft, tell: Callable[[str], None]) -> list[str]:
        """Open or update the issue, after a pass close those of the plan: what was done and where
        to see it, in sentences.  `tell` hears of waits; UsageError for what GitHub refuses."""


class ProjectIssuePublisher:
    """The issues of the repository that a project's folder belongs to."""

    def __init__(self, project: Path) -> None:
        self._project = project

    def preview(self, folder: Path) -> IssuePreview:
        from loadtui.github.access import repository_of
        from loadtui.issues.issue_draft import draft_issue
        from loadtui.store.stored_run import Run

        draft = draft_issue(Run.open(folder), self._project)
        try:
            return IssuePreview(draft, repository_of(None, self._project))
        except UsageError as error:
            return IssuePreview(draft, "", str(error))

    def publish(self, draft: IssueDraft, tell: Callable[[str], None]) -> list[str]:
        from loadtui.issues.issue_draft import publish_draft

        outcome = publish_draft(draft, None, self._project, tell, longest_wait_s=LONGEST_WAIT_S)
        return [*outcome.lines(), *outcome.remarks()]
