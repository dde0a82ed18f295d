"""What the screens know of a project.  Every call may read the disk, and is made in a thread."""

from __future__ import annotations

from dataclasses import dataclass

from loadtui.tui.desks.comparing import CompareDesk
from loadtui.tui.desks.histories import HistoryDesk
from loadtui.tui.desks.issues import IssueDesk
from loadtui.tui.desks.pictures import PictureDesk
from loadtui.tui.desks.plans import PlanDesk
from loadtui.tui.desks.replaying import ReplayDesk
from loadtui.tui.desks.runs import RunDesk


@dataclass(frozen=True)
class Desk:
    plans: PlanDesk
    runs: RunDesk
    comparing: CompareDesk
    replays: ReplayDesk
    pictures: PictureDesk
    histories: HistoryDesk
    issues: IssueDesk
