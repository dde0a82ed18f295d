"""The one exception that means: tell the person in a sentence and stop."""

from __future__ import annotations


class UsageError(Exception):
    """Bad usage or bad input.  The message is one sentence that names the file, line or option
    and what to do; `exit_code` is what the command ends with."""

    def __init__(self, message: str, *, exit_code: int = 2) -> None:
        super().__init__(message)
        self.exit_code = exit_code
