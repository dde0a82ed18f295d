"""What a process ends with."""

from __future__ import annotations


def exit_status(code: object) -> int:
    """The status for what `sys.exit` was given, or Locust's `process_exit_code` was set to, as
    Python has it: None means 0, and what is no number 1."""
    return int(code) if isinstance(code, int) else int(code is not None)
