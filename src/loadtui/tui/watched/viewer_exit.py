"""How a person, or the run itself, ended the viewing of a run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from loadtui.wire.messages import Snapshot


class ExitReason(Enum):
    """Why the screen was left."""

    ENDED = "the run is over"
    DETACHED = "the viewer left, the run is running"
    STOPPED = "the viewer asked the run to stop and saw it end"
    LOST = "the host went away without saying how the run ended"
    FAILED = "the viewer broke and said how, the run is running"
    SIGNALLED = "a signal or a closed terminal ended the viewer, the run is running"


@dataclass(frozen=True)
class ViewerExit:
    """What the command that opened the screen needs to know."""

    reason: ExitReason
    snapshot: Snapshot | None = None
    """The last one seen; with `exit_code` set when the run is over."""

    @property
    def exit_code(self) -> int | None:
        """The run's exit code, None while it is running or unknown."""
        return self.snapshot.exit_code if self.snapshot is not None else None

    @property
    def to_the_end(self) -> bool:
        """Whether the run is over, as far as the viewer could see."""
        return self.reason in {ExitReason.ENDED, ExitReason.STOPPED, ExitReason.LOST}
