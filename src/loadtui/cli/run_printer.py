"""What prints a run while it is running, where there is no screen."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from loadtui.wire.messages import Snapshot


class RunPrinter(Protocol):
    """Told what happens; `done` is the last call, and comes more than once."""

    def show(self, snapshot: Snapshot) -> None:
        """About once a second."""

    def say(self, text: str) -> None:
        """A sentence for the person who waits."""

    def making_room(self) -> AbstractContextManager[None]:
        """Whole lines may be written to the terminal meanwhile."""

    def done(self) -> None:
        """Leave the terminal at the start of a line."""
