"""Request heads as urllib3 would send them, built by its own code and kept."""

from __future__ import annotations

import re
from typing import Any

import urllib3.connection

PROBE = "/?loadtui-target"
KEPT = 1024
"""Heads kept in one place; then all are forgotten, as some file makes a header ever anew."""
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
_ODD_HEADERS = frozenset(["transfer-encoding", "expect", "upgrade"])


class Urllib3Head:
    """A head without its target, split where the length of the body goes."""

    __slots__ = ("after", "before", "rest")

    def __init__(self, before: bytes, after: bytes, rest: bytes) -> None:
        self.before = before
        """Up to the target."""
        self.after = after
        """From the target to the Content-Length's value, or to the end without a body."""
        self.rest = rest
        """What follows that value; empty without a body."""

    def request(self, target: str, body: bytes) -> bytes:
        """The whole request; `target` is as it goes over the wire."""
        if self.rest:
            return b"%b%b%b%d%b%b" % (
                self.before,
                target.encode("ascii"),
                self.after,
                len(body),
                self.rest,
                body,
            )
        return b"%b%b%b" % (self.before, target.encode("ascii"), self.after)


class _Scribe(urllib3.connection.HTTPConnection):
    """A connection that notes what it would send."""

    def __init__(self, like: Any) -> None:
        super().__init__(like.host, like.port)
        self.default_port = like.ConnectionCls.default_port  # type: ignore[misc]
        self.written: list[bytes] = []

    def send(self, data: Any) -> None:
        self.written.append(bytes(data))


def build_urllib3_head(
    pool: Any, method: str, headers: Any, body: bytes | None
) -> Urllib3Head | None:
    """The head of requests of this method, with these headers (a CaseInsensitiveDict), to this
    pool's host; `body` is an example.

    None when they are not for the fast path.  Raises what urllib3 raises for bad headers.
    """
    if method in ("HEAD", "CONNECT") or any(name.lower() in _ODD_HEADERS for name in headers):
        return None
    scribe = _Scribe(pool)
    # the pool hands a copy of the headers to its connection as they are
    scribe.request(method, PROBE, body=body, headers=headers)
    data = b"".join(scribe.written)
    if body:
        data = data[: -len(body)]
    before, found, after = data.partition(PROBE.encode())
    if not found or PROBE.encode() in after:
        return None
    if not body:
        return Urllib3Head(before, after, b"")
    lengths = _LENGTH.findall(after)
    length = _LENGTH.search(after)
    if length is None or len(lengths) != 1 or int(length[1]) != len(body):
        return None
    return Urllib3Head(before, after[: length.start(1)], after[length.end(1) :])
