"""An exchange of FastHttpUser's fast path: a request out, its response in."""

from __future__ import annotations

from typing import Any

import gevent.queue
from gevent.timeout import Timeout
from geventhttpclient.connectionpool import ConnectionPool

from loadtui.engine.http.deadlines import Deadlines
from loadtui.engine.http.fasthttp.tcp_connection import TcpConnection
from loadtui.engine.http.message import Receiver, ResponseMessage
from loadtui.engine.http.plain_socket import receive, send_request
from loadtui.engine.http.response_limits import MAX_HEAD_BYTES, head_too_long
from loadtui.engine.http.stock_fallback import RETAINED_BYTES, ReceivedBytesSocket, StockFallback

RECEIVE_BYTES = 65536
"""At most this much is asked of a TLS connection at a time."""

# What ends an exchange in a way that the stock client knows how to report; it takes a time limit
# that the locustfile has set around a request for a failure, too.
_FAILURES = (OSError, Timeout)


def fast_exchange(pool: ConnectionPool, request: bytes, deadlines: Deadlines) -> ResponseMessage:
    """Send a request and return its response, if both are ordinary.

    The connection comes from the pool and goes back there.  Raises StockFallback when something
    else happened, and whatever ends the greenlet.
    """
    connection = _take_connection(pool)
    try:
        message = _exchange(connection, request, deadlines, pool.network_timeout)
    except StockFallback:
        raise
    except BaseException:
        pool.release_socket(connection)
        raise
    if message.keep_alive:
        pool.return_socket(connection)
    else:
        pool.release_socket(connection)
    return message


def _take_connection(pool: ConnectionPool) -> Any:
    """As ConnectionPool.get_socket, but asks the kernel alone whether an idle one still stands."""
    try:
        pool._semaphore.acquire()
    except Timeout as error:
        raise StockFallback(None, connect_error=error) from None
    if pool._closed:
        raise StockFallback(None, connect_error=RuntimeError("connection pool closed"))
    idle = pool._socket_queue
    while True:
        try:
            connection = idle.get(block=False)
        except gevent.queue.Empty:
            break
        if type(connection) is ReceivedBytesSocket:  # the stock client gave it back
            if connection.fileno() < 0:
                connection.close()
                continue
            connection = connection.connection
            if type(connection) is TcpConnection:
                connection.receiver = Receiver()  # the former one stopped somewhere in between
        if type(connection) is TcpConnection:
            if not connection.idle.poll(0):
                return connection
        elif pool._is_socket_alive(connection):
            return connection
        connection.close()
    try:
        return pool._create_socket()
    except (Exception, Timeout) as error:
        pool._semaphore.release()
        raise StockFallback(None, connect_error=error) from None
    except BaseException:
        pool._semaphore.release()
        raise


def _exchange(
    connection: Any, request: bytes, deadlines: Deadlines, timeout: float | None
) -> ResponseMessage:
    plain = type(connection) is TcpConnection
    try:
        if plain:
            send_request(connection, connection.raw, request)
        else:  # TLS, and connections that somebody else opened: through gevent's own methods
            connection.sendall(request)
    except _FAILURES as error:
        raise StockFallback(connection, send_error=error) from None
    receiver: Receiver = connection.receiver if plain else Receiver()
    receiver.expect()
    received: list[bytes] = []
    size = 0
    data: bytes | memoryview
    while True:
        try:
            if plain:
                data = receive(connection, connection.raw, connection.watcher, timeout, deadlines)
            else:
                data = connection.recv(RECEIVE_BYTES)
        except _FAILURES as error:
            raise StockFallback(connection, received, receive_error=error) from None
        if not data:
            raise StockFallback(connection, received)
        ordinary = receiver.feed(data)
        message = receiver.message
        if message is not None and ordinary:
            return message
        received.append(bytes(data))
        size += len(data)
        if ordinary and size > MAX_HEAD_BYTES and not receiver.status:
            raise StockFallback(connection, received, receive_error=head_too_long())
        if not ordinary or size > RETAINED_BYTES:
            raise StockFallback(connection, received)
