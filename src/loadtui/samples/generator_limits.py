"""Failures that are the load generator's own: its machine ran out of something."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum


class GeneratorLimit(Enum):
    """What ran out; the value says it, and what to do."""

    OPEN_FILES = "open files: raise `ulimit -n`, or run fewer users"
    PORTS = (
        "local ports: keep connections open between requests, run fewer users, or widen "
        "net.ipv4.ip_local_port_range"
    )


_PATTERNS = (
    (GeneratorLimit.OPEN_FILES, re.compile(r"Too many open files|\[Errno 24\]|\(24, ")),
    (GeneratorLimit.PORTS, re.compile(r"Cannot assign requested address|\[Errno 99\]")),
)
_EXCEPTION = re.compile(r"[A-Za-z_.]*(Error|Retry\w*|Timeout)\(")


def limited_requests(errors: Iterable[tuple[str, int]]) -> dict[GeneratorLimit, int]:
    """How many of the failures, as (message, count), are for want of what."""
    counts: dict[GeneratorLimit, int] = {}
    for message, count in errors:
        if _EXCEPTION.match(message):
            for limit, pattern in _PATTERNS:
                if pattern.search(message):
                    counts[limit] = counts.get(limit, 0) + count
    return counts
