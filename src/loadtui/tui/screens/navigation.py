"""Where a screen wants to go next; the app takes people there."""

from __future__ import annotations

from pathlib import Path

from textual.message import Message

from loadtui.tui.project.comparisons import SideRef


class WatchRun(Message):
    """Show a run that is running."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder


class ReplayRun(Message):
    """Show a run that is over."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder


class IssueOfRun(Message):
    """Show the issue that GitHub could be told of a run, and tell it."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder


class HistoryOfRun(Message):
    """Show how the metrics of a run's plan went from run to run."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder


class CompareRuns(Message):
    """Compare two sides."""

    def __init__(self, base: SideRef, run: SideRef) -> None:
        super().__init__()
        self.base = base
        self.run = run
