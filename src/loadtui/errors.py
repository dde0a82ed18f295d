"""The one exception that means "tell the person in a sentence and stop", and all exit codes."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the program says to the shell."""

    PASS = 0
    """Passed, warnings included; of a command that judges nothing: done."""
    FAIL = 1
    """A threshold failed, something got worse than the baseline allows, user code raised, or the
    locustfile set a process exit code."""
    USAGE = 2
    """Bad usage or bad input, and errors of the program itself."""
    INVALID = 3
    """The run cannot be trusted: the load generator was the limit, or the run broke off."""
    INCONCLUSIVE = 4
    """Not decided against the baseline; only where `--strict` asks for a decision."""
    INTERRUPTED = 130
    """Stopped by Ctrl-C or SIGTERM (128 + SIGINT)."""
    PIPE_CLOSED = 141
    """Nobody read the output any more: what a shell reports for that (128 + SIGPIPE)."""


HIGHEST_EXIT_CODE = 255
"""What a shell can be told."""


class UsageError(Exception):
    """Bad usage or bad input.  The message is one sentence that names the file, line or option
    and what to do; `exit_code` is what the command ends with."""

    def __init__(self, message: str, *, exit_code: int = ExitCode.USAGE) -> None:
        super().__init__(message)
        self.exit_code = exit_code
