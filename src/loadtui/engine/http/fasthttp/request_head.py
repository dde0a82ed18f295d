"""Request heads as the stock client would send them, built by its own code and kept.

A head differs from request to request only in its target and Content-Length, so the rest is built
once for each combination of method, host, headers and kind of body.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from geventhttpclient.client import (
    HTTPClient,
    _requests_100_continue,
    _uses_chunked_transfer,
)
from geventhttpclient.connectionpool import ConnectionPool
from locust.contrib.fasthttp import FastRequest, LocustUserAgent

KEPT = 1024
"""Heads kept per user agent; then all are forgotten, as some file makes a header ever anew."""

# What the stock client sends unchanged: no escapes, no fragment, nothing to quote, no empty query,
# and a single slash at its beginning.
PLAIN_TARGET = re.compile(
    r"/(?:[A-Za-z0-9\-._~$&'()*+,=:@?][A-Za-z0-9\-._~$&'()*+,=:@?/]*(?<!\?))?"
)
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
_PROBE = "/?loadtui-target"


class RequestHead(NamedTuple):
    """A head without its target, split where the length of the body goes."""

    pool: ConnectionPool
    client: HTTPClient
    before: bytes
    """Up to the target."""
    after: bytes
    """From the target to the Content-Length's value, or to the end without a body."""
    rest: bytes
    """What follows that value; empty without a body."""

    def request(self, target: str, body: bytes) -> bytes:
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


def build_request_head(
    agent: LocustUserAgent,
    method: str,
    base_url: str,
    headers: dict[str, str],
    payload: str | bytes | dict[str, Any] | None,
    cookie: str | None,
) -> RequestHead | None:
    """The head of requests like this one; None when they are not for the fast path.

    `payload` is an example: its kind and the length's place matter.  Goes through the very steps
    of UserAgent.urlopen and HTTPClient.request, and raises what they raise.
    """
    for name, value in [*headers.items(), *agent.default_headers.items()]:
        # A length of the locustfile's own stays as it is, even a wrong one.  Other values than
        # strings may be equal and yet not look alike.
        if type(value) is not str or name.lower() == "content-length":
            return None
    request = make_request(agent, base_url + _PROBE, method, headers, payload, cookie)
    client = agent.clientpool.get_client(request.url_split)
    body = request.payload or b""
    body = body.encode("utf-8") if isinstance(body, str) else body
    if not _is_ordinary(client, request.headers, body):
        return None
    text = client._build_request(
        request.method, request.url_split.quoted_uri, body=body, headers=request.headers
    )
    data = text.encode("latin-1")
    before, found, after = data.partition(_PROBE.encode())
    if not found:
        return None
    pool = client._connection_pool
    if not body:
        return RequestHead(pool, client, before, after, b"")
    length = _LENGTH.search(after)
    if length is None or int(length[1]) != len(body):
        return None
    return RequestHead(pool, client, before, after[: length.start(1)], after[length.end(1) :])


def make_request(
    agent: LocustUserAgent,
    url: str,
    method: str,
    headers: dict[str, str],
    payload: Any,
    cookie: str | None,
) -> FastRequest:
    """The request object that UserAgent.urlopen makes; `cookie` is the jar's Cookie header."""
    merged = agent.default_headers.copy()
    merged.update(headers)
    request: FastRequest = agent._make_request(url, method, headers=merged, payload=payload)
    if cookie is not None and "cookie" not in request.headers:
        request.add_unredirected_header("Cookie", cookie)
    return request


def body_of(payload: str | bytes | dict[str, Any] | None) -> bytes:
    """A payload of one of these kinds as it is sent."""
    if not payload:
        return b""
    if isinstance(payload, str):
        return payload.encode("utf-8")
    if isinstance(payload, dict):
        from urllib.parse import urlencode

        return urlencode(payload).encode()
    return payload


def _is_ordinary(client: HTTPClient, headers: Any, body: bytes) -> bool:
    merged = client.headers_type()
    merged.update(client.default_headers)
    merged.update(headers)
    return (
        client.version == HTTPClient.HTTP_11
        and not client.use_proxy
        and "upgrade" not in merged
        and not _uses_chunked_transfer(merged, body)
        and not _requests_100_continue(merged)
    )
