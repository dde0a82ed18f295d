"""Locust's log, and what the locustfile prints: from the processes of a run to where Locust puts
it."""

from __future__ import annotations

import os
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import TextIO

from loadtui.cli.locust_options import LOG_LEVELS
from loadtui.errors import UsageError
from loadtui.store.growing_log import GrowingLog
from loadtui.store.log_lines import COMPLAINED, LOG_ONLY, PRINTED, LogLine, parse_line

_LOG_LINE = re.compile(
    r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\] \S+/[A-Z]+/"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ <Greenlet at .* failed with "
)
"""Locust's, and how gevent says whose traceback was just written."""
_TRACEBACK = "Traceback (most recent call last):"
_CHAINED = (
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)


class LocustLog:
    """Lines of the log go to stderr or the log file, what is printed to stdout."""

    def __init__(
        self, level: str, file: str | None, *, silent: bool, print_to_stderr: bool
    ) -> None:
        """`silent` is Locust without its logging: nothing is written that the processes of the run
        did not write; `print_to_stderr` leaves stdout to a document.

        Raises UsageError for a file that cannot be written.
        """
        self._level = LOG_LEVELS.index(level)
        self._file = None if file is None or silent else _opened(file)
        self._silent = silent
        self._prints = sys.stderr if print_to_stderr else sys.stdout
        self._new: GrowingLog | None = None
        self._in_traceback = False
        self._after_log = False

    @property
    def silent(self) -> bool:
        return self._silent

    def say(self, level: str, text: str, logger: str = "locust.main") -> None:
        """A line of our own, as Locust's command would write it."""
        if self._silent or LOG_LEVELS.index(level) < self._level:
            return
        now = datetime.now()
        at = f"{now:%Y-%m-%d %H:%M:%S},{now.microsecond // 1000:03}"
        host = os.uname().nodename.partition(".")[0]
        self._log(f"[{at}] {host}/{level}/{logger}: {text}")

    def forward(self, folder: Path, *, on_screen: bool = False, over: bool = False) -> None:
        """What the processes of the run in `folder` wrote since the last time; with `on_screen`,
        only what goes to the log file.  `over`: they have ended, a line without an end is one."""
        if self._new is None:
            self._new = GrowingLog(folder)
        while new := self._new.read(to_the_end=over):
            for line in map(parse_line, new.removesuffix(b"\n").split(b"\n")):
                self._forward(line, on_screen=on_screen)

    def _forward(self, line: LogLine, *, on_screen: bool) -> None:
        if line.sign != PRINTED and (self._is_log(line.text) or line.sign == LOG_ONLY):
            if not on_screen or self._file is not None:
                self._log(line.text)
        elif not on_screen:
            stream = sys.stderr if line.sign == COMPLAINED else self._prints
            print(line.text, file=stream, flush=True)

    def _is_log(self, line: str) -> bool:
        """Whether it is a record, or the traceback of one."""
        if _LOG_LINE.match(line):
            self._in_traceback, self._after_log = False, True
        elif line == _TRACEBACK or line in _CHAINED:
            self._in_traceback = self._after_log = True
        elif self._in_traceback and line and not line[0].isspace():
            self._in_traceback = False  # its last line: what was raised
        elif line or not self._after_log:
            self._after_log = self._in_traceback
        return self._after_log

    def _log(self, line: str) -> None:
        print(line, file=self._file or sys.stderr, flush=True)


def _opened(file: str) -> TextIO:
    path = Path(file)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--logfile {file}: {error.strerror}") from error
