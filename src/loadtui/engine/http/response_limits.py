"""How long a response may be: an answer without an end must not take the memory of a worker."""

from __future__ import annotations

import math
from typing import Any

import gevent
from requests.exceptions import RequestException

MAX_HEAD_BYTES = 1 << 20
"""Of what comes beside the body before any of it, or between two parts of it: header lines, interim
responses, chunk extensions, trailers."""
MAX_RESPONSE_BYTES = 1 << 30
"""Of a response that is read as a whole, as it is sent; and of its body once it is decompressed."""
_PAUSE_EVERY = 1 << 20
"""Bytes after which others get to run: a client that always finds bytes waiting never waits."""


class ResponseTooLong(ConnectionError, RequestException):
    """A response was longer than it may be; a failure of the request to both clients.

    It never has the `response` of other RequestExceptions, which FastHttpUser would report.
    """

    request: Any = None
    """Of HttpUser's."""


def head_too_long() -> ResponseTooLong:
    return ResponseTooLong(
        f"more than {_size(MAX_HEAD_BYTES)} of the response are header lines, interim responses,"
        " chunk extensions or trailers: given up; look at what the target sends, as with `curl -v`"
    )


def response_too_long() -> ResponseTooLong:
    return ResponseTooLong(
        f"the response is longer than {_size(MAX_RESPONSE_BYTES)}, the most that is read at once:"
        " given up; look at what the target sends, or read it in pieces with stream=True"
    )


def _size(limit: int) -> str:
    """A limit in words, in the largest unit in which it is a whole number."""
    for shift, unit in ((30, "GB"), (20, "MB"), (10, "kB")):
        if limit >> shift and not limit % (1 << shift):
            return f"{limit >> shift} {unit}"
    return f"{limit} bytes"


class ResponseAllowance:
    """Counts the bytes of a response that a stock client reads, or that come out of one.

    There is no end to it before `bound` is called.
    """

    __slots__ = ("_left", "_pause_in")

    def __init__(self) -> None:
        self._left: float = math.inf
        self._pause_in = _PAUSE_EVERY

    def bound(self) -> None:
        """From now on no more than MAX_RESPONSE_BYTES."""
        if self._left == math.inf:
            self._left = MAX_RESPONSE_BYTES

    def take(self, size: int) -> None:
        """So many bytes have come.  Raises ResponseTooLong, and what ends a greenlet that waits."""
        self._left -= size
        if self._left < 0:
            raise response_too_long()
        self._pause_in -= size
        if self._pause_in < 0:
            self._pause_in = _PAUSE_EVERY
            gevent.sleep(0)
