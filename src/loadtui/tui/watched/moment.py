"""What there is to show of a run in one moment, live or replayed."""

from __future__ import annotations

from dataclasses import dataclass

from loadtui.tui.watched.reference import Reference
from loadtui.wire.messages import Point, Snapshot


@dataclass(frozen=True)
class Moment:
    """The state of a run in one second, with all that is drawn around it.  Immutable."""

    snapshot: Snapshot
    points: tuple[Point, ...]
    """Of the charts, in order of time."""
    reference: Reference | None = None
    """What the run is compared with, once it was read."""
    log: tuple[str, ...] = ()
    """Last lines of the log of host and workers."""
    cursor: float | None = None
    """Second that the snapshot is of, where the points go on beyond it: of a replay."""
