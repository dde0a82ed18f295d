"""Names of geventhttpclient that the fast path uses beyond its documentation.

Seen in 2.6.0 (the lowest declared) and 2.6.1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geventhttpclient.client
from geventhttpclient.client import HTTPClient
from geventhttpclient.connectionpool import ConnectionPool

from loadtui.engine.http.private_names import Dependency, PrivateName

_POOL = "geventhttpclient.connectionpool:ConnectionPool"
_CLIENT = "geventhttpclient.client:HTTPClient"
_CLIENT_MODULE = "geventhttpclient.client"
_AGENT = "geventhttpclient.useragent:UserAgent"
_RESPONSE = "geventhttpclient.useragent:CompatResponse"


def _unused(pool_class: Any) -> Any:
    return pool_class("localhost", 1, "localhost", 1)


def _to_nowhere(client_class: Any) -> Any:
    return client_class("localhost")


def _made(owner: Any) -> Any:
    return owner()


GEVENTHTTPCLIENT = Dependency(
    "geventhttpclient",
    (
        PrivateName(
            _POOL,
            "_create_tcp_socket",
            "replaced, so that pools open connections that carry their parser",
            ("family", "kind", "protocol"),
        ),
        PrivateName(_POOL, "_create_socket", "a connection beyond those at rest", ()),
        PrivateName(_POOL, "_is_socket_alive", "whether a TLS connection still stands", ("sock",)),
        PrivateName(_POOL, "get_socket", "replaced for one call, to continue an exchange", ()),
        PrivateName(_POOL, "return_socket", "a connection that may be used again", ("sock",)),
        PrivateName(_POOL, "release_socket", "a connection that is at its end", ("sock",)),
        PrivateName(
            _POOL,
            "_semaphore",
            "the limit of connections, taken without get_socket's slow look at idle ones",
            members=("acquire", "release"),
            example=_unused,
        ),
        PrivateName(
            _POOL,
            "_socket_queue",
            "the connections at rest",
            members=("get",),
            example=_unused,
        ),
        PrivateName(_POOL, "_closed", "heads of a closed pool are built anew", example=_unused),
        PrivateName(_POOL, "network_timeout", "how long an answer is waited for", example=_unused),
        PrivateName(
            _CLIENT,
            "_build_request",
            "heads are built by the stock code",
            ("method", "request_uri", "body=", "headers="),
        ),
        PrivateName(
            _CLIENT,
            "_connection_pool",
            "exchanges use the stock client's connections",
            members=("get_socket",),
            example=_to_nowhere,
        ),
        PrivateName(
            _CLIENT, "headers_type", "headers are merged as it does", (), example=_to_nowhere
        ),
        PrivateName(
            _CLIENT, "default_headers", "headers are merged as it does", example=_to_nowhere
        ),
        PrivateName(
            _CLIENT, "version", "other than HTTP/1.1 goes to the stock client", example=_to_nowhere
        ),
        PrivateName(_CLIENT, "use_proxy", "proxies are the stock client's", example=_to_nowhere),
        PrivateName(
            _CLIENT_MODULE,
            "_uses_chunked_transfer",
            "chunked bodies are the stock client's",
            ("headers", "body"),
        ),
        PrivateName(
            _CLIENT_MODULE,
            "_requests_100_continue",
            "requests that wait for a 100 are the stock client's",
            ("headers",),
        ),
        PrivateName(
            _CLIENT_MODULE,
            "HTTPSocketPoolResponse",
            "replaced, so that responses end somewhere",
            ("sock", "pool", "block_size=", "method=", "headers_type=", "pre_buffered="),
        ),
        PrivateName(
            _CLIENT_MODULE,
            "_ExpectContinueProbe",
            "replaced, so that what comes instead of a 100 ends somewhere",
            ("method=", "headers_type="),
        ),
        PrivateName("geventhttpclient.client:HTTPClientPool", "get_client", "its client", ("url",)),
        PrivateName("geventhttpclient.url:URL", "quoted_uri", "the target as it is sent"),
        PrivateName(
            "geventhttpclient.useragent",
            "REDIRECT_RESPONSE_CODES",
            "answers whose body the stock client does not read",
            members=("__contains__",),
        ),
        PrivateName(
            _AGENT,
            "_make_request",
            "requests are prepared by the stock code",
            ("url", "method", "headers=", "payload="),
        ),
        PrivateName(
            _AGENT, "_urlopen", "overridden, to find the first exchange already made", ("request",)
        ),
        PrivateName(
            _AGENT,
            "default_headers",
            "headers that every request gets",
            members=("copy", "items"),
            example=_made,
        ),
        PrivateName(
            _AGENT,
            "clientpool",
            "the clients by host",
            members=("get_client",),
            example=_made,
        ),
        PrivateName(_AGENT, "cookiejar", "cookies that are sent", example=_made),
        PrivateName(_AGENT, "redirect_response_codes", "emptied where redirects are not followed"),
        PrivateName(
            _AGENT,
            "valid_response_codes",
            "changed ones go to the stock client",
            members=("__contains__",),
        ),
        PrivateName(_RESPONSE, "_response", "overridden: our message in its place"),
        PrivateName(_RESPONSE, "_request", "overridden: built when somebody looks"),
        PrivateName(_RESPONSE, "_sent_request", "overridden: built when somebody looks"),
        PrivateName(_RESPONSE, "_history", "overridden: built when somebody looks"),
        PrivateName(_RESPONSE, "_elapsed", "the time of an exchange, in seconds"),
        PrivateName(_RESPONSE, "_cached_content", "the body, read"),
        *(
            PrivateName(
                "geventhttpclient.response:HTTPResponse",
                name,
                "overridden, to count what comes",
                (argument,),
            )
            for name, argument in (("feed", "data"), ("_on_body", "buf"))
        ),
        PrivateName(
            "geventhttpclient.response:HTTPResponse",
            "_on_message_complete",
            "overridden, to give no connection back while it is read from",
            (),
        ),
        PrivateName(
            "geventhttpclient.response:HTTPResponse",
            "_body_buffer",
            "how much of a body waits to be read",
            members=("__len__",),
            example=_made,
        ),
        PrivateName(
            "geventhttpclient.response:HTTPResponse",
            "_headers_index",
            "our message offers it, as the inner response of CompatResponse",
            members=("get",),
            example=_made,
        ),
    ),
)

uses_chunked_transfer: Any = getattr(geventhttpclient.client, "_uses_chunked_transfer", None)
requests_100_continue: Any = getattr(geventhttpclient.client, "_requests_100_continue", None)

ContinueProbe: Any = getattr(geventhttpclient.client, "_ExpectContinueProbe", object)


def open_with(
    pool_class: type[ConnectionPool], create: Callable[[Any, int, int, int], Any]
) -> None:
    """Have pools of this class make their sockets with `create(pool, family, kind, protocol)`."""
    pool_class._create_tcp_socket = create


def read_with(response_class: Any, probe_class: Any) -> None:
    """Have clients make their responses of one class, and wait for a 100 with the other."""
    module: Any = geventhttpclient.client
    module.HTTPSocketPoolResponse = response_class
    module._ExpectContinueProbe = probe_class


def lend_once(pool: Any, take: Callable[[], Any]) -> None:
    """Have the next connection taken from the pool be what `take` returns or raises.

    It has to be taken before any other greenlet runs.
    """

    def get_socket() -> Any:
        del pool.get_socket
        return take()

    pool.get_socket = get_socket


def connection_pool(client: HTTPClient) -> ConnectionPool:
    return client._connection_pool


def build_head(client: HTTPClient, request: Any, body: bytes) -> bytes:
    """The head that the client would send for a request object of geventhttpclient's."""
    text = client._build_request(
        request.method, request.url_split.quoted_uri, body=body, headers=request.headers
    )
    head: bytes = text.encode("latin-1")
    return head


def stock_request(
    agent: Any, url: str, method: str = "GET", headers: Any = None, payload: Any = None
) -> Any:
    """The request object that UserAgent.urlopen makes."""
    return agent._make_request(url, method, headers=headers, payload=payload)
