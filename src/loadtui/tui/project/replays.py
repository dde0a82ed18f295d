"""Runs that are over, to be looked at again."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from loadtui.tui.watched.moment import Moment


class ReplayedRun(Protocol):
    """A run that is over, at any second of it."""

    @property
    def length(self) -> int:
        """In seconds."""

    @property
    def stages(self) -> tuple[int, ...]:
        """Seconds at which stages began."""

    def moment(self, second: int) -> Moment:
        """What there was to show then; blocks."""


class ReplayOpener(Protocol):
    def recorded(self, folder: Path) -> ReplayedRun:
        """UsageError for a run that goes on, or whose files are damaged."""


class ProjectReplayOpener:
    """The runs of a project's folder."""

    def __init__(self, project: Path) -> None:
        self._project = project

    def recorded(self, folder: Path) -> ReplayedRun:
        from loadtui.store.stored_run import Run
        from loadtui.tui.project.replay_moments import ReplayMoments

        return ReplayMoments(Run.open(folder), self._project)
