"""Connections that urllib3 keeps in its pools, taken from there and given back."""

from __future__ import annotations

from typing import Any

import gevent.socket
import gevent.ssl
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from loadtui.engine.http.gevent_internals import raw_socket, read_watcher
from loadtui.engine.http.message import Receiver
from loadtui.engine.http.plain_socket import idle_poll
from loadtui.engine.http.requests.begun_exchange import BegunExchangeSocket
from loadtui.engine.http.requests.received_response import ReceivedResponse
from loadtui.engine.http.requests.urllib3_internals import (
    new_connection,
    open_connection,
    put_connection,
)
from loadtui.engine.http.stdlib_internals import is_ordinary_connection
from loadtui.engine.http.stock_fallback import StockFallback


class Unsuited(Exception):
    """This pool or connection is not for the fast path; nothing has been done with it."""


class PooledConnection:
    """One open connection of urllib3's, with what the fast path keeps beside it."""

    __slots__ = ("idle", "plain", "raw", "receiver", "sock", "watcher")

    def __init__(self, sock: Any) -> None:
        self.sock = sock
        self.plain = type(sock) is gevent.socket.socket
        """False: TLS."""
        self.raw = raw_socket(sock)
        self.watcher = read_watcher(sock)
        self.receiver = Receiver()
        self.idle = idle_poll(sock)


def take_connection(pool: Any) -> Any:
    """As HTTPConnectionPool._get_conn; whether the connection still stands is seen later.

    Raises Unsuited.
    """
    if type(pool) is not HTTPConnectionPool and type(pool) is not HTTPSConnectionPool:
        raise Unsuited
    free = pool.pool
    if free is None or "_get_conn" in pool.__dict__:
        raise Unsuited
    if pool.block:
        connection = free.get()
    else:
        # nobody waits for this queue, so its lock and condition are not needed
        stack = free.queue
        connection = stack.pop() if stack else None
    if connection is None:
        connection = new_connection(pool)
    return connection


def open_pooled_connection(
    pool: Any, connection: Any, connect_timeout: float | None
) -> PooledConnection:
    """What belongs to a connection from the pool, opened now if it is not or no longer open.

    Raises Unsuited, or StockFallback when it cannot be opened.
    """
    if not is_ordinary_connection(connection):
        raise Unsuited
    sock = connection.sock
    if sock is not None:
        pooled: PooledConnection | None = connection.__dict__.get("pooled")
        if pooled is None or pooled.sock is not sock:
            pooled = _new_pooled_connection(connection)
        if not pooled.idle.poll(0):
            return pooled
        connection.close()
    try:
        connection.timeout = connect_timeout
        open_connection(pool, connection)
    except Exception as error:
        raise StockFallback(connection, connect_error=error) from None
    return _new_pooled_connection(connection)


def release_connection(pool: Any, connection: Any, received: ReceivedResponse) -> None:
    """Put a connection back into its pool, closed if the response said so."""
    # http.client takes any value that has the word in it
    if b"close" in received.fields.get(b"connection", b"").lower():
        connection.close()
    put_connection(pool, connection)


def _new_pooled_connection(connection: Any) -> PooledConnection:
    sock = connection.sock
    if type(sock) is BegunExchangeSocket:  # urllib3 has put it back
        sock = connection.sock = sock.sock
    if type(sock) is not gevent.socket.socket and type(sock) is not gevent.ssl.SSLSocket:
        raise Unsuited
    pooled = PooledConnection(sock)
    connection.pooled = pooled
    return pooled
