"""The body of a streamed response, piece by piece as it arrives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gevent
from greenlet import GreenletExit

PIECE = 65536
"""Bytes asked of the connection at once."""
PAUSE_EVERY = 1 << 20
"""Bytes after which others get to run: where some are always waiting, nothing else would."""
LONGEST_BODY_BYTES = 64 << 20
"""Of one that is collected here."""


class BodyTooLong(ValueError):
    """A body that is longer than LONGEST_BODY_BYTES, or that never ends."""

    def __init__(self) -> None:
        super().__init__(
            f"the answer is longer than {LONGEST_BODY_BYTES >> 20} MB, the most that is read of"
            " one: look at what the service sends"
        )


def whole_body(client: Any, response: Any) -> bytes:
    """The pieces of a body together; raises BodyTooLong too."""
    pieces = []
    left = LONGEST_BODY_BYTES
    for piece in body_pieces(client, response):
        left -= len(piece)
        if left < 0:
            raise BodyTooLong
        pieces.append(piece)
    return b"".join(pieces)


def body_pieces(client: Any, response: Any) -> Iterator[bytes]:
    """The bytes of a body, without the chunks they were sent in, as soon as they are there.

    `response` comes from `client.request(..., stream=True)` of a FastHttpUser.  While this waits,
    the request counts as under way where loadtui runs the file.  Raises what the session raises
    for a body that is cut short (locust.contrib.fasthttp.FAILURE_EXCEPTIONS).
    """
    inner = response._response
    if inner is None:
        return
    coding = response.headers.get("content-encoding") or "identity"
    if coding != "identity" or not hasattr(inner, "_body_buffer"):
        yield response.content or b""  # compressed against our wish, or already there as a whole
        return
    buffer = inner._body_buffer
    flight = getattr(client, "in_flight", None)
    if getattr(response, "_entered", False):
        flight = None  # its with-block counts it
    unpaused = 0
    while True:
        if buffer:
            data = bytes(buffer)
            del buffer[:]
            unpaused += len(data)
            yield data
        if inner.message_complete or inner._sock is None:
            return
        if flight is not None:
            flight.now += 1
        try:
            if unpaused > PAUSE_EVERY:
                unpaused = 0
                gevent.sleep(0)
            inner.feed(inner._sock.recv(PIECE))
        except GreenletExit:
            if flight is not None:
                flight.killed += 1
            inner.release()
            raise
        except BaseException:
            inner.release()
            raise
        finally:
            if flight is not None:
                flight.now -= 1


def abandon_body(response: Any) -> None:
    """Close the connection of a body that nobody wants to the end."""
    if response._response is not None:
        response._response.release()
