"""Connections of the fast path, kept in geventhttpclient's own pools beside stock ones."""

from __future__ import annotations

import select
from typing import Any

import gevent
import gevent.monkey
import gevent.queue
import gevent.socket
from gevent.timeout import Timeout
from geventhttpclient.connectionpool import ConnectionPool

from loadtui.engine.http.deadlines import SHARED_FROM_S, Deadlines
from loadtui.engine.http.message import Receiver, ResponseMessage
from loadtui.engine.http.stock_fallback import ReceivedBytesSocket, StockFallback

BUFFER = 256 * 1024
RETAIN = 4 * 1024 * 1024
"""Bytes of a response kept for the stock client, should it turn out odd; a longer one goes there
at once."""

# What ends an exchange in a way that the stock client knows how to report; it takes a time limit
# that the locustfile has set around a request for a failure, too.
_FAILURES = (OSError, Timeout)

_buffer = bytearray(BUFFER)
_view = memoryview(_buffer)
# gevent's patched select would run the event loop; whether a socket is readable now is one syscall.
_poll = gevent.monkey.get_original("select", "poll")


class Connection(gevent.socket.socket):
    """A plain TCP connection that carries its parser with it."""

    __slots__ = ("idle", "receiver")

    def __init__(self, family: int, kind: int, protocol: int) -> None:
        super().__init__(family, kind, protocol)
        self.receiver = Receiver()
        self.idle = _poll()
        self.idle.register(self.fileno(), select.POLLIN)


def make_connections(pool_class: type[ConnectionPool]) -> None:
    """Have pools of this class open connections that the fast path can use."""

    def create(self: ConnectionPool, family: int, kind: int, protocol: int) -> Connection:
        return Connection(family, kind, protocol)

    pool_class._create_tcp_socket = create


def exchange(pool: ConnectionPool, request: bytes, deadlines: Deadlines) -> ResponseMessage:
    """Send a request and return its response, if both are ordinary.

    The connection comes from the pool and goes back there.  Raises Odd when something else
    happened, and whatever ends the greenlet.
    """
    connection = _acquire(pool)
    try:
        if type(connection) is Connection:
            message = _plain(connection, request, deadlines, pool.network_timeout)
        else:
            message = _any(connection, request)
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


def _acquire(pool: ConnectionPool) -> Any:
    """As ConnectionPool.get_socket, but asks the kernel alone whether an idle one still stands."""
    try:
        pool._semaphore.acquire()
    except Timeout as error:
        raise _unconnected(error) from None
    if pool._closed:
        raise _unconnected(RuntimeError("connection pool closed"))
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
            if type(connection) is Connection:
                connection.receiver = Receiver()  # the former one stopped somewhere in between
        if type(connection) is Connection:
            if not connection.idle.poll(0):
                return connection
        elif pool._is_socket_alive(connection):
            return connection
        connection.close()
    try:
        return pool._create_socket()
    except (Exception, Timeout) as error:
        pool._semaphore.release()
        raise _unconnected(error) from None
    except BaseException:
        pool._semaphore.release()
        raise


def _plain(
    connection: Connection, request: bytes, deadlines: Deadlines, timeout: float | None
) -> ResponseMessage:
    raw = connection._sock
    try:
        try:
            sent = raw.send(request)
        except BlockingIOError:
            sent = 0
        if sent != len(request):
            connection.sendall(memoryview(request)[sent:])
    except _FAILURES as error:
        odd = StockFallback(connection)
        odd.send_error = error
        raise odd from None
    receiver = connection.receiver
    receiver.expect()
    watcher = connection._read_event
    wait = connection.hub.wait
    received: list[bytes] = []
    kept = 0
    while True:
        try:
            if timeout is not None and timeout >= SHARED_FROM_S:
                deadlines.begin(watcher, timeout)
                try:
                    wait(watcher)
                finally:
                    deadlines.end(watcher)
            else:
                connection._wait(watcher)
            size = raw.recv_into(_buffer)
        except BlockingIOError:
            continue
        except _FAILURES as error:
            raise _odd(connection, received, error) from None
        if not size:
            raise _odd(connection, received, None)
        ordinary = receiver.feed(_view[:size])
        message = receiver.message
        if message is not None and ordinary:
            return message
        received.append(bytes(_view[:size]))
        kept += size
        if not ordinary or kept > RETAIN:
            raise _odd(connection, received, None)


def _any(connection: Any, request: bytes) -> ResponseMessage:
    """TLS, and connections that somebody else opened: through gevent's own methods."""
    try:
        connection.sendall(request)
    except _FAILURES as error:
        odd = StockFallback(connection)
        odd.send_error = error
        raise odd from None
    receiver = Receiver()
    received: list[bytes] = []
    kept = 0
    while True:
        try:
            data = connection.recv(65536)
        except _FAILURES as error:
            raise _odd(connection, received, error) from None
        if not data:
            raise _odd(connection, received, None)
        ordinary = receiver.feed(memoryview(data))
        message = receiver.message
        if message is not None and ordinary:
            return message
        received.append(data)
        kept += len(data)
        if not ordinary or kept > RETAIN:
            raise _odd(connection, received, None)


def _unconnected(error: BaseException) -> StockFallback:
    odd = StockFallback(None)
    odd.connect_error = error
    return odd


def _odd(connection: Any, received: list[bytes], error: BaseException | None) -> StockFallback:
    odd = StockFallback(connection)
    odd.received = received
    odd.receive_error = error
    return odd
