"""What went wrong in a worker, by kind: failed requests and exceptions of user code."""

from __future__ import annotations

import time

from loadtui.engine.encodable import MARK, encodable, shortened
from loadtui.engine.exception_text import MAX_MESSAGE, failure_text
from loadtui.known_secrets import SECRETS
from loadtui.samples.delta import ErrorCount, ExceptionCount
from loadtui.samples.endpoint_table import MAX_NAME
from loadtui.samples.error_kinds import KindCounts

MAX_TRACEBACK = 20_000
"""Characters of a traceback that are recorded, the last ones."""


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
        shown = SECRETS.hidden_name(name)
        self._requests.add((method[: MAX_NAME + 1], shown[: MAX_NAME + 1], message), 1, now, now)

    def add_exception(self, message: str, traceback: str) -> None:
        """Count an exception that user code raised and nothing caught."""
        now = time.time()
        message = SECRETS.hidden(message)
        traceback = SECRETS.hidden(traceback[-2 * MAX_TRACEBACK :])
        if len(traceback) > MAX_TRACEBACK:
            traceback = MARK + traceback[1 - MAX_TRACEBACK :]
        self._exceptions.add((shortened(message, MAX_MESSAGE), encodable(traceback)), 1, now, now)

    def take(self, epoch0: float) -> tuple[list[ErrorCount], int, list[ExceptionCount], int]:
        """(errors, failures of further kinds, exceptions, those of further kinds) since the last
        call."""
        requests, others = self._requests.take()
        errors = [
            ErrorCount(
                shortened(method, MAX_NAME),
                shortened(name, MAX_NAME),
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
