"""Heads of FastHttpUser's requests, as geventhttpclient would send them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from geventhttpclient.client import HTTPClient
from geventhttpclient.connectionpool import ConnectionPool
from locust.contrib.fasthttp import FastRequest, LocustUserAgent

from loadtui.engine.http.fasthttp.geventhttpclient_internals import (
    build_head,
    connection_pool,
    requests_100_continue,
    stock_request,
    uses_chunked_transfer,
)
from loadtui.engine.http.request_head import PROBE_TARGET, RequestHead, split_head

# What the stock client sends unchanged: no escapes, no fragment, nothing to quote, no empty query,
# and a single slash at its beginning.
PLAIN_TARGET = re.compile(
    r"/(?:[A-Za-z0-9\-._~$&'()*+,=:@?][A-Za-z0-9\-._~$&'()*+,=:@?/]*(?<!\?))?"
)


class FastRequestHead(RequestHead):
    """A head, and the pool whose connections its requests go to."""

    __slots__ = ("pool",)

    def __init__(self, pool: ConnectionPool, before: bytes, after: bytes, rest: bytes) -> None:
        super().__init__(before, after, rest)
        self.pool = pool


def build_fast_request_head(
    agent: LocustUserAgent,
    method: str,
    base_url: str,
    headers: dict[str, str],
    payload: str | bytes | dict[str, Any] | None,
    cookie: str | None,
) -> FastRequestHead | None:
    """The head of requests like this one; None when they are not for the fast path.

    `payload` is an example: its kind and the length's place matter.  Goes through the very steps
    of UserAgent.urlopen and HTTPClient.request, and raises what they raise.
    """
    for name, value in [*headers.items(), *agent.default_headers.items()]:
        # A length of the locustfile's own stays as it is, even a wrong one.  Other values than
        # strings may be equal and yet not look alike.
        if type(value) is not str or name.lower() == "content-length":
            return None
    request = make_request(agent, base_url + PROBE_TARGET, method, headers, payload, cookie)
    client = agent.clientpool.get_client(request.url_split)
    body = request.payload or b""
    body = body.encode("utf-8") if isinstance(body, str) else body
    if not _is_ordinary(client, request.headers, body):
        return None
    parts = split_head(build_head(client, request, body), len(body))
    return None if parts is None else FastRequestHead(connection_pool(client), *parts)


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
    request: FastRequest = stock_request(agent, url, method, merged, payload)
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
        and not uses_chunked_transfer(merged, body)
        and not requests_100_continue(merged)
    )
