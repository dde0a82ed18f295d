"""The limit on open files: every user holds at least one connection."""

from __future__ import annotations

import logging
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
