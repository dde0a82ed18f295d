"""Names of urllib3 that the fast path uses beyond its documentation.

Seen in 2.0.2 (the lowest declared) and 2.8.0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import urllib3.connection
import urllib3.response
import urllib3.util.url

from loadtui.engine.http.private_names import Dependency, PrivateName

_POOL = "urllib3.connectionpool:HTTPConnectionPool"
_TLS_POOL = "urllib3.connectionpool:HTTPSConnectionPool"
_CONNECTION = "urllib3.connection:HTTPConnection"
_RESPONSE = "urllib3.response:HTTPResponse"


def _to_nowhere(owner: Any) -> Any:
    return owner("localhost")


URLLIB3 = Dependency(
    "urllib3",
    (
        PrivateName("urllib3.util.url", "_encode_target", "targets as they are sent", ("target",)),
        PrivateName("urllib3.response", "_get_decoder", "bodies that are compressed", ("mode",)),
        PrivateName(
            _RESPONSE, "CONTENT_DECODERS", "which codings it decodes", members=("__iter__",)
        ),
        PrivateName(
            _RESPONSE,
            "_original_response",
            "http.client's response, where requests looks for cookies",
            example=lambda response: response(b""),
        ),
        PrivateName("urllib3.connectionpool", "log", "who wants to see each request gets urllib3"),
        PrivateName(
            _POOL,
            "pool",
            "the connections at rest, taken without a lock where nobody can wait",
            members=("get", "queue", "maxsize"),
            example=_to_nowhere,
        ),
        PrivateName(_POOL, "block", "whether its users wait for connections", example=_to_nowhere),
        PrivateName(_POOL, "scheme", "whether connections are to be validated"),
        PrivateName(_POOL, "ConnectionCls", "the port that a Host header leaves out"),
        PrivateName(_POOL, "_new_conn", "a connection beyond those at rest", ()),
        PrivateName(_POOL, "_put_conn", "a connection that is given back", ("connection",)),
        PrivateName(
            _POOL, "_get_conn", "replaced for one call, to continue an exchange", ("timeout=",)
        ),
        PrivateName(_TLS_POOL, "_validate_conn", "connects and verifies", ("connection",)),
        PrivateName(
            _CONNECTION,
            "request",
            "heads are built by its code",
            ("method", "url", "body=", "headers=", "preload_content=", "decode_content="),
        ),
        PrivateName(_CONNECTION, "default_port", "the port that a Host header leaves out"),
        PrivateName(_CONNECTION, "send", "overridden, to note what would be sent", ("data",)),
        PrivateName(_CONNECTION, "connect", "replaced for one call, to fail again", ()),
        PrivateName(
            _CONNECTION, "sock", "the connection's socket, lent for one call", example=_to_nowhere
        ),
        PrivateName(
            _CONNECTION, "response_class", "replaced, so that what is no body ends somewhere"
        ),
        PrivateName(_CONNECTION, "timeout", "the timeout of connecting", example=_to_nowhere),
    ),
)

encode_target: Any = getattr(urllib3.util.url, "_encode_target", None)
decoder_of: Any = getattr(urllib3.response, "_get_decoder", None)


def read_with_class(message_class: Any) -> None:
    """Have connections read with this class of http.client's responses."""
    connection_class: Any = urllib3.connection.HTTPConnection
    connection_class.response_class = message_class


def new_connection(pool: Any) -> Any:
    """One that is not open yet."""
    return pool._new_conn()


def open_connection(pool: Any, connection: Any) -> None:
    """Connect, and over TLS verify.  Raises what urllib3 raises."""
    if pool.scheme == "https":
        pool._validate_conn(connection)
    else:
        connection.connect()


def put_connection(pool: Any, connection: Any) -> None:
    """Give a connection back; None for one that is gone."""
    free = pool.pool
    if free is not None and not pool.block and len(free.queue) < free.maxsize:
        free.queue.append(connection)
    else:
        pool._put_conn(connection)


def lend_connection(pool: Any, connection: Any) -> None:
    """Have the next connection taken from the pool be this one."""

    def get_conn(timeout: float | None = None) -> Any:
        del pool._get_conn
        return connection

    pool._get_conn = get_conn


def lent_connection(pool: Any) -> Any:
    """The lent connection that nobody has taken, no longer lent; None when there is none."""
    get_conn: Callable[[], Any] | None = pool.__dict__.get("_get_conn")
    return None if get_conn is None else get_conn()


def original_response(response: Any) -> Any:
    """http.client's response below one of urllib3's."""
    return response._original_response
