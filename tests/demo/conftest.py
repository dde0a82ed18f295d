"""Asks an ASGI application without a server."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import pytest


class Answer(NamedTuple):
    status: int
    parts: list[bytes]
    """Of the body, as they were sent."""

    @property
    def body(self) -> bytes:
        return b"".join(self.parts)

    @property
    def document(self) -> Any:
        return json.loads(self.body)

    @property
    def events(self) -> list[str]:
        """Data of the server-sent events of the body."""
        *events, rest = self.body.decode().split("\n\n")
        assert rest == ""
        return [event.removeprefix("data: ") for event in events]


Ask = Callable[..., Awaitable[Answer]]


async def _ask(app: Any, method: str, path: str, document: object = None) -> Answer:
    body = b"" if document is None else json.dumps(document).encode()
    status, parts = 0, []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            parts.append(message.get("body", b""))

    await app({"type": "http", "method": method, "path": path}, receive, send)
    return Answer(status, parts)


@pytest.fixture
def ask() -> Ask:
    """`await ask(app, method, path, document)`."""
    return _ask
