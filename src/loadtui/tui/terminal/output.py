"""The thread that writes to the terminal, which may go away or stop reading at any time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import IO

FINAL_WRITE_S = 1.0
"""How long a terminal may take for what is still to be written at the end."""
MOST_WAITING = 16 * 1024
"""Characters; a terminal that has more than that still to read is behind."""
SLOW_S = 0.25
"""And so is one that has not read for as long."""


class OutputThread(threading.Thread):
    """In place of Textual's, whose queue is bounded and read by nobody once a write has failed:
    the screen then waits for ever to write its last frame, deaf to every signal.

    Who has frames to write asks first whether the terminal is `behind`, and if so keeps them to
    itself until `caught_up` is called, in this thread: a terminal that reads slowly, or not for a
    while, then shows what is, not all that has been.
    """

    def __init__(self, file: IO[str], caught_up: Callable[[], object] = lambda: None) -> None:
        super().__init__(daemon=True, name="terminal-output")
        self._file = file
        self._texts: SimpleQueue[str | None] = SimpleQueue()
        self._caught_up = caught_up
        self._gone = False
        self._lock = threading.Lock()
        self._waiting = 0
        self._since = 0.0
        self._known_behind = False
        """Somebody knows that the terminal is behind."""

    def write(self, text: str) -> None:
        """Never waits; what is written to a terminal that has gone is dropped."""
        if not self._gone:
            with self._lock:
                if not self._waiting:
                    self._since = time.monotonic()
                self._waiting += len(text)
            self._texts.put(text)

    def flush(self) -> None:
        """Done by the thread, when there is nothing more to write."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._file.fileno()

    def behind(self) -> bool:
        """Whether the terminal has yet to read what was written before."""
        with self._lock:
            late = self._waiting and time.monotonic() - self._since > SLOW_S
            self._known_behind = self._waiting > MOST_WAITING or bool(late)
            return self._known_behind

    def run(self) -> None:
        written = 0
        try:
            while (text := self._texts.get()) is not None:
                self._file.write(text)
                written += len(text)
                if self._texts.empty():
                    self._file.flush()
                    self._read(written)
                    written = 0
            self._file.flush()
        except (OSError, ValueError):
            self._gone = True

    def stop(self) -> None:
        """Return when all is written, or when the terminal takes too long to read it."""
        self._texts.put(None)
        self.join(FINAL_WRITE_S)

    def _read(self, characters: int) -> None:
        with self._lock:
            self._waiting -= characters
            self._since = time.monotonic()
            caught_up = self._known_behind and not self._waiting
            self._known_behind = self._known_behind and not caught_up
        if caught_up:
            self._caught_up()
