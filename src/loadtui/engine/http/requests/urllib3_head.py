"""Heads of HttpUser's requests, as urllib3 would send them."""

from __future__ import annotations

from typing import Any

import urllib3.connection

from loadtui.engine.http.request_head import PROBE_TARGET, RequestHead, split_head

_UNUSUAL_HEADERS = frozenset(["transfer-encoding", "expect", "upgrade"])


class _CapturingConnection(urllib3.connection.HTTPConnection):
    """A connection that notes what it would send."""

    def __init__(self, like: Any) -> None:
        super().__init__(like.host, like.port)
        self.default_port = like.ConnectionCls.default_port  # type: ignore[misc]
        self.written: list[bytes] = []

    def send(self, data: Any) -> None:
        self.written.append(bytes(data))


def build_urllib3_head(
    pool: Any, method: str, headers: Any, body: bytes | None
) -> RequestHead | None:
    """The head of requests of this method, with these headers (a CaseInsensitiveDict), to this
    pool's host; `body` is an example.

    None when they are not for the fast path.  Raises what urllib3 raises for bad headers.
    """
    if method in ("HEAD", "CONNECT") or any(name.lower() in _UNUSUAL_HEADERS for name in headers):
        return None
    connection = _CapturingConnection(pool)
    # the pool hands a copy of the headers to its connection as they are
    connection.request(method, PROBE_TARGET, body=body, headers=headers)
    data = b"".join(connection.written)
    length = len(body or b"")
    parts = split_head(data[: len(data) - length], length)
    return None if parts is None else RequestHead(*parts)
