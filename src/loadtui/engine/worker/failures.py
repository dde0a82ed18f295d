"""What went wrong in a worker, by kind: failed requests and exceptions of user code."""

from __future__ import annotations

import time

from loadtui.engine.encodable import encodable, shortened
from loadtui.engine.exception_text import MAX_MESSAGE, failure_text, recorded_exception
from loadtui.engine.untrusted import shown_name
from loadtui.known_secrets import SECRETS
from loadtui.samples.delta import ErrorCount, ExceptionCount
from loadtui.samples.endpoint_table import MAX_NAME
from loadtui.samples.error_kinds import KindCounts


class _UnsentKinds(KindCounts):
    """Counts by kind of the whole run, of which `take` gives what was not sent yet."""

    def __init__(self) -> None:
        super().__init__()
        self._others_sent = 0

    def take(self) -> tuple[list[tuple[tuple[str, ...], int, float, float]], int]:
        """(kind, count, first, last) of kinds seen since the last call, and how many more are of
        further kinds: fewer, when one of these is told apart from now on."""
        rows = []
        for kind, known in self.by_kind.items():
            if known.count > known.sent:
                count = known.count - known.sent
                rows.append((kind, count, known.first or 0.0, known.last or 0.0))
                known.sent = known.count
        others, self._others_sent = self.others - self._others_sent, self.others
        return rows, others


class Failures:
    """Failed requests by (method, name, message) and exceptions by (message, traceback)."""

    def __init__(self) -> None:
        self._requests = _UnsentKinds()
        self._exceptions = _UnsentKinds()

    def add(self, method: str, name: str, error: object) -> None:
        """Count a failed request."""
        if type(error) is str and len(error) <= MAX_MESSAGE:
            message = SECRETS.hidden(error)
        else:
            message = failure_text(error)
        now = time.time()
        self._requests.add((shortened(method, MAX_NAME), shown_name(name), message), 1, now, now)

    def add_exception(self, message: str, traceback: str) -> None:
        """Count an exception that user code raised and nothing caught."""
        now = time.time()
        self._exceptions.add(recorded_exception(message, traceback), 1, now, now)

    def take(self, epoch0: float) -> tuple[list[ErrorCount], int, list[ExceptionCount], int]:
        """(errors, failures of further kinds, exceptions, those of further kinds) since the last
        call."""
        requests, others = self._requests.take()
        errors = [
            ErrorCount(
                method,
                name,
                encodable(message),
                count,
                _since(first, epoch0),
                _since(last, epoch0),
            )
            for (method, name, message), count, first, last in requests
        ]
        raised, further = self._exceptions.take()
        exceptions = [
            ExceptionCount(message, traceback, count, _since(first, epoch0), _since(last, epoch0))
            for (message, traceback), count, first, last in raised
        ]
        return errors, others, exceptions, further


def _since(epoch: float, epoch0: float) -> float:
    return max(epoch - epoch0, 0.0) if epoch0 != float("inf") else 0.0
