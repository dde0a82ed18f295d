"""The time from a host's start until its run is running."""

from __future__ import annotations

import _thread
import os
import select
import shutil
from pathlib import Path

_TRIES = 1000
"""To remove a folder that somebody still writes to."""


class Starting:
    """Ends the host when the command that started it goes away before the run is running.

    Afterwards a run is stopped gracefully and saved; before, there is nothing to save, and the
    workers end as soon as their host has.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._over = False

    def end_with(self, lifeline: int) -> None:
        """Watch the descriptor whose other end that command holds.  A thread of the system's does,
        to be started before gevent replaces what it is made of: imports and locustfiles take the
        main one."""
        poll = select.poll()
        poll.register(lifeline, 0)

        def watch() -> None:
            poll.poll()
            if not self._over:
                # The main thread may put a file into it meanwhile; once it is gone, it cannot.
                for _ in range(_TRIES):
                    shutil.rmtree(self._folder, ignore_errors=True)
                    if not self._folder.exists():
                        break
                os._exit(1)

        _thread.start_new_thread(watch, ())

    def over(self) -> None:
        """The run is running: from now on RunningRun watches."""
        self._over = True
