"""Exceptions of event listeners: Locust only logs them, we count them as user code's."""

from __future__ import annotations

import logging
from collections.abc import Callable

_LOGGED_AS = "Uncaught exception in event handler"


class ListenerErrors(logging.Handler):
    """Passes (message, traceback) of exceptions that Locust logged for a listener to `add`."""

    def __init__(self, add: Callable[[str, str], None]) -> None:
        super().__init__(logging.ERROR)
        self._add = add

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.msg, str) and record.msg.startswith(_LOGGED_AS):
            text = str(record.args[0]) if isinstance(record.args, tuple) and record.args else ""
            last = text.strip().rpartition("\n")[2] or "an event listener raised"
            self._add(last, text)
