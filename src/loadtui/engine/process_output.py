"""What this process prints and logs, as lines of the run's log with the name of the process.

Host and workers share the descriptors 1 and 2, which append to that log.  A line is written by one
call, so those of several processes do not get into one another, and a process that is killed has
written what it said.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import sys
from collections import deque
from typing import Any

from loadtui.known_secrets import SECRETS
from loadtui.store.log_cap import cut_log
from loadtui.store.log_lines import COMPLAINED, LAST_LINES, LOG_ONLY, PRINTED, line_start

LONGEST_LINE = 1 << 20
"""Bytes after which a line is taken as ended."""
MOST_AT_ONCE = 4 << 20
"""Bytes, or characters, that are printed or logged at once; of more the first and the last
LONGEST_LINE are written."""
LOOK_EVERY = 1 << 18
"""After so many bytes a process looks how large the log has become."""


class ProcessOutput:
    """The standard output and standard error of a process."""

    def __init__(self) -> None:
        self._streams: list[_Lines] = []
        self._texts: tuple[io.TextIOWrapper, ...] = ()
        self._last: deque[bytes] = deque(maxlen=4 * LAST_LINES)
        self.remember = self._last.append
        """Given a line that user code wrote."""
        self._bounded = False
        self._unseen = 0
        self._records: dict[str, _Lines] = {}

    def take(self, process: str, *, bounded: bool = True) -> None:
        """From here on `sys.stdout` and `sys.stderr` write lines of the process of this name;
        without a name the lines as they are.  `bounded`: descriptors 1 and 2 append to a log that
        must not become too large.

        Also for a process that was forked from one whose output was taken.
        """
        if self._streams:
            self._begin_anew()
            self.rename(process)
            return
        self._bounded = bounded
        printed, complained = _Lines(self, 1, PRINTED), _Lines(self, 2, COMPLAINED)
        self._records = {sign: _Lines(self, 2, sign, own=False) for sign in (COMPLAINED, LOG_ONLY)}
        self._streams = [printed, complained, *self._records.values()]
        self.rename(process)
        self._texts = sys.stdout, sys.stderr = _text(printed), _text(complained)
        atexit.register(self.finish)

    def rename(self, process: str) -> None:
        """Lines begin with this name from here on."""
        for lines in self._streams:
            lines.name_process(process)

    def record(self, text: str, sign: str) -> None:
        """Write a record of Locust or of this program."""
        text = _shortened(text)
        self._records[sign].write(text.encode("utf-8", "backslashreplace") + b"\n")

    def last_lines(self) -> list[str]:
        """What user code said last in this process."""
        return [line.decode("utf-8", "replace").rstrip("\n") for line in self._last]

    def finish(self) -> None:
        """Write lines that have no end yet."""
        self._flush()
        for lines in self._streams:
            lines.end_line()

    def _begin_anew(self) -> None:
        """Drop the beginnings of lines: in a forked process they are those of its parent, who has
        them too."""
        self._flush()
        for lines in self._streams:
            lines.drop_line()

    def _flush(self) -> None:
        for text in self._texts:
            with contextlib.suppress(ValueError):  # user code has closed it
                text.flush()

    def put(self, descriptor: int, data: bytes) -> None:
        """Write whole lines.  What cannot be written, as on a full disk, is lost: that is nothing
        for the user code that printed it."""
        self._unseen += len(data)
        try:
            written = os.write(descriptor, data)
            while written < len(data):
                data = data[written:]
                written = os.write(descriptor, data)
        except OSError:
            return
        if self._unseen > LOOK_EVERY and self._bounded:
            self._unseen = 0
            with contextlib.suppress(OSError):
                cut_log(descriptor)


class _Lines(io.BufferedIOBase):
    """The bytes of a stream, which go to the log line by line."""

    def __init__(
        self, output: ProcessOutput, descriptor: int, sign: str, *, own: bool = True
    ) -> None:
        """`own`: user code writes them."""
        self._output = output
        self._descriptor = descriptor
        self.name = {1: "<stdout>", 2: "<stderr>"}[descriptor]
        self._sign = sign
        self._own = own
        self._start = b""
        self._begun = b""
        """A line that has no end yet."""

    def name_process(self, process: str) -> None:
        self._start = line_start(process, self._sign)

    def write(self, data: Any, /) -> int:
        new = bytes(data)
        if len(new) > MOST_AT_ONCE:
            words = _left_out(len(new)).encode()
            self._write(b"%b%b%b" % (new[:LONGEST_LINE], words, new[-LONGEST_LINE:]))
        else:
            self._write(new)
        return len(new)

    def _write(self, new: bytes) -> None:
        if not self._begun and 0 <= new.find(b"\n") == len(new) - 1:
            # As a rule: one whole line, of which there may be thousands a second.
            shown = SECRETS.hidden_line(new)
            if self._own:
                self._output.remember(shown)
            self._output.put(self._descriptor, self._start + shown)
            return
        *lines, begun = (self._begun + new).split(b"\n")
        if len(begun) > LONGEST_LINE:
            lines, begun = [*lines, begun], b""
        self._begun = begun
        self._put(lines)

    def end_line(self) -> None:
        if self._begun:
            line, self._begun = self._begun, b""
            self._put([line])

    def drop_line(self) -> None:
        self._begun = b""

    def _put(self, lines: list[bytes]) -> None:
        if not lines:
            return
        lines = [SECRETS.hidden_line(line) for line in lines]
        if self._own:
            for line in lines[-LAST_LINES:]:
                self._output.remember(line)
        start = self._start
        self._output.put(self._descriptor, b"".join([b"%b%b\n" % (start, one) for one in lines]))

    def fileno(self) -> int:
        return self._descriptor

    def writable(self) -> bool:
        return True


class _Text(io.TextIOWrapper):
    def write(self, text: str, /) -> int:
        """Of a text without a bound no copy is made."""
        if isinstance(text, str) and len(text) > MOST_AT_ONCE:
            super().write(_shortened(text))
            return len(text)
        return super().write(text)


def _shortened(text: str) -> str:
    if len(text) <= MOST_AT_ONCE:
        return text
    return f"{text[:LONGEST_LINE]}{_left_out(len(text))}{text[-LONGEST_LINE:]}"


def _left_out(size: int) -> str:
    """Stands in the middle of what is too long to be written at once."""
    return f"\n... {(size - 2 * LONGEST_LINE) / (1 << 20):.1f} MB were left out here\n"


def _text(lines: _Lines) -> io.TextIOWrapper:
    # What cannot be encoded is escaped: printing it is no reason for a task to fail.
    return _Text(lines, "utf-8", errors="backslashreplace", newline="\n", line_buffering=True)


OUTPUT = ProcessOutput()
"""That of this process."""
