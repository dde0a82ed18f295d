"""Requests that have begun and not yet ended, and those that were killed before they could."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from greenlet import GreenletExit


class InFlight:
    """`now` requests are under way; `killed` never finished, because their user was killed."""

    def __init__(self) -> None:
        self.now = 0
        self.killed = 0

    def watch(self, session: type) -> None:
        """Count the requests of an HTTP session class; its `request` is what all verbs call."""
        session.request = self._counted(session.request)  # type: ignore[attr-defined]

    def _counted(self, request: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(request)
        def counted(session: Any, *args: Any, **kwargs: Any) -> Any:
            self.now += 1
            try:
                return request(session, *args, **kwargs)
            except GreenletExit:
                self.killed += 1
                raise
            finally:
                self.now -= 1

        return counted
