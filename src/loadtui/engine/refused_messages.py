"""Tells the log which messages were refused, without letting whoever sends them fill the log."""

from __future__ import annotations

import logging

_logger = logging.getLogger(__name__)


class RefusedMessages:
    """Says the first refusal, the tenth, the hundredth, and so on."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._count = 0
        self._next = 1

    def note(self, why: str) -> None:
        self._count += 1
        if self._count == self._next:
            self._next *= 10
            times = "" if self._count == 1 else f", {self._count} times so far"
            _logger.warning("refused %s (%.200s)%s", self._what, why, times)
