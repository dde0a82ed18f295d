"""The lines of a run's log, `host.log`: which process wrote one, and whether people are to see it.

A line is `worker 1 | text`: the process, a sign, and what was written.  Lines without a process
come from elsewhere, as from programs that a locustfile starts; they are taken as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from loadtui.plain_file import open_plain
from loadtui.printable_text import drives_terminal

HOST_PROCESS = "host"
PRINTED, COMPLAINED, LOG_ONLY = "|", "!", ":"
"""Standard output; standard error, where Python's logging goes too; what the log alone is for:
Locust's and this program's own records below WARNING."""
FIRST_BYTES, MOST_BYTES = 1 << 20, 32 << 20
"""A log that is larger than the second is cut after the first, and goes on from there."""
LAST_LINES = 5
"""How many lines an error repeats."""
_SHOWN = 300
"""Characters of each of them."""

_LINE = re.compile(r"(host|worker(?: \d+)?) ([|!:]) (.*)", re.DOTALL)
_ESCAPE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours and the cursor
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?"  # titles, links and other strings
    r"|\x1b[ -/]*[0-~]?"
)


class LogLine(NamedTuple):
    process: str
    """`host`, `worker` or, where there are several, `worker 1`; empty: not known."""
    sign: str
    text: str

    @property
    def for_people(self) -> bool:
        """Whether it belongs on the terminal of who watches the run."""
        return self.sign != LOG_ONLY

    @property
    def shown(self) -> str:
        """The line as people see it."""
        return f"{self.process} {PRINTED} {self.text}" if self.process else self.text


def worker_name(index: int, processes: int) -> str:
    """What the worker with this index is called where there are so many."""
    return f"worker {index}" if processes > 1 else "worker"


def line_start(process: str, sign: str) -> bytes:
    """What a line of this process begins with; nothing where the process has no name."""
    return f"{process} {sign} ".encode() if process else b""


def parse_line(line: bytes | str) -> LogLine:
    """A line of the log, without its end."""
    text = line.decode("utf-8", "replace") if isinstance(line, bytes) else line
    text = text.rstrip("\r")
    found = _LINE.fullmatch(text)
    return LogLine(*found.groups()) if found else LogLine("", PRINTED, text)


def without_controls(text: str) -> str:
    """Text that cannot drive a terminal: without escape sequences and control characters, but for
    tabs; of what a progress bar wrote over itself the last is left."""
    if text.isprintable():
        return text
    text = text.rstrip("\r").rpartition("\r")[2]
    return "".join(c for c in _ESCAPE.sub("", text) if c == "\t" or not drives_terminal(c))


def anything_said(log: Path) -> bool:
    """Whether there is a line for people in a log, which may be missing."""
    try:
        with open_plain(log) as file:
            return any(line.strip() and parse_line(line.rstrip(b"\n")).for_people for line in file)
    except OSError:
        return False


def last_said(log: Path, process: str = "") -> list[str]:
    """The last lines for people in a log, of processes whose name begins so; plain text."""
    try:
        with open_plain(log) as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - (1 << 16)))
            lines = [parse_line(line) for line in file.read().split(b"\n")]
    except OSError:
        return []
    return [line.text for line in lines if line.for_people and line.process.startswith(process)]


def said_before(lines: Iterable[str]) -> str:
    """The end of a sentence about a program that ended: its last lines, if it said something."""
    plain = (without_controls(line).strip() for line in lines)
    last = [line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…" for line in plain if line]
    return f"; before that it said: {' / '.join(last[-LAST_LINES:])}" if last else ""
