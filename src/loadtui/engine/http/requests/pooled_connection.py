"""Exchanges on the connections that urllib3 keeps in its pools."""

from __future__ import annotations

import select
import time
from typing import Any

import gevent.monkey
import gevent.socket
import gevent.ssl
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from loadtui.engine.http.deadlines import SHARED_FROM_S, Deadlines
from loadtui.engine.http.message import Receiver, ResponseMessage
from loadtui.engine.http.requests.begun_exchange import BegunExchangeSocket
from loadtui.engine.http.stock_fallback import StockFallback

BUFFER = 256 * 1024
RETAIN = 4 * 1024 * 1024
"""Bytes of a response kept for urllib3, should it turn out odd; a longer one goes there at once."""
MAX_LINES = 90
MAX_LINE = 60_000
"""http.client takes 99 header lines of 65536 bytes; a message close to that is its own affair."""

_BODILESS = frozenset([204, 304])
_SINGLE = frozenset(
    [
        b"connection",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"location",
        b"transfer-encoding",
    ]
)
"""Headers that decide about something; a message that has one of them twice is odd."""

_buffer = bytearray(BUFFER)
_view = memoryview(_buffer)
# gevent's patched select would run the event loop; whether a socket is readable now is one syscall.
_poll = gevent.monkey.get_original("select", "poll")


class ReceivedResponse:
    """A response that has arrived whole, with the bytes it came in."""

    __slots__ = ("fields", "first", "message", "received")

    def __init__(
        self,
        message: ResponseMessage,
        fields: dict[bytes, bytes],
        received: list[bytes],
        first: float,
    ) -> None:
        self.message = message
        self.fields = fields
        """Header values by name in small letters, the last one of each name."""
        self.received = received
        self.first = first
        """When the first bytes came, on the clock of time.perf_counter."""

    def as_odd(self, connection: Any) -> StockFallback:
        """For urllib3 to read it all once more."""
        return _odd(connection, self.received, None)


class PooledConnection:
    """One open connection, with what the fast path keeps beside it."""

    __slots__ = ("hub", "idle", "plain", "raw", "receiver", "sock", "watcher")

    def __init__(self, sock: Any) -> None:
        self.sock = sock
        self.plain = type(sock) is gevent.socket.socket
        self.raw = sock._sock
        self.hub = sock.hub
        self.watcher = sock._read_event
        self.receiver = Receiver()
        self.idle = _poll()
        self.idle.register(sock.fileno(), select.POLLIN)


class Unsuited(Exception):
    """This pool or connection is not for the fast path; nothing has been done with it."""


def pooled_exchange(
    pool: Any,
    data: bytes,
    connect_timeout: float | None,
    read_timeout: float | None,
    deadlines: Deadlines,
) -> tuple[Any, ReceivedResponse]:
    """Send a request and return its connection, to be given to `release`, and its response.

    Raises Unsuited before anything has happened, Odd when something other than an ordinary
    exchange happened (its connection is not back in the pool), and whatever ends the greenlet.
    """
    connection = _take(pool)
    try:
        line = _line_of(pool, connection, connect_timeout)
        line.sock.timeout = connect_timeout  # as urllib3 has it while sending
        _send(line, connection, data)
        line.sock.timeout = read_timeout
        return connection, _receive(line, connection, read_timeout, deadlines)
    except StockFallback:
        raise
    except Unsuited:
        _put(pool, connection)
        raise
    except BaseException:
        connection.close()
        _put(pool, None)
        raise


def release_connection(pool: Any, connection: Any, arrival: ReceivedResponse) -> None:
    """Put a connection back into its pool, closed if the response said so."""
    # http.client takes any value that has the word in it
    if b"close" in arrival.fields.get(b"connection", b"").lower():
        connection.close()
    _put(pool, connection)


def hand_over(pool: Any, odd: StockFallback) -> None:
    """Have urllib3's next request in this pool go on with what has happened.

    It has to be made before any other greenlet runs, and `take_back` be called after it.
    """
    connection = odd.connection
    error = odd.connect_error
    if error is None:
        connection.sock = BegunExchangeSocket(connection.sock, odd)
    else:
        connection.close()

        def connect() -> None:
            del connection.connect
            raise error

        connection.connect = connect

    def get_conn(timeout: float | None = None) -> Any:
        del pool._get_conn
        return connection

    pool._get_conn = get_conn


def take_back(pool: Any) -> None:
    """Forget what was handed over, if urllib3 did not come to take it."""
    get_conn = pool.__dict__.get("_get_conn")
    if get_conn is not None:
        get_conn().close()
        _put(pool, None)


def _take(pool: Any) -> Any:
    """As HTTPConnectionPool._get_conn; whether the connection still stands is seen later."""
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
        connection = pool._new_conn()
    return connection


def _put(pool: Any, connection: Any) -> None:
    free = pool.pool
    if free is not None and not pool.block and len(free.queue) < free.maxsize:
        free.queue.append(connection)
    else:
        pool._put_conn(connection)


def _line_of(pool: Any, connection: Any, connect_timeout: float | None) -> PooledConnection:
    """The connection's line, opened now if it is not or no longer open."""
    if connection.debuglevel or connection._tunnel_host or "connect" in connection.__dict__:
        raise Unsuited
    before = connection._HTTPConnection__response
    if before is not None and not before.isclosed():
        raise Unsuited  # somebody has put it back too early
    sock = connection.sock
    if sock is not None:
        line: PooledConnection | None = connection.__dict__.get("line")
        if line is None or line.sock is not sock:
            line = _new_line(connection)
        if not line.idle.poll(0):
            return line
        connection.close()
    try:
        connection.timeout = connect_timeout
        if pool.scheme == "https":
            pool._validate_conn(connection)
        else:
            connection.connect()
    except Exception as error:
        odd = StockFallback(connection)
        odd.connect_error = error
        raise odd from None
    return _new_line(connection)


def _new_line(connection: Any) -> PooledConnection:
    sock = connection.sock
    if type(sock) is BegunExchangeSocket:  # urllib3 has put it back
        sock = connection.sock = sock.live
    if type(sock) is not gevent.socket.socket and type(sock) is not gevent.ssl.SSLSocket:
        raise Unsuited
    line = PooledConnection(sock)
    connection.line = line
    return line


def _send(line: PooledConnection, connection: Any, data: bytes) -> None:
    try:
        if line.plain:
            try:
                sent = line.raw.send(data)
            except BlockingIOError:
                sent = 0
            if sent != len(data):
                line.sock.sendall(memoryview(data)[sent:])
        else:
            line.sock.sendall(data)
    except OSError as error:
        odd = StockFallback(connection)
        odd.send_error = error
        raise odd from None


def _receive(
    line: PooledConnection, connection: Any, timeout: float | None, deadlines: Deadlines
) -> ReceivedResponse:
    receiver = line.receiver
    receiver.expect()
    received: list[bytes] = []
    kept = 0
    first = 0.0
    while True:
        try:
            data = _read(line, timeout, deadlines)
        except BlockingIOError:
            continue
        except OSError as error:
            raise _odd(connection, received, error) from None
        if not kept:
            first = time.perf_counter()
        received.append(data)
        if not data:
            raise _odd(connection, received, None)
        kept += len(data)
        ordinary = receiver.feed(memoryview(data))
        message = receiver.message
        if message is not None and ordinary:
            fields = {name.lower(): value for name, value in message.lines}
            if not _is_ordinary(message, fields, received, kept):
                raise _odd(connection, received, None)
            return ReceivedResponse(message, fields, received, first)
        # a 304 may tell the length of a body that does not follow: llhttp would wait for it
        if not ordinary or kept > RETAIN or receiver._message.status in _BODILESS:
            raise _odd(connection, received, None)


def _read(line: PooledConnection, timeout: float | None, deadlines: Deadlines) -> bytes:
    if not line.plain:
        received: bytes = line.sock.recv(65536)
        return received
    watcher = line.watcher
    if timeout is None:
        line.hub.wait(watcher)
    elif timeout >= SHARED_FROM_S:
        deadlines.begin(watcher, timeout)
        try:
            line.hub.wait(watcher)
        finally:
            deadlines.end(watcher)
    else:
        line.sock._wait(watcher)
    return bytes(_view[: line.raw.recv_into(_buffer)])


def _is_ordinary(
    message: ResponseMessage, fields: dict[bytes, bytes], received: list[bytes], kept: int
) -> bool:
    """Whether http.client would see the same message as llhttp did."""
    lines = message.lines
    if not received[0].startswith(b"HTTP/1.1 ") or len(lines) > MAX_LINES:
        return False
    if len(fields) != len(lines) and _has_doubles(lines):
        return False
    coding = fields.get(b"transfer-encoding")
    if coding is not None and coding.lower() != b"chunked":
        return False
    if message.status in _BODILESS and (message.body or coding is not None):
        return False
    return kept <= MAX_LINE or all(len(n) + len(v) <= MAX_LINE for n, v in lines)


def _has_doubles(lines: list[tuple[bytes, bytes]]) -> bool:
    names = [name for name, _ in lines if name.lower() in _SINGLE]
    return len({name.lower() for name in names}) != len(names)


def _odd(connection: Any, received: list[bytes], error: BaseException | None) -> StockFallback:
    odd = StockFallback(connection)
    odd.received = received
    odd.receive_error = error
    return odd
