"""Runs that are over, to be looked at again."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from loadtui.tui.moment import Moment


class Recorded(Protocol):
    """A run that is over, at any second of it."""

    @property
    def length(self) -> int:
        """In seconds."""

    @property
    def stages(self) -> tuple[int, ...]:
        """Seconds at which stages began."""

    def moment(self, second: int) -> Moment:
        """What there was to show then; blocks."""


class ReplayDesk(Protocol):
    def recorded(self, folder: Path) -> Recorded:
        """UsageError for a run that goes on, or whose files are damaged."""


class ProjectReplays:
    """The runs of a project's folder."""

    def __init__(self, project: Path) -> None:
        self._project = project

    def recorded(self, folder: Path) -> Recorded:
        from loadtui.store.run import Run
        from loadtui.tui.desks.recording import Recording

        return Recording(Run.open(folder), self._project)
