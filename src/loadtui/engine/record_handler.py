"""Where Python's logging goes: what user code logs is printed, and of the rest what is severe."""

from __future__ import annotations

import logging
import os
import sys
from collections import deque
from io import TextIOBase
from pathlib import Path

import locust
from locust.log import LogReader

import loadtui.engine
from loadtui.engine.encodable import shortened
from loadtui.engine.process_output import OUTPUT
from loadtui.store.log_lines import COMPLAINED, LOG_ONLY

STATISTICS_LOGGER = "locust.stats_logger"
"""Where Locust's tables go, which only user code prints here."""
FOR_USER_CODE = ("root", STATISTICS_LOGGER)
"""Loggers that libraries use for user code: what its listeners raised goes to the first."""
PRINTED_FROM = {
    f"{Path(package.__file__ or '').parent}{os.sep}": level
    for package, level in ((locust, logging.WARNING), (loadtui.engine, logging.ERROR))
}
"""Folder of a package -> level from which on its records are for people.  What this program has to
say is in the run's remarks as well."""


MOST_OF_A_RECORD = 20_000
"""Characters of a record that Locust's web API shows of a worker."""


class _ShownRecords(deque[str]):
    """Locust holds the last 500 records of each process, and the host those of all workers."""

    def append(self, text: str, /) -> None:
        super().append(shortened(text, MOST_OF_A_RECORD))


def take_records() -> None:
    """Have records of Locust and of this program go to the log alone unless they are severe; after
    Locust has set up its logging on a standard error that was taken."""
    for name in ("", "locust", STATISTICS_LOGGER):
        handlers = logging.getLogger(name).handlers
        for at, handler in enumerate(handlers):
            if type(handler) is logging.StreamHandler and handler.stream is sys.stderr:
                handlers[at] = RecordHandler(handler)
            elif isinstance(handler, LogReader):
                handler.logs = _ShownRecords(handler.logs, handler.logs.maxlen)


class RecordHandler(logging.StreamHandler[TextIOBase]):
    """Takes the place of the handler that Locust has set up for the terminal."""

    def __init__(self, stock: logging.StreamHandler[TextIOBase]) -> None:
        super().__init__(stock.stream)
        self.setFormatter(stock.formatter)
        self.setLevel(stock.level)
        self._stock_stream = stock.stream

    def emit(self, record: logging.LogRecord) -> None:
        levels = (at for path, at in PRINTED_FROM.items() if record.pathname.startswith(path))
        printed_from = next(levels, None)
        if (
            printed_from is None
            or record.name in FOR_USER_CODE
            or self.stream is not self._stock_stream
        ):
            super().emit(record)
            return
        sign = COMPLAINED if record.levelno >= printed_from else LOG_ONLY
        try:
            OUTPUT.record(self.format(record), sign)
        except Exception:
            self.handleError(record)
