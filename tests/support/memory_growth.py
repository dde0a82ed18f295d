"""How much more memory this process takes than it ever did before."""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_UNIT = 1 if sys.platform == "darwin" else 1024


def _most_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT


@contextmanager
def memory_growth_bytes() -> Iterator[list[int]]:
    """A list that holds, once the block is over, by how many bytes its most memory surpassed that
    of all the time before."""
    before = _most_bytes()
    growth: list[int] = []
    yield growth
    growth.append(_most_bytes() - before)
