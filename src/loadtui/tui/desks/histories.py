"""How the metrics of a project's plans went from run to run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from loadtui.verdict.history import History


class HistoryDesk(Protocol):
    def history(self, folder: Path) -> History:
        """Of the runs of the same load as the one in `folder`; UsageError when it is unreadable."""


class ProjectHistories:
    """The histories of a project's folder."""

    def __init__(self, project: Path) -> None:
        self._project = project

    def history(self, folder: Path) -> History:
        from loadtui.store.folder import baselines_root
        from loadtui.store.run import Run
        from loadtui.verdict.history import history_beside

        return history_beside(Run.open(folder), baselines_root(self._project))
