"""Exceptions of user code as they are counted and shown."""

from __future__ import annotations

import traceback
from types import TracebackType


def exception_text(error: BaseException) -> str:
    """Type and message of an exception in one line."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def format_tb(tb: TracebackType | None) -> str:
    return "".join(traceback.format_tb(tb))
