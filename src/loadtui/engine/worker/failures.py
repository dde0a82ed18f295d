"""What went wrong in a worker, by kind: failed requests and exceptions of user code."""

from __future__ import annotations

import time
from types import TracebackType

from locust.exception import CatchResponseError
from locust.stats import StatsError

from loadtui.engine.encodable import encodable
from loadtui.samples.delta import ErrorCount, ExceptionCount

MAX_KINDS = 1000
"""Kinds kept; failures of further kinds are counted, not told apart."""
MAX_MESSAGE = 2000
"""Characters of a message kept: a message may hold a whole response body."""


class _Seen:
    """Count, first and last time (epoch seconds) since the last take."""

    __slots__ = ("count", "first", "last")

    def __init__(self) -> None:
        self.count = 0
        self.first = 0.0
        self.last = 0.0

    def mark(self) -> None:
        self.last = time.time()
        if not self.count:
            self.first = self.last
        self.count += 1


class Failures:
    """Failed requests by (method, name, message) and exceptions by (message, traceback)."""

    def __init__(self) -> None:
        self._kinds: set[tuple[str, str, str]] = set()
        self._requests: dict[tuple[str, str, str], _Seen] = {}
        self._exceptions: dict[tuple[str, str], _Seen] = {}
        self._exception_kinds: set[tuple[str, str]] = set()
        self._dropped = 0

    def add(self, method: str, name: str, error: object) -> None:
        """Count a failed request."""
        key = (method, name, message_of(error))
        if key not in self._kinds:
            if len(self._kinds) >= MAX_KINDS:
                self._dropped += 1
                return
            self._kinds.add(key)
        self._requests.setdefault(key, _Seen()).mark()

    def add_exception(self, message: str, traceback: str) -> None:
        """Count an exception that user code raised and nothing caught."""
        key = (encodable(message[:MAX_MESSAGE]), encodable(traceback))
        if key not in self._exception_kinds:
            if len(self._exception_kinds) >= MAX_KINDS:
                key = ("(further kinds of exceptions)", "")
            self._exception_kinds.add(key)
        self._exceptions.setdefault(key, _Seen()).mark()

    def take(self, epoch0: float) -> tuple[list[ErrorCount], int, list[ExceptionCount]]:
        """(errors, failures of kinds not kept, exceptions) since the last call."""
        errors = [
            ErrorCount(
                encodable(method),
                encodable(name),
                message,
                seen.count,
                _since(seen.first, epoch0),
                _since(seen.last, epoch0),
            )
            for (method, name, message), seen in self._requests.items()
        ]
        exceptions = [
            ExceptionCount(*key, seen.count, _since(seen.first, epoch0), _since(seen.last, epoch0))
            for key, seen in self._exceptions.items()
        ]
        dropped, self._dropped = self._dropped, 0
        self._requests.clear()
        self._exceptions.clear()
        return errors, dropped, exceptions


def message_of(error: object) -> str:
    """A failure in words: the text given to `failure()`, else the exception as Locust shows it."""
    if isinstance(error, CatchResponseError) and error.args and isinstance(error.args[0], str):
        text = error.args[0]
    else:
        text = str(StatsError.parse_error(error))
    return encodable(text[:MAX_MESSAGE])


def exception_text(error: BaseException) -> str:
    """Type and message of an exception in one line."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def format_tb(tb: TracebackType | None) -> str:
    import traceback

    return "".join(traceback.format_tb(tb))


def _since(epoch: float, epoch0: float) -> float:
    return max(epoch - epoch0, 0.0) if epoch0 != float("inf") else 0.0
