"""A question to Locust's web application and its answer, as they go to and from a run's host."""

from __future__ import annotations

import msgspec


class HttpQuestion(msgspec.Struct, omit_defaults=True):
    """An HTTP request, its body read."""

    method: str
    path: str
    """Percent-encoding undone."""
    query: str = ""
    headers: list[tuple[str, str]] = []
    body: bytes = b""


class HttpAnswer(msgspec.Struct):
    """An HTTP response."""

    status: str
    """Code and reason, such as `200 OK`."""
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def code(self) -> int:
        return int(self.status.split()[0])
