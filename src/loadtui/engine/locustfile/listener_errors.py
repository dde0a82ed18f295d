"""Exceptions of user code that are only logged, by Locust or by the director: they are counted."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

from loadtui.engine.locustfile.locust_internals import LOGGED_ERRORS

TICK_ERROR = "the load shape's tick() raised"
"""How the director logs it."""


class ListenerErrors(logging.Handler):
    """Passes (message, traceback) of exceptions that were logged for user code to `add`."""

    def __init__(self, add: Callable[[str, str], None]) -> None:
        super().__init__(logging.ERROR)
        self._add = add

    def emit(self, record: logging.LogRecord) -> None:
        if not isinstance(record.msg, str):
            return
        text = ""
        if record.msg.startswith(LOGGED_ERRORS):
            text = str(record.args[0]) if isinstance(record.args, tuple) and record.args else ""
            text = text or record.msg.partition("\n")[2]
        elif record.msg == TICK_ERROR and record.exc_info:
            text = "".join(traceback.format_exception(*record.exc_info))
        else:
            return
        last = text.strip().rpartition("\n")[2] or "an event listener raised"
        self._add(last, text)
