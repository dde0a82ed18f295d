"""What Locust ends with where a run of ours does not start."""

from __future__ import annotations

from loadtui.engine.locustfile.options import ArgumentsRefused
from loadtui.errors import UsageError


class LocustfileExit(UsageError):
    """The locustfile itself ended the program before the run could start."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code
        """What it ended it with."""


def locust_code(error: UsageError) -> int:
    """2 for wrong arguments, as of every argparse program; what the locustfile said, if it ended
    the program; else 1."""
    if isinstance(error, ArgumentsRefused):
        return 2
    return error.code if isinstance(error, LocustfileExit) else 1
