"""How long a response may be: an answer without an end must not take the memory of a worker."""

from __future__ import annotations

import gevent

MAX_HEAD_BYTES = 1 << 20
"""Of a head on its way to FastHttpUser, whose stock client knows no bound; http.client has its own,
100 lines of 65536 bytes."""
MAX_RESPONSE_BYTES = 1 << 30
"""Of a response as it is sent, after what the fast path has read of it; and of its body once it is
decompressed."""
_PAUSE_EVERY = 1 << 20
"""Bytes after which others get to run: a client that always finds bytes waiting never waits."""


class ResponseTooLong(ConnectionError):
    """A response was longer than it may be."""


def head_too_long() -> ResponseTooLong:
    return ResponseTooLong(
        f"the head of the response is longer than {MAX_HEAD_BYTES >> 20} MB: given up"
    )


class ResponseAllowance:
    """Counts the bytes of a response that the stock client reads on, or that come out of one."""

    __slots__ = ("_left", "_pause_at")

    def __init__(self) -> None:
        self._left = MAX_RESPONSE_BYTES
        self._pause_at = MAX_RESPONSE_BYTES - _PAUSE_EVERY

    def take(self, size: int) -> None:
        """So many bytes have come.  Raises ResponseTooLong, and what ends a greenlet that waits."""
        self._left -= size
        if self._left < 0:
            raise ResponseTooLong(
                f"the response is longer than {MAX_RESPONSE_BYTES >> 30} GB: given up"
            )
        if self._left < self._pause_at:
            self._pause_at = self._left - _PAUSE_EVERY
            gevent.sleep(0)
