"""The little that the target's services need of the web: bare ASGI callables in a table of paths.

A framework's request and response objects would cost more than everything else these services do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

MAX_BODY = 1_000_000

JSON = (b"content-type", b"application/json")
EVENTS = (b"content-type", b"text/event-stream")


def encode_json(document: Any) -> bytes:
    return msgspec.json.encode(document)


async def answer_json(send: Send, status: int, body: bytes) -> None:
    headers = [JSON, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def read_body(receive: Receive) -> bytes | None:
    """The request's body; None when it is larger than MAX_BODY or the client went away."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > MAX_BODY:
            return None
        if not message.get("more_body", False):
            return body


def wrong(error: msgspec.DecodeError | UnicodeDecodeError) -> str:
    """What is wrong with a body that could not be decoded, in words."""
    if isinstance(error, msgspec.ValidationError):
        message, _, at = str(error).rpartition(" - at `$")
        key = at.rstrip("`").lstrip(".")
        return f"{key}: {message}" if message and key else str(error).partition(" - at ")[0]
    return "the body is not JSON"


class Routes:
    """Finds the endpoint of a request by its method and its exact path."""

    def __init__(self, table: Mapping[tuple[str, str], ASGIApp]) -> None:
        self._table = dict(table)
        self._paths = {path for _, path in table}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["path"]
        endpoint = self._table.get((method, path))
        if endpoint is not None:
            await endpoint(scope, receive, send)
            return
        status = 405 if path in self._paths else 404
        message = f"{method} is not taken at {path}" if status == 405 else f"there is no {path}"
        await answer_json(
            send, status, encode_json({"error": {"message": message}, "detail": message})
        )


class Counts:
    """The server's own count of requests, by endpoint: received, answered in full, and failed."""

    def __init__(self) -> None:
        self.received: dict[str, int] = {}
        self.answered: dict[str, int] = {}
        self.failed: dict[str, int] = {}

    def add(self, to: dict[str, int], label: str) -> None:
        to[label] = to.get(label, 0) + 1


class WaitingCount(Protocol):
    """Something with a queue."""

    waiting: int
    """How many are in it."""


class Stats:
    """`GET /stats`: what the server itself counted; not counted, not queued."""

    def __init__(self, counts: Counts, waiting: WaitingCount) -> None:
        self._counts = counts
        self._waiting = waiting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        counts = self._counts
        document = {
            "received": counts.received,
            "answered": counts.answered,
            "failed": counts.failed,
            "waiting": self._waiting.waiting,
        }
        await answer_json(send, 200, encode_json(document))
