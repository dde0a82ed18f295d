"""A command on a terminal of its own: what it shows, what it is typed, and how it leaves it."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.support.terminal_screen import TerminalScreen

TIMEOUT_S = 60.0
NORMAL_MODES = {7, 25}
"""Of a terminal that no program has changed: lines wrap, the cursor is seen."""
PYTHON = sys.executable


class Viewer:
    """`command` with keys, screen and errors on one pseudo-terminal and its output in a pipe;
    killed at the end of the block."""

    def __init__(
        self,
        command: Sequence[str | Path],
        folder: Path,
        *,
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.screen = TerminalScreen(*size)
        self.bytes = 0
        """Written to the terminal so far."""
        self._master, self._slave = pty.openpty()
        termios.tcsetwinsize(self._slave, size[::-1])
        self.settings_before = termios.tcgetattr(self._slave)
        own = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **own, **(env or {})},
            stdin=self._slave,
            stdout=subprocess.PIPE,
            stderr=self._slave,
            text=True,
            start_new_session=True,
        )

    @property
    def settings(self) -> list[object]:
        """Of the terminal, as termios has them."""
        return termios.tcgetattr(self._slave)

    def look(self, seconds: float = 0.0) -> str:
        """Read for so long, and what is seen then; with 0 all that was already written."""
        until = time.monotonic() + seconds
        while self._read(max(0.0, until - time.monotonic())) or time.monotonic() < until:
            pass
        return self.screen.text()

    def wait_for(self, pattern: str, timeout_s: float = TIMEOUT_S) -> str:
        """Read until the screen has such a text; what is seen then."""
        self.wait_until(lambda seen: re.search(pattern, seen) is not None, pattern, timeout_s)
        return self.screen.text()

    def wait_until(
        self, wanted: Callable[[str], bool], what: str, timeout_s: float = TIMEOUT_S
    ) -> None:
        deadline = time.monotonic() + timeout_s
        while not wanted(self.screen.text()):
            left = deadline - time.monotonic()
            assert left > 0, f"waited in vain for {what}:\n{self.screen.text()}"
            ended = self.process.poll() is not None
            read = self._read(min(left, 0.2))
            assert read or not ended, f"it ended before {what}:\n{self.screen.text()}"

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def resize(self, columns: int, rows: int) -> None:
        self.look()
        self.screen.resize(columns, rows)
        termios.tcsetwinsize(self._slave, (rows, columns))
        self.process.send_signal(signal.SIGWINCH)

    def hang_up(self) -> None:
        """As when the terminal's window is closed, but without a signal."""
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = -1

    def end(self, timeout_s: float = TIMEOUT_S) -> str:
        """Wait for the command to end by itself, reading on; what it wrote to its output."""
        deadline = time.monotonic() + timeout_s
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"it did not end:\n{self.screen.text()}"
            self._read(0.05)
        while self._read(0.0):
            pass
        assert self.process.stdout is not None
        return self.process.stdout.read()

    def _read(self, timeout_s: float) -> bool:
        """Take in what is written within so many seconds, if anything."""
        if self._master < 0 or not select.select([self._master], [], [], timeout_s)[0]:
            return False
        try:
            written = os.read(self._master, 1 << 16)
        except OSError:  # nobody holds the other end any more
            return False
        self.bytes += len(written)
        self.screen.feed(written)
        return bool(written)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        for descriptor in (self._master, self._slave):
            if descriptor >= 0:
                os.close(descriptor)
