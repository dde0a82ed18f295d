"""An exchange of HttpUser's fast path, on a connection from one of urllib3's pools."""

from __future__ import annotations

import time
from typing import Any

from loadtui.engine.http.deadlines import Deadlines
from loadtui.engine.http.plain_socket import receive, send_request
from loadtui.engine.http.requests.pooled_connection import (
    PooledConnection,
    Unsuited,
    open_pooled_connection,
    take_connection,
)
from loadtui.engine.http.requests.received_response import (
    BODILESS_STATUSES,
    ReceivedResponse,
    is_ordinary_message,
)
from loadtui.engine.http.requests.urllib3_internals import put_connection
from loadtui.engine.http.stock_fallback import RETAINED_BYTES, StockFallback


def pooled_exchange(
    pool: Any,
    data: bytes,
    connect_timeout: float | None,
    read_timeout: float | None,
    deadlines: Deadlines,
) -> tuple[Any, ReceivedResponse]:
    """Send a request and return its connection, to be given to `release_connection`, and its
    response.

    Raises Unsuited before anything has happened, StockFallback when something other than an
    ordinary exchange happened (its connection is not back in the pool), and whatever ends the
    greenlet.
    """
    connection = take_connection(pool)
    try:
        pooled = open_pooled_connection(pool, connection, connect_timeout)
        pooled.sock.timeout = connect_timeout  # as urllib3 has it while sending
        _send(pooled, connection, data)
        pooled.sock.timeout = read_timeout
        return connection, _receive(pooled, connection, read_timeout, deadlines)
    except StockFallback:
        raise
    except Unsuited:
        put_connection(pool, connection)
        raise
    except BaseException:
        connection.close()
        put_connection(pool, None)
        raise


def _send(pooled: PooledConnection, connection: Any, data: bytes) -> None:
    try:
        if pooled.plain:
            send_request(pooled.sock, pooled.raw, data)
        else:
            pooled.sock.sendall(data)
    except OSError as error:
        raise StockFallback(connection, send_error=error) from None


def _receive(
    pooled: PooledConnection, connection: Any, timeout: float | None, deadlines: Deadlines
) -> ReceivedResponse:
    receiver = pooled.receiver
    receiver.expect()
    pieces: list[bytes] = []
    size = 0
    first_bytes_at = 0.0
    while True:
        try:
            if pooled.plain:
                data = bytes(receive(pooled.sock, pooled.raw, pooled.watcher, timeout, deadlines))
            else:
                data = pooled.sock.recv(65536)
        except OSError as error:
            raise StockFallback(connection, pieces, receive_error=error) from None
        if not size:
            first_bytes_at = time.perf_counter()
        pieces.append(data)
        if not data:
            raise StockFallback(connection, pieces)
        size += len(data)
        ordinary = receiver.feed(data)
        message = receiver.message
        if message is not None and ordinary:
            fields = {name.lower(): value for name, value in message.lines}
            if not is_ordinary_message(message, fields, pieces, size):
                raise StockFallback(connection, pieces)
            return ReceivedResponse(message, fields, pieces, first_bytes_at)
        # a 304 may tell the length of a body that does not follow: llhttp would wait for it
        if not ordinary or size > RETAINED_BYTES or receiver.status in BODILESS_STATUSES:
            raise StockFallback(connection, pieces)
