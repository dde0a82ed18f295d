"""Running what blocks in the hub's thread pool, so that heartbeats and samples are not held up."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import gevent

P = ParamSpec("P")
T = TypeVar("T")


def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the function returns or raises; only the greenlet that calls waits for it."""

    def run() -> tuple[T | None, BaseException | None]:
        # gevent prints what is raised in its pool, and never returns where that fails.
        try:
            return function(*args, **kwargs), None
        except BaseException as error:
            return None, error

    result, raised = gevent.get_hub().threadpool.apply(run)
    if raised is not None:
        raise raised
    return cast("T", result)
