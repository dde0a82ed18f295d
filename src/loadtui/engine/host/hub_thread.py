"""Running what blocks in the hub's thread pool, so that heartbeats and samples are not held up."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import gevent

P = ParamSpec("P")
T = TypeVar("T")


def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the function returns or raises; only the greenlet that calls waits for it."""
    result: T = gevent.get_hub().threadpool.apply(function, args, kwargs)
    return result
