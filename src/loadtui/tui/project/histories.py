"""How the metrics of a project's plans went from run to run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from loadtui.verdict.plan_history import PlanHistory


class HistoryReader(Protocol):
    def history(self, folder: Path) -> PlanHistory:
        """Of the runs of the same load as the one in `folder`; UsageError when it is unreadable."""


class ProjectHistoryReader:
    """The histories of a project's folder."""

    def __init__(self, project: Path) -> None:
        self._project = project

    def history(self, folder: Path) -> PlanHistory:
        from loadtui.store.run_folder import baselines_root
        from loadtui.store.stored_run import Run
        from loadtui.verdict.plan_history import plan_history_beside

        return plan_history_beside(Run.open(folder), baselines_root(self._project))
