"""Keeps a run's log below its limit, whoever writes to it: its first part and the most recent lines
are left, and between them a line says how much is missing.

The log is a file that all processes of a run append to, programs that a locustfile starts included:
cutting it keeps none of them waiting.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import stat
from pathlib import Path

from loadtui.plain_file import open_plain
from loadtui.store.log_lines import FIRST_BYTES, MOST_BYTES
from loadtui.store.run_files import HOST_LOG

NOTICE_BYTES = 80
"""Of the line on what is missing, the end of the first FIRST_BYTES: it is there before the log is
cut, so that nobody who writes meanwhile can get between."""
_MB = 1 << 20
_NOTICE = re.compile(
    rb"\n\.+ (\d+\.\d) MB were left out here, so that the log stays below \d+ MB\n"
)
_FREE = [True]
"""Empty while a thread of this process cuts: locks of files are those of the whole process."""


def cut_log(descriptor: int) -> None:
    """Cut the log that a descriptor appends to, if it is longer than MOST_BYTES; all processes go
    on from there.  Anything else than a file is left alone.  Raises OSError."""
    if not _is_long(descriptor):
        return
    try:
        free = _FREE.pop()
    except IndexError:
        return
    try:
        # As it is open it appends, which on Linux holds for pwrite too.
        log = os.open(f"/dev/fd/{descriptor}", os.O_RDWR | os.O_CLOEXEC)
        try:
            with contextlib.suppress(BlockingIOError):  # another process cuts
                fcntl.lockf(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_long(log):
                    _cut(log)
        finally:
            os.close(log)  # and with it the lock
    finally:
        _FREE.append(free)


def left_out_mb(folder: Path) -> float:
    """Megabytes that are missing in the log of a run, 0 for a log that is whole or not there."""
    try:
        with open_plain(folder / HOST_LOG) as file:
            file.seek(FIRST_BYTES - NOTICE_BYTES)
            return _told(file.read(NOTICE_BYTES))
    except OSError:
        return 0.0


def _is_long(descriptor: int) -> bool:
    seen = os.fstat(descriptor)
    return stat.S_ISREG(seen.st_mode) and seen.st_size > MOST_BYTES


def _cut(log: int) -> None:
    at = FIRST_BYTES - NOTICE_BYTES
    before = _told(os.pread(log, NOTICE_BYTES, at))
    left_out = before + (os.fstat(log).st_size - FIRST_BYTES) / _MB
    words = (
        f" {left_out:.1f} MB were left out here, so that the log stays below {MOST_BYTES // _MB} MB"
    )
    os.pwrite(log, b"\n%b\n" % words.encode().rjust(NOTICE_BYTES - 2, b"."), at)
    os.ftruncate(log, FIRST_BYTES)


def _told(notice: bytes) -> float:
    found = _NOTICE.fullmatch(notice)
    return float(found[1]) if found else 0.0
