"""What the screens ask of a project.  Every call may read the disk, and is made in a thread."""

from __future__ import annotations

from dataclasses import dataclass

from loadtui.tui.project.comparisons import Comparer
from loadtui.tui.project.histories import HistoryReader
from loadtui.tui.project.issue_previews import IssuePublisher
from loadtui.tui.project.plan_rows import PlanCatalog
from loadtui.tui.project.replays import ReplayOpener
from loadtui.tui.project.run_rows import RunCatalog
from loadtui.tui.project.screenshots import ScreenshotStore


@dataclass(frozen=True)
class ProjectAccess:
    """Who answers what the screens ask, one for each kind of thing in a project."""

    plans: PlanCatalog
    runs: RunCatalog
    comparer: Comparer
    replays: ReplayOpener
    screenshots: ScreenshotStore
    histories: HistoryReader
    issues: IssuePublisher
