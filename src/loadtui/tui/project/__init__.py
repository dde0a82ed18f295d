"""What the screens know of a project.  Every call may read the disk, and is made in a thread."""

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
    plans: PlanCatalog
    runs: RunCatalog
    comparing: Comparer
    replays: ReplayOpener
    pictures: ScreenshotStore
    histories: HistoryReader
    issues: IssuePublisher
