"""An exchange that is not for the fast path after all."""

from __future__ import annotations

from typing import Any

RETAINED_BYTES = 4 * 1024 * 1024
"""Bytes of a response kept for the stock client, should it turn out unusual; a longer one goes
there at once."""


class StockFallback(Exception):
    """Holds what has happened so far, for the stock client to continue from there."""

    def __init__(
        self,
        connection: Any,
        received: list[bytes] | None = None,
        *,
        connect_error: BaseException | None = None,
        send_error: BaseException | None = None,
        receive_error: BaseException | None = None,
    ) -> None:
        self.connection = connection
        """None: there was not even a connection."""
        self.received = received or []
        self.connect_error = connect_error
        self.send_error = send_error
        self.receive_error = receive_error
        """What came after `received`; None: ask the connection."""


class ReceivedBytesSocket:
    """A connection on which the request was already sent and the beginning of the answer read.

    The first `sendall` does nothing, or fails as it did; `recv` gives out what was received, in the
    pieces in which it came, then the error that followed, and from then on everything goes to the
    connection itself.
    """

    def __init__(self, fallback: StockFallback) -> None:
        self.connection = fallback.connection
        self._sent = False
        self._send_error = fallback.send_error
        self._received = fallback.received[::-1]
        """The next piece is the last one."""
        self._receive_error = fallback.receive_error

    def sendall(self, data: bytes, *flags: int) -> None:
        if self._sent:
            self.connection.sendall(data, *flags)
            return
        self._sent = True
        if self._send_error is not None:
            raise self._send_error

    def recv(self, size: int, *flags: int) -> bytes:
        if self._received:
            data = self._received.pop()
            if len(data) > size:
                self._received.append(data[size:])
            return data[:size]
        if self._receive_error is not None:
            error, self._receive_error = self._receive_error, None
            raise error
        received: bytes = self.connection.recv(size, *flags)
        return received

    def fileno(self) -> int:
        """-1, as that of a closed socket, while there is something left that nobody asked for: the
        stock client takes a connection for dead where bytes are waiting before the request."""
        return -1 if self._received else int(self.connection.fileno())

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)
