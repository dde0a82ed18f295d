"""Comparisons with stock Locust on a machine that other tests keep busy."""

from __future__ import annotations

from collections.abc import Callable

ATTEMPTS = 3


def compare_again_if_starved(compare: Callable[[int], None]) -> None:
    """Call it with 0, 1, 2 until it raises no AssertionError.

    Locust's run time passes while it imports and while it gets no CPU, so that a run may end before
    all its users have sent a request; what really differs differs each time.
    """
    for attempt in range(ATTEMPTS - 1):
        try:
            compare(attempt)
        except AssertionError:
            continue
        return
    compare(ATTEMPTS - 1)
