"""Waiting for something that is seen, in place of a pause that is long enough on most machines."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

TIMEOUT_S = 30.0
LOOK_S = 0.01
"""Between two looks.  Beside Locust `time.sleep` lets the other greenlets run."""


def wait_until(look: Callable[[], T | None], what: str, timeout_s: float = TIMEOUT_S) -> T:
    """What `look` finds, as soon as it is not None or False; AssertionError after `timeout_s`."""
    deadline = time.monotonic() + timeout_s
    while True:
        found = look()
        if found is not None and found is not False:
            return found
        assert time.monotonic() < deadline, f"waited {timeout_s:g} s in vain: {what}"
        time.sleep(LOOK_S)
