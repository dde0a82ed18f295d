"""Which stage a second of the run belongs to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable


class StageClock:
    """Maps seconds to stage indices, given the second in which each stage began (ascending).

    A second before the first stage belongs to the first, one after the last to the last.  Of
    stages that began in the same second the last one has it.
    """

    def __init__(self, starts: Iterable[int] = ()) -> None:
        self.starts = list(starts)

    def begin(self, start: int) -> int:
        """A stage began; returns its index.  ValueError when it began before the one before it."""
        if self.starts and start < self.starts[-1]:
            raise ValueError(
                f"stage began at {start} s, before the last one at {self.starts[-1]} s"
            )
        self.starts.append(start)
        return len(self.starts) - 1

    def stage_of(self, second: int) -> int:
        """Index of the stage that a second belongs to; 0 before any stage is known."""
        return max(bisect_right(self.starts, second) - 1, 0)
