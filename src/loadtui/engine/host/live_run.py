"""The facts of a run that change while it is running, shared by the host's parts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from loadtui.plan.model import Plan
from loadtui.store.manifest import Mark

if TYPE_CHECKING:
    from loadtui.engine.host.director import StageStep


@dataclass
class LiveRun:
    """What the run is, and how far it has come."""

    run: str
    folder: str
    plan: Plan
    target: str
    stages: list[StageStep]
    state: str = "starting"
    t0: float | None = None
    """Second 0 on the monotonic clock."""
    ended_at: float | None = None
    """When the load ended, on the same clock; requests in flight may finish after it."""
    marks: list[Mark] = field(default_factory=list)
    steered: bool = False
    pids: dict[int, int] = field(default_factory=dict)
    lost: dict[int, str] = field(default_factory=dict)
    """Worker index -> what became of it."""
    ended_because: str = ""
    broken_off: str = ""
    """Why it could not be continued; empty: it could."""
    percentiles: Sequence[str] = ()
    """Names of those that the run is to show; empty: the default ones."""
    baseline: str = ""
    """Absolute path of the baseline the run is compared with, empty for none."""

    @property
    def end_second(self) -> int:
        """Where the last stage ends (exclusive), once the load has ended."""
        return max(round(self.elapsed_s), 1)

    @property
    def elapsed_s(self) -> float:
        if self.t0 is None:
            return 0.0
        return (self.ended_at or time.monotonic()) - self.t0
