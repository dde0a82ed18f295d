"""GitHub's issues of a project's runs: what they would say, and saying it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from loadtui.errors import UsageError

if TYPE_CHECKING:
    from loadtui.report.issue_draft import IssueDraft

LONGEST_WAIT_S = 60.0
"""A person looks on, so limits of GitHub's that are further away are told instead of waited for."""


@dataclass(frozen=True)
class Preview:
    draft: IssueDraft
    repository: str
    """owner/name, empty when nothing says which."""
    problem: str = ""
    """Why there is no repository, a sentence."""


class IssueDesk(Protocol):
    def preview(self, folder: Path) -> Preview:
        """What would be said of the run in `folder`, without speaking with GitHub; UsageError for
        a run of which there is nothing to say."""

    def publish(self, draft: IssueDraft, tell: Callable[[str], None]) -> list[str]:
        """Open or update the issue, after a pass close those of the plan: what was done and where
        to see it, in sentences.  `tell` hears of waits; UsageError for what GitHub refuses."""


class ProjectIssues:
    """The issues of the repository that a project's folder belongs to."""

    def __init__(self, project: Path) -> None:
        self._project = project

    def preview(self, folder: Path) -> Preview:
        from loadtui.github.access import repository_of
        from loadtui.report.issue_draft import issue_draft
        from loadtui.store.run import Run

        draft = issue_draft(Run.open(folder), self._project)
        try:
            return Preview(draft, repository_of(None, self._project))
        except UsageError as error:
            return Preview(draft, "", str(error))

    def publish(self, draft: IssueDraft, tell: Callable[[str], None]) -> list[str]:
        from loadtui.report.issue_draft import publish_draft

        outcome = publish_draft(draft, None, self._project, tell, longest_wait_s=LONGEST_WAIT_S)
        return [*outcome.lines(), *outcome.remarks()]
