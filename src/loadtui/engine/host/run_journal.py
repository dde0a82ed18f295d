"""The journal of a running run, on a disk that may fail: nothing that was recorded is lost."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

from loadtui.store.disk_reserve import hold_reserve, release_reserve
from loadtui.store.journal import JournalWriter
from loadtui.store.run_files import JOURNAL

_FULL = (errno.ENOSPC, errno.EDQUOT)


class RunJournal:
    """Takes frames as a JournalWriter does, and never raises: the first failure is told, and from
    then on the run is to end.  What the disk does not take stays in memory."""

    def __init__(self, folder: Path) -> None:
        """Raises UsageError when there is too little room on the disk."""
        self._folder = folder
        hold_reserve(folder)
        self._writer = JournalWriter(folder / JOURNAL)
        self.error = ""
        """Why the run cannot be saved any further, a sentence; empty while it can."""
        self.in_memory = False
        """Whether there are frames that the disk does not take."""
        self.on_error: Callable[[str], None] = lambda reason: None
        """Given the reason once."""
        self._unsynced: OSError | None = None

    def append(self, kind: bytes, body: bytes) -> None:
        self._writer.append(kind, body)

    def flush(self) -> None:
        """Write what is pending, as far as the disk takes it."""
        if self.in_memory:
            return
        try:
            self._writer.flush()
        except OSError as error:
            release_reserve(self._folder)
            self.failed(error)
            try:
                self._writer.flush()
            except OSError:
                self.in_memory = True

    def sync(self) -> None:
        """Make what was written durable; blocks, for a thread, which must not tell: see `look`."""
        try:
            self._writer.sync()
            self._writer.check_there()
        except OSError as error:
            self._unsynced = error

    def look(self) -> None:
        """Tell what `sync` has found out."""
        if self._unsynced is not None and not self.error:
            self.in_memory = True
            self.failed(self._unsynced)

    @property
    def size(self) -> int:
        """Bytes, without what is in memory."""
        return self._writer.size

    def make_room(self) -> None:
        """The run is over: its tables may have the room that was held for them."""
        release_reserve(self._folder)

    def copy_to(self, descriptor: int) -> None:
        """Write all of it, what is in memory included; OSError when that fails."""
        self._writer.copy_to(descriptor)

    def failed(self, error: OSError) -> None:
        """Something of the run could not be written: tell, if nothing was told yet."""
        if self.error:
            return
        what = error.strerror or os.strerror(error.errno or 0)
        if error.errno == errno.EFBIG:
            self.error = f"a file of the run may not grow any more ({what}): raise `ulimit -f`"
        elif error.errno in _FULL:
            self.error = f"the disk of the run's folder is full ({what}); free some space"
        elif isinstance(error, FileNotFoundError):
            self.error = "its folder was removed while it was running"
        else:
            self.error = f"its folder cannot be written ({what})"
        self.on_error(self.error)
