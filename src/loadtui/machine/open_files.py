"""The limit on open files: every user holds at least one connection, and a locustfile may open
files that it never closes."""

from __future__ import annotations

import contextlib
import logging
import os
import resource

WANTED = 1_048_576
ENOUGH = 10_000

_logger = logging.getLogger(__name__)


def raise_open_file_limit() -> None:
    """Raise the soft limit of this process as far as the hard limit allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    ceiling = WANTED if hard == resource.RLIM_INFINITY else min(hard, WANTED)
    if soft == resource.RLIM_INFINITY or soft >= ceiling:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (ceiling, hard))
    except (ValueError, OSError) as error:
        if soft < ENOUGH:
            _logger.warning("at most %d open files, and so connections: %s", soft, error)


class SpareFiles:
    """Descriptors that are held for what has to be opened at the end of a run: there may be no
    others then."""

    def __init__(self, count: int) -> None:
        self._held: list[int] = []
        with contextlib.suppress(OSError):
            while len(self._held) < count:
                self._held.append(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))

    def release(self) -> None:
        """From now on others may have them; once is enough."""
        while self._held:
            os.close(self._held.pop())
